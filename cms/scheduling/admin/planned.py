"""What is planned of any kind of scheduled change, as one person may see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType

from cms.admin.subjects import Subject, rows_shown_to
from cms.scheduling.kinds import ScheduledKind

__all__ = ["planned"]


def planned(
    kind: ScheduledKind,
    user: AbstractBaseUser,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    limit: int | None = None,
) -> Iterator[tuple[ContentType, Subject, datetime]]:
    """What is to happen to which object and when, soonest first; one statement a table."""
    for rows in kind.scheduled():
        shown = rows_shown_to(user, rows)
        if start is not None:
            shown = shown.filter(due_at__gte=start)
        if end is not None:
            shown = shown.filter(due_at__lt=end)
        for row in shown.order_by("due_at")[:limit]:
            content_type = ContentType.objects.get_for_id(row.type_id)
            yield content_type, Subject.of(content_type, row.key, str(row)), row.due_at
