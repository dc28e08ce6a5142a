"""Publishes and unpublishes one object as of the moment it was approved for, which may be past.

Readers have seen it since then, and under that date. Wagtail would take the real time, would
schedule anew what the editor had entered another time in, and would forget every other schedule of
the object, also what is to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from wagtail.actions.unpublish import UnpublishAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.publishing.changes import base_model

__all__ = ["publish", "rows_and_aliases", "unpublish", "wait_for_turn"]

# The number of the lock that those who publish take turns with; any would do.
TURN = 4_207_199_341


def wait_for_turn() -> None:
    """One change at a time, until its transaction ends.

    A page whose slug changes writes to all pages beneath it, in no order: two changes made at once
    could wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def publish(
    revision: Revision,
    subject: Any,
    *,
    at: datetime,
    user: AbstractBaseUser | None = None,
    log_action: str = "wagtail.publish.scheduled",
) -> None:
    """Publish a revision as it was approved, at the moment it was approved for.

    Who did it was allowed to when it was approved, and is not asked again; so when unpublishing.
    """
    entered = revision.content.get("go_live_at")
    revision.content = {**revision.content, "go_live_at": None}
    subject.first_published_at = subject.first_published_at or at
    revision.content_object = subject
    later = later_than(at, revision, subject)
    with keep_approvals(later), disable_reference_index_auto_update():
        revision.publish(user=user, log_action=log_action, skip_permission_checks=True)
    overtaken = Revision.objects.for_instance(subject).exclude(pk__in=later.values("pk"))
    overtaken.update(approved_go_live_at=None)
    for rows in rows_and_aliases(subject):
        rows.update(last_published_at=at, go_live_at=parse_datetime(entered) if entered else None)
        index_references(rows)


def index_references(rows: QuerySet) -> None:
    """Once for each, while Wagtail does it again for each row that is part of it."""
    for each in rows.all():
        whole = each.specific if isinstance(each, Page) else each
        ReferenceIndex.create_or_update_for_object(whole)


def unpublish(
    subject: Any,
    *,
    expired: bool,
    user: AbstractBaseUser | None = None,
    log_action: str = "wagtail.unpublish.scheduled",
) -> None:
    action = UnpublishPageAction if isinstance(subject, Page) else UnpublishAction
    with keep_approvals(subject.revisions):
        action(subject, set_expired=expired, user=user, log_action=log_action).execute(
            skip_permission_checks=True
        )


def later_than(moment: datetime, revision: Revision, subject: Any) -> QuerySet:
    written = revision.created_at
    later = Q(approved_go_live_at__gt=moment)
    newer = Q(approved_go_live_at=moment, created_at__gt=written)
    newest = Q(approved_go_live_at=moment, created_at=written, pk__gt=revision.pk)
    return subject.revisions.filter(later | newer | newest)


def rows_and_aliases(subject: Any) -> Iterator[QuerySet]:
    """The row of an object; of a page also those that mirror it."""
    model = base_model(type(subject))
    rows = model._base_manager.filter(pk=subject.pk)
    yield rows
    while model is Page:
        rows = Page._base_manager.filter(alias_of__in=list(rows.values_list("pk", flat=True)))
        if not rows:
            return
        yield rows


@contextmanager
def keep_approvals(revisions: QuerySet) -> Iterator[None]:
    approved = revisions.filter(approved_go_live_at__isnull=False)
    kept: list[tuple[int, datetime]] = list(approved.values_list("pk", "approved_go_live_at"))
    yield
    for key, moment in kept:
        Revision.objects.filter(pk=key).update(approved_go_live_at=moment)
