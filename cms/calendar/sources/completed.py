"""What was done by schedule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from wagtail.models import DraftStateMixin

from cms.admin.subjects import Subject, shown_to
from cms.calendar.approvals import ApprovalsOfChanges, Step, facts
from cms.calendar.entries import Entry
from cms.scheduling.kinds import kind_named
from cms.scheduling.models import CompletedChange

__all__ = ["completed"]


def completed(user: AbstractBaseUser, start: datetime, end: datetime) -> Iterator[Entry]:
    changes = CompletedChange.objects.filter(
        shown_to(user),
        due_at__gte=start,
        due_at__lt=end,
        completed_at__gte=start,  # follows from the above, and has an index
    )
    approvals = ApprovalsOfChanges(changes)
    for change in changes.select_related("content_type"):
        kind = kind_named(change.action)
        steps = approvals.steps_before(change)
        yield Entry(
            key=f"{kind.slug}-{key_of(change, steps)}",
            kind=kind.slug,
            icon=kind.icon,
            subject=Subject.of(change.content_type, change.object_id, change.title),
            at=change.due_at,
            words=kind.words.went,
            late_by=change.late_by if change.is_late else None,
            **facts(steps, written_at=change.completed_at),
        )


def key_of(change: CompletedChange, steps: list[Step]) -> str:
    """As what was planned had it: a version by its own key, other things by theirs."""
    model = change.content_type.model_class()
    if model is not None and not issubclass(model, DraftStateMixin):
        return change.object_id
    revision_id = steps[-1].revision_id if steps else None
    return str(revision_id or f"completed-{change.pk}")
