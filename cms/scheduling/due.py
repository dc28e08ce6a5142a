"""What can be made permanent now, and when there is something to do.

A change that has failed waits for its next attempt. It does not hold up what else is scheduled for
the same object: a later revision replaces an earlier one that cannot be published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Model

from cms.perspective.next_change import first_moment
from cms.perspective.sources import in_order
from cms.scheduling.kinds import DueChange, ScheduledKind, kinds

__all__ = ["due_changes", "next_moment"]


def due_changes(now: datetime, *, limit: int) -> list[DueChange]:
    """The first that can be made now, earliest first, and of each object only one.

    What changes several objects waits for what changes one of them before, and is waited for.
    """
    changes: list[DueChange] = []
    objects: dict[DueChange, set[tuple[type[Model], str]]] = {}
    for kind in kinds():
        of_kind = list(due_of_kind(kind, now, limit=limit))
        also = kind.objects_of([change.object_id for change in of_kind])
        objects |= {change: also.get(change.object_id, set()) for change in of_kind}
        changes += of_kind
    return list(first_of_each(in_order(changes, due_at), objects))[:limit]


def due_at(change: DueChange) -> datetime:
    return change.due_at


def due_of_kind(kind: ScheduledKind, now: datetime, *, limit: int) -> Iterator[DueChange]:
    for rows in kind.scheduled():
        ready = rows.filter(due_at__lte=now, ready_at__lte=now).values_list(
            "type_id", "key", "due_at", "ready_at", "version_id"
        )
        for type_id, key, due_at, ready_at, version_id in ready[:limit]:
            yield DueChange(kind.name, type_id, str(key), due_at, ready_at, version_id)


def first_of_each(
    changes: Iterable[DueChange], objects: dict[DueChange, set[tuple[type[Model], str]]]
) -> Iterator[DueChange]:
    seen: set[tuple[type[Model], str]] = set()
    for change in changes:
        written = {change.subject, *objects[change]}
        if not written & seen:
            yield change
        seen |= written


def next_moment() -> datetime | None:
    """When something can be done next, which may be past; asked in one statement."""
    return first_moment((rows for kind in kinds() for rows in kind.scheduled()), "ready_at")
