"""What pages are found by, read without a statement for each that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from wagtail import blocks
from wagtail.search import index

from pages.block_references import leaves_of

__all__ = ["BlocksField", "ForEditors", "NamesPeople", "RowsField", "names_of"]


class BlocksField(index.SearchField):
    """The words of blocks as they are stored: Wagtail's own field fetches all that they choose."""

    def get_value(self, obj: Any) -> list[str]:
        content = getattr(obj, self.field_name)
        return [
            words
            for leaf, held in leaves_of(content.stream_block, list(content.raw_data))
            if not isinstance(leaf, blocks.ChooserBlock)
            for words in leaf.get_searchable_content(leaf.to_python(held))
        ]


class RowsField(index.SearchField):
    """The words of rows beneath a page. ``shown`` has those that readers see now, of a page."""

    def __init__(self, field_name: str, columns: Sequence[str], *, shown: Callable[[Any], list]):
        super().__init__(field_name)
        self.columns = columns
        self.shown = shown

    def get_attname(self, cls: Any) -> str:
        """Other fields have theirs from the column, which a relation has none of."""
        return self.field_name

    def get_value(self, obj: Any) -> list[str]:
        return self.words_of(getattr(obj, self.field_name).all())

    def words_for_readers(self, obj: Any) -> list[str]:
        return self.words_of(self.shown(obj))

    def words_of(self, rows: Iterable[Any]) -> list[str]:
        return [getattr(row, name) for row in rows for name in self.columns if getattr(row, name)]


class ForEditors(index.SearchField):
    """Words by which editors alone find something: some may be of what is not public."""


class NamesPeople:
    """A page that is found by the names of the people it names.

    The names are kept in the index of search: whoever renames somebody writes the page to it anew.
    """

    # The relations to the rows that name them, if there are such rows.
    rows_of_people: tuple[str, ...] = ()
    # Of several pages at once.
    known_names: Mapping[int, str] | None = None

    def keys_of_people(self) -> list[int]:
        """In their order."""
        return [row.person_id for name in self.rows_of_people for row in getattr(self, name).all()]

    def people_named(self) -> str:
        keys = self.keys_of_people()
        known = names_of(keys) if self.known_names is None else self.known_names
        return ", ".join(known[key] for key in keys if key in known)


def names_of(keys: Iterable[int]) -> dict[int, str]:
    people = apps.get_model("pages.Person")._base_manager.filter(pk__in=set(keys))
    return dict(people.values_list("pk", "name"))
