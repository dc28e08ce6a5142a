"""What an editor knows a changed value by: its words, and the names of what it refers to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import ForeignKey, ManyToManyField, Model
from django.utils.html import strip_tags
from django.utils.text import Truncator
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page

from pages.block_references import leaves_of
from pages.lifecycle.merging import Conflict

__all__ = ["quotes"]

LETTERS, LETTERS_OF_AN_ITEM, ITEMS = 200, 40, 6


def quotes(model: type[Model], conflict: Conflict) -> tuple[str, str]:
    """Of an object of that model: what was written last, and what is planned."""
    newer, waiting = (quoted(model, conflict, each) for each in (conflict.newer, conflict.waiting))
    return newer, waiting


def quoted(model: type[Model], conflict: Conflict, value: Any) -> str:
    field = model._meta.get_field(conflict.place.partition(":")[0])
    if conflict.is_order:
        said = [words(field, each, LETTERS_OF_AN_ITEM) or "(without words)" for each in value]
        more = [f"{len(said) - ITEMS} more"] if len(said) > ITEMS else []
        return ", then ".join([*said[:ITEMS], *more])
    return words(field, value, LETTERS) or ("(taken out)" if value is None else "(without words)")


def words(field: Any, value: Any, letters: int) -> str:
    texts = (strip_tags(text).strip() for text in texts_in(field, value))
    return Truncator(" ".join(filter(None, texts))).chars(letters)


def texts_in(field: Any, value: Any) -> Iterator[str]:
    """Of a block, of a row, or of the columns that change with a field."""
    if value is None:
        return
    if isinstance(field, StreamField):
        for leaf, held in leaves_of(field.stream_block, [value]):
            if isinstance(leaf, blocks.ChooserBlock):
                yield name_of(leaf.target_model, held)
            elif not isinstance(held, bool):
                yield str(held)
        return
    model = field.related_model if field.one_to_many else field.model
    for name, held in value.items():
        yield from texts_of_column(model._meta.get_field(name), held)


def texts_of_column(column: Any, held: Any) -> Iterator[str]:
    if held is None or isinstance(held, bool):
        return
    if isinstance(column, ForeignKey | ManyToManyField):
        for key in held if isinstance(held, list) else [held]:
            yield name_of(column.related_model, key)
    else:
        yield str(held)


def name_of(model: type[Model], key: Any) -> str:
    found = model._base_manager.filter(pk=key).first()
    if found is None:
        return ""
    return found.get_admin_display_title() if isinstance(found, Page) else str(found)
