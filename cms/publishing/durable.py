"""Makes permanent what readers see already: publishes what has gone live, unpublishes what expired.

Each change is made in a transaction of its own, under a lock on the row of its object, and only if
it is still to be made. So any number of schedulers may work side by side, and one that is killed
leaves its change to the next.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom
from typing import Any

from django.db import connection, transaction
from django.db.models import DateTimeField, IntegerField
from wagtail.log_actions import registry as log_registry
from wagtail.models import Revision

from cms.publishing import clock
from cms.publishing.changes import as_own_type, locked_row
from cms.publishing.due import DueChange, due_changes
from cms.publishing.failures import (
    failures_of,
    forget_unscheduled,
    record_failure,
    tell_editor,
    waits_for_retry,
)
from cms.publishing.indexes import index_what_went_live
from cms.publishing.models import Action, CompletedChange, FailedChange
from cms.publishing.permanent import Publication, unpublish
from cms.publishing.release_goes_live import WENT_LIVE, go_live
from cms.publishing.statements import Given, Question
from cms.publishing.turns import turn
from pages.models.base import NotPublishable

__all__ = ["make_due_changes"]

logger = logging.getLogger(__name__)

# More than there are schedulers, so that one always finds what no other is working on.
AT_A_TIME = 200

chance = SystemRandom()


class BeingMade(Exception):
    """By another scheduler, or an editor is changing the object."""


def make_due_changes(*, go_on: Callable[[], bool] = lambda: True) -> None:
    """Make every change that is due, until none is left or ``go_on`` says to stop."""
    forget_unscheduled()
    more = True
    while more:
        while make_some(go_on):
            pass
        more = go_on() and index_what_went_live(go_on=go_on)


def make_some(go_on: Callable[[], bool]) -> bool:
    """Make some of what is due. False if there was nothing to do, but for what others are at."""
    progress = False
    changes = due_changes(clock.now(), limit=AT_A_TIME)
    put_off: set[DueChange] = set()
    for change in shuffled(changes):
        if not go_on():
            return False
        progress |= attempt(change, put_off)
    for change in changes:
        if change in put_off and go_on():
            progress |= attempt(change)
    return progress


def shuffled(changes: list[DueChange]) -> list[DueChange]:
    """In any order what is due at one moment, for schedulers not to get in each other's way."""
    return sorted(changes, key=lambda change: (change.due_at, chance.random()))


def attempt(change: DueChange, put_off: set[DueChange] | None = None) -> bool:
    """Make a change, or record why it cannot be made. False if it remains to be made.

    What cannot be published is put off at first: what is due as well may see to that. One page may
    take the address that another leaves.
    """
    try:
        completed = make(change)
    except BeingMade:
        return False
    except Exception as error:
        if not connection.is_usable():
            raise  # The change is not to blame.
        if put_off is not None and isinstance(error, NotPublishable):
            put_off.add(change)
            return False
        failure = record(change, error)
        if failure is not None:
            tell_editor(failure)
        return failure is not None
    if completed is not None:
        logger.info("Made permanent: %s", completed)
    return True


@transaction.atomic
def record(change: DueChange, error: Exception) -> FailedChange | None:
    """Nothing, if the change was made after all: what follows a commit can go wrong too."""
    if waits_for_retry(change):
        return None  # Another scheduler has met the same.
    row = locked_row(change.model, change.object_id, skip_locked=True)
    if row is None or not still_to_be_made(change, row):
        logger.error("After a scheduled change: %s", change, exc_info=error)
        return None
    return record_failure(change, as_own_type(row), error)


def make(change: DueChange) -> CompletedChange | None:
    """None if there is nothing to do any more. Raises ``BeingMade`` if another is at it."""
    publication = None
    if change.action == Action.PUBLISH:
        publication = prepared(change)
        if publication is None:
            return None
    with turn(reaches_others=publication is None or publication.reaches_others):
        row = locked_row(change.model, change.object_id, skip_locked=True)
        if row is None:
            raise BeingMade
        if not still_to_be_made(change, row):
            return None
        now = clock.now()
        if publication is not None:
            if not publication.is_of(row):
                revision = Revision.objects.get(pk=change.revision_id)
                publication = Publication(revision, as_own_type(row), at=change.due_at)
            publication.execute()
        elif change.action == Action.UNPUBLISH:
            unpublish(as_own_type(row), expired=True)
        else:
            go_live(row)
        return complete(change, row, now)


def prepared(change: DueChange) -> Publication | None:
    """What is to be published, read and checked while others may still write.

    What reaches other objects is checked in its turn.
    """
    if not is_approved(change):
        return None
    revision = Revision.objects.get(pk=change.revision_id)
    subject = change.model._base_manager.filter(pk=change.object_id).first()
    if subject is None:
        forget_schedule_of_deleted(change)
        return None
    publication = Publication(revision, subject, at=change.due_at)
    if not publication.reaches_others:
        publication.check()
    return publication


@dataclass(frozen=True)
class Approved(Question):
    def queryset(self):
        approved_for = {"approved_go_live_at": Given("at", DateTimeField())}
        return Revision.objects.filter(pk=Given("key", IntegerField()), **approved_for).values_list(
            "pk"
        )


def is_approved(change: DueChange) -> bool:
    return bool(Approved().ask(key=change.revision_id, at=change.due_at))


def complete(change: DueChange, row: Any, now: datetime) -> CompletedChange:
    if change.has_failed:
        failures_of(change).delete()
    completed = CompletedChange.objects.create(
        action=change.action,
        content_type_id=change.content_type_id,
        object_id=change.object_id,
        title=str(row),
        due_at=change.due_at,
        completed_at=now,
        is_indexed=change.action != Action.PUBLISH,
    )
    if completed.is_late:
        mark_log_entry(row, completed)
    return completed


def forget_schedule_of_deleted(change: DueChange) -> None:
    """Wagtail deletes the revisions of what it deletes; other ways to delete leave them behind."""
    Revision.objects.filter(pk=change.revision_id).update(approved_go_live_at=None)


def still_to_be_made(change: DueChange, row: Any) -> bool:
    if change.action == Action.PUBLISH:
        return is_approved(change)
    if waits_for_retry(change):
        return False
    if change.action == Action.UNPUBLISH:
        return row.live and row.expire_at == change.due_at
    return row.is_approved and row.go_live_at == change.due_at


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
