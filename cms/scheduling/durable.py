"""Makes permanent what readers see already.

Each change is made in a transaction of its own, under a lock on the row of its object, and only if
it is still to be made. So any number of schedulers may work side by side, and one that is killed
leaves its change to the next.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from random import SystemRandom
from typing import Any

from django.db import transaction
from wagtail.log_actions import registry as log_registry

from cms.database.advisory_lock import serialised_transaction
from cms.database.outage import connection_in_use, is_lost
from cms.perspective.objects import as_own_type
from cms.scheduling.due import due_changes
from cms.scheduling.failures import forget_unscheduled, record_failure
from cms.scheduling.indexes import index_what_went_live
from cms.scheduling.kinds import DueChange, kind_named
from cms.scheduling.locks import RowIsLocked, locked_row
from cms.scheduling.models import CompletedChange, FailedChange
from pages import clock
from pages.lifecycle.checks import NotPublishable

__all__ = ["make_due_changes"]

logger = logging.getLogger(__name__)

# More than there are schedulers, so that one always finds what no other is working on.
BATCH_SIZE = 200

random = SystemRandom()


def make_due_changes(*, should_continue: Callable[[], bool] = lambda: True) -> None:
    """Make every change that is due, until none is left or ``should_continue`` says to stop."""
    forget_unscheduled()
    more = True
    while more:
        while make_some(should_continue):
            pass
        more = index_what_went_live(should_continue=should_continue)


def make_some(should_continue: Callable[[], bool]) -> bool:
    """Make some of what is due. False if there was nothing to do, but for what others are at."""
    progress = False
    changes = due_changes(clock.now(), limit=BATCH_SIZE)
    deferred: set[DueChange] = set()
    for change in shuffled(changes):
        if not should_continue():
            return False
        progress |= attempt(change, deferred)
    for change in changes:
        if change in deferred and should_continue():
            progress |= attempt(change)
    return progress


def shuffled(changes: list[DueChange]) -> list[DueChange]:
    """In any order what is due at one moment, for schedulers not to get in each other's way."""
    return sorted(changes, key=lambda change: (change.due_at, random.random()))


def attempt(change: DueChange, deferred: set[DueChange] | None = None) -> bool:
    """Make a change, or record why it cannot be made. False if it remains to be made.

    What cannot be published is put off at first: what is due as well may see to that. One page may
    take the address that another leaves.
    """
    used = connection_in_use()
    try:
        completed = make(change)
    except RowIsLocked:
        return False
    except Exception as error:
        if is_lost(used):
            raise  # The change is not to blame.
        if deferred is not None and isinstance(error, NotPublishable):
            deferred.add(change)
            return False
        return try_to_record(change, error)
    if completed is not None:
        logger.info("Made permanent: %s", completed)
    return True


def try_to_record(change: DueChange, error: Exception) -> bool:
    """Whether it is kept. If not, the log has both, and what else is due goes on."""
    used = connection_in_use()
    try:
        return record(change, error) is not None
    except Exception:
        if is_lost(used):
            raise
        logger.exception("It could not be recorded that %s failed with %r", change, error)
        return False


@transaction.atomic
def record(change: DueChange, error: Exception) -> FailedChange | None:
    """Nothing, if the change was made after all: what follows a commit can go wrong too."""
    kind = kind_named(change.kind)
    if kind.waits_for_retry(change):
        return None  # Another scheduler has met the same.
    row = locked_row(change.model, change.object_id, skip_locked=True)
    if row is None:
        logger.warning("Somebody is changing it, so it is attempted again: %s: %r", change, error)
        return None
    if not kind.is_scheduled(change, row):
        logger.error("After a scheduled change: %s", change, exc_info=error)
        return None
    return record_failure(change, as_own_type(row), error)


def make(change: DueChange) -> CompletedChange | None:
    """None if there is nothing to do any more. Raises ``RowIsLocked`` if another is at it."""
    kind = kind_named(change.kind)
    preparation = kind.prepare(change)
    if preparation is None:
        return None
    with serialised_transaction(reaches_others=preparation.reaches_others):
        row = locked_row(change.model, change.object_id, skip_locked=True)
        if row is None:
            raise RowIsLocked
        if not kind.is_scheduled(change, row):
            return None
        now = clock.now()
        kind.make_permanent(change, row, preparation)
        return complete(change, row, now)


def complete(change: DueChange, row: Any, now: datetime) -> CompletedChange:
    kind = kind_named(change.kind)
    if change.has_failed:
        kind.failures_of(change).delete()
    completed = CompletedChange.objects.create(
        action=change.kind,
        content_type_id=change.content_type_id,
        object_id=change.object_id,
        title=str(row),
        due_at=change.due_at,
        completed_at=now,
        is_indexed=not kind.is_indexed_later,
    )
    if completed.is_late:
        mark_log_entry(row, completed, kind.log_action)
    return completed


def mark_log_entry(subject: Any, completed: CompletedChange, action: str) -> None:
    """Say in the object's history how late it was."""
    entries = log_registry.get_logs_for_instance(subject).filter(action=action)
    entry = entries.latest("timestamp", "pk")
    late_by = round(completed.late_by.total_seconds())
    entry.data = {**entry.data, "due_at": completed.due_at, "late_by_seconds": late_by}
    entry.save(update_fields=["data"])
