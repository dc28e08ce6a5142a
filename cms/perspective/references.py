"""What an object refers to, and who uses what.

Wagtail's reference index is written last, some time after an object has gone live by schedule. No
answer of the API reads it; where it tells who uses something, those that it does not have yet count
as users of everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import ForeignKey, Model
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import ReferenceIndex
from wagtail.rich_text import extract_references_from_rich_text

from cms.perspective.objects import base_model, base_type_of
from cms.perspective.readable import NotReadable, children_of, reading
from pages.block_references import Reference, leaves_of, references_in_block

__all__ = [
    "indexed_users",
    "may_use",
    "objects_not_indexed",
    "references_in",
    "references_in_revision",
    "register_not_indexed",
]

# By base content type and key.
Objects = set[tuple[int, str]]

not_indexed: list[Callable[[], Objects]] = []


def register_not_indexed(found: Callable[[], Objects]) -> None:
    """Tells of objects whose references are still to be written to the index."""
    not_indexed.append(found)


def may_use(model: type[Model], keys: Iterable[object]) -> Objects:
    """The objects that refer to some of a model; and all of which that is not known yet."""
    return indexed_users(model, keys) | objects_not_indexed()


def indexed_users(model: type[Model], keys: Iterable[object]) -> Objects:
    used = ReferenceIndex.objects.filter(
        to_content_type=base_type_of(model), to_object_id__in=[str(key) for key in keys]
    )
    return set(used.values_list("base_content_type", "object_id").order_by())


def objects_not_indexed() -> Objects:
    found: Objects = set()
    return found.union(*(each() for each in not_indexed))


def references_in(instance: Model) -> Iterator[Reference]:
    """What the columns of a row refer to, without a statement; but for links in texts."""
    for each in instance._meta.concrete_fields:
        value = getattr(instance, each.attname)
        if isinstance(each, StreamField):
            yield from references_in_block(each.stream_block, list(value.raw_data))
        elif isinstance(each, ForeignKey) and value and not is_ignored(each):
            yield each.related_model, value


def is_ignored(each: ForeignKey) -> bool:
    return isinstance(each, ParentalKey) or any(
        getattr(about, "wagtail_reference_index_ignore", False)
        for about in (each, each.related_model)
    )


# With links in texts, for who is asked before something is deleted


def references_in_revision(model: type[Model], content: Any) -> set[Reference]:
    """All that a revision refers to, by base model and key, without a statement.

    Of one that cannot be read nothing is known, and nothing goes live.
    """
    try:
        with reading(model, content):
            made: Any = model
            version = made.from_serializable_data(content, check_fks=False, strict_fks=False)
            rows = [version, *child_rows(version)]
            found = [one for row in rows for one in (*references_in(row), *links_in(row))]
    except NotReadable:
        return set()
    return {(base_model(target), str(key)) for target, key in found}


def child_rows(version: Model) -> Iterator[Model]:
    for relation in get_all_child_relations(type(version)):
        yield from children_of(version, relation) or ()


def links_in(row: Model) -> Iterator[Reference]:
    for each in row._meta.concrete_fields:
        value = getattr(row, each.attname)
        if isinstance(each, RichTextField):
            yield from links_in_text(value)
        elif isinstance(each, StreamField):
            for leaf, held in leaves_of(each.stream_block, list(value.raw_data)):
                if isinstance(leaf, blocks.RichTextBlock):
                    yield from links_in_text(held)


def links_in_text(text: str) -> Iterator[Reference]:
    for target, key, *_path in extract_references_from_rich_text(text or ""):
        yield target, key
