"""Rows that one worker at a time sees to: who takes one up makes it due a little later.

Whoever ends without a word thereby leaves it to others. Whatever changes ``due_at`` meanwhile, as a
save or somebody's wish does, takes it away.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Model, QuerySet

from pages import clock

__all__ = ["TAKEN_FOR", "held_by", "hold", "take_up"]

# Longer than a piece of work can take, after each of which it is held anew.
TAKEN_FOR = timedelta(seconds=90)


def take_up(model: type[Model]) -> Any:
    """The row that is due the longest, which no other worker takes meanwhile; None if none is."""
    while True:
        due = model._default_manager.filter(due_at__lte=clock.now()).order_by("due_at", "pk")
        row = due.first()
        if row is None or hold(row):
            return row


def hold(row: Any) -> bool:
    """Take a row, or keep it; False if it was taken away."""
    until = clock.now() + TAKEN_FOR
    held = bool(held_by(row).update(due_at=until))
    row.due_at = until
    return held


def held_by(row: Any) -> QuerySet[Any]:
    """The row as long as it is ours, to be updated; else nothing."""
    return type(row)._default_manager.filter(pk=row.pk, due_at=row.due_at)
