"""Makes permanent what readers see already: publishes what has gone live, unpublishes what expired.

Each change is made in a transaction of its own, under a lock on the row of its object, and only if
it is still to be made. So any number of schedulers may work side by side, and one that is killed
leaves its change to the next.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from wagtail.log_actions import registry as log_registry
from wagtail.models import Revision

from cms.publishing import clock
from cms.publishing.changes import base_model, locked_object
from cms.publishing.due import DueChange, approved_in_order, due_changes
from cms.publishing.failures import (
    failures_of,
    forget_unscheduled,
    record_failure,
    tell_editor,
    waits_for_retry,
)
from cms.publishing.models import Action, CompletedChange, FailedChange
from cms.publishing.permanent import publish, unpublish, wait_for_turn
from cms.publishing.release_goes_live import WENT_LIVE, go_live

__all__ = ["make_due_changes"]

logger = logging.getLogger(__name__)

# More than there are schedulers, so that one always finds what no other is working on.
AT_A_TIME = 50


def make_due_changes(*, go_on: Callable[[], bool] = lambda: True) -> None:
    """Make every change that is due, until none is left or ``go_on`` says to stop."""
    forget_unscheduled()
    progress = True
    while progress:
        progress = False
        for change in due_changes(clock.now(), limit=AT_A_TIME):
            if not go_on():
                return
            progress = attempt(change) or progress


def attempt(change: DueChange) -> bool:
    """Make a change, or record why it cannot be made. False if there was nothing to do."""
    try:
        completed = make(change)
    except Exception as error:
        if not connection.is_usable():
            raise  # The change is not to blame.
        failure = record(change, error)
        if failure is not None:
            tell_editor(failure)
        return failure is not None
    if completed is not None:
        logger.info("Made permanent: %s", completed)
    return completed is not None


@transaction.atomic
def record(change: DueChange, error: Exception) -> FailedChange | None:
    """Nothing, if the change was made after all: what follows a commit can go wrong too."""
    subject = lock(change)
    if subject is None or not still_to_be_made(change, subject):
        logger.error("After a scheduled change: %s", change, exc_info=error)
        return None
    return record_failure(change, subject, error)


@transaction.atomic
def make(change: DueChange) -> CompletedChange | None:
    wait_for_turn()
    subject = lock(change)
    if subject is None or not still_to_be_made(change, subject):
        return None
    now = clock.now()
    if change.action == Action.PUBLISH:
        publish(Revision.objects.get(pk=change.revision_id), subject, at=change.due_at)
    elif change.action == Action.UNPUBLISH:
        unpublish(subject, expired=True)
    else:
        go_live(subject)
    failures_of(change).delete()
    completed = CompletedChange.objects.create(
        action=change.action,
        content_type_id=change.content_type_id,
        object_id=change.object_id,
        title=str(subject),
        due_at=change.due_at,
        completed_at=now,
    )
    if completed.is_late:
        mark_log_entry(subject, completed)
    return completed


def lock(change: DueChange) -> Any | None:
    """The object, when nobody else is changing it."""
    subject = locked_object(change.model, change.object_id, skip_locked=True)
    rows = base_model(change.model)._base_manager.filter(pk=change.object_id)
    if subject is None and not rows.exists():
        forget_schedule_of_deleted(change)
    return subject


def forget_schedule_of_deleted(change: DueChange) -> None:
    """Wagtail deletes the revisions of what it deletes; other ways to delete leave them behind."""
    Revision.objects.filter(pk=change.revision_id).update(approved_go_live_at=None)


def still_to_be_made(change: DueChange, subject: Any) -> bool:
    if waits_for_retry(change):
        return False
    if change.action == Action.UNPUBLISH:
        return subject.live and subject.expire_at == change.due_at
    if change.action == Action.RELEASE:
        return subject.is_approved and subject.go_live_at == change.due_at
    return (
        approved_in_order()
        .filter(pk=change.revision_id, approved_go_live_at=change.due_at)
        .exists()
    )


def mark_log_entry(subject: Any, completed: CompletedChange) -> None:
    """Say in the object's history how late it was."""
    if completed.action == Action.RELEASE:
        action = WENT_LIVE
    else:
        action = f"wagtail.{completed.action}.scheduled"
    entry = (
        log_registry.get_logs_for_instance(subject).filter(action=action).latest("timestamp", "pk")
    )
    late_by = round(completed.late_by.total_seconds())
    entry.data = {**entry.data, "due_at": completed.due_at, "late_by_seconds": late_by}
    entry.save(update_fields=["data"])
