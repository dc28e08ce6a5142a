"""Locks on rows of objects: whoever holds one is the only one that changes the object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model
from wagtail.models import Revision

from cms.database.statements import Given, Question
from cms.perspective.objects import as_own_type, base_model
from cms.perspective.readable import can_be_key
from cms.perspective.references import references_in_revision

__all__ = ["RowIsLocked", "keep_what_is_named", "lock_rows", "locked_object", "locked_row"]


class RowIsLocked(Exception):
    """Another scheduler is publishing the object, or an editor is changing it."""


@dataclass(frozen=True)
class LockedRow(Question):
    model: type[Model]
    skip_locked: bool

    def queryset(self):
        rows = self.model._base_manager.filter(pk=Given("key", self.model._meta.pk))
        return rows.select_for_update(skip_locked=self.skip_locked, no_key=True)


def locked_row(model: type[Model], key: Any, *, skip_locked: bool = False) -> Any | None:
    """An object as its base model, while nobody else can change it.

    None if there is none, or if it is skipped since someone is changing it now.
    """
    return next(iter(LockedRow(base_model(model), skip_locked).ask(key=key)), None)


def locked_object(model: type[Model], key: Any) -> Any | None:
    """An object as its own type, while nobody else can change it. None if there is none."""
    return as_own_type(locked_row(model, key))


def lock_rows(keys: Iterable[tuple[type[Model], Any]]) -> None:
    """By base model and key; always in one order, so that no two wait for each other."""
    for model, key in sorted(keys, key=label_and_key):
        locked_row(model, key)


def label_and_key(row: tuple[type[Model], Any]) -> tuple[str, str]:
    model, key = row
    return model._meta.label, str(key)


def keep_what_is_named(revisions: Iterable[Revision]) -> None:
    """What versions refer to is not deleted until the transaction ends that approves them.

    Who deletes it then reads that they are approved. As for a foreign key: others may write to it.
    """
    if connection.vendor != "postgresql":
        return  # One writer at a time.
    named: set[tuple[type[Model], str]] = set()
    for revision in revisions:
        named |= references_in_revision(revision.content_type.model_class(), revision.content)
    by_model: dict[type[Model], list[Any]] = defaultdict(list)
    for model, key in sorted(named, key=label_and_key):
        if can_be_key(model, key):
            by_model[model].append(model._meta.pk.to_python(key))
    with connection.cursor() as cursor:
        for model, keys in by_model.items():
            table, column = model._meta.db_table, model._meta.pk.column
            quoted = connection.ops.quote_name
            cursor.execute(
                f"SELECT FROM {quoted(table)} WHERE {quoted(column)} = ANY(%s)"
                f" ORDER BY {quoted(column)} FOR KEY SHARE",
                [keys],
            )
