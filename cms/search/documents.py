"""What is written of an object into the index: which words, and how much each weighs.

The weight of a word follows from its document alone. Where the weight of a word depends on how many
documents have it, as in BM25, what nobody may see moves what everybody sees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db.models import Model
from django.utils.html import strip_tags
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search.index import get_indexed_models

from cms.search.models import SearchDocument
from cms.search.words import MADE_BY, stem, words_in
from media.models import Document
from pages.base import BasePage, BaseSnippet
from pages.models import Organisation, Person
from pages.rich_text.parsing import parse
from pages.search import BlocksField, ForEditors, RowsField

__all__ = [
    "CLASSES",
    "FIRST_OF_TITLE",
    "IN_TITLE",
    "KINDS",
    "KINDS_IN_ID",
    "NO_PAGE",
    "document_of",
    "fields_read",
    "has_tags",
    "id_of",
    "kind_of",
    "rows_read",
    "searched_models",
    "tags_of_each",
    "weighed",
    "written_of",
]

# Of a word in a document: a letter before it, and what it adds to the document's rank.
CLASSES = {"a": 1, "b": 2, "c": 3, "d": 5, "e": 8, "f": 12}
# Words of a title as they are written, for who has not typed them to the end; and its first one.
IN_TITLE, FIRST_OF_TITLE = "t", "u"
# Every document but those of pages has it: they are few, and are looked up by themselves.
NO_PAGE = "n"
TITLE, FIELD, BLOCK = 8, 3, 1
# A word does not weigh more for standing there still more often.
MOST_TIMES = 4
# What documents are of, by their numbers, which are part of their ids: none is ever given again.
KINDS: dict[Any, int] = {Page: 0, Document: 1, Organisation: 2, Person: 3}
KINDS_IN_ID = 8
# What is due or drafted is shown again and again before it is written.
DOCUMENTS_KEPT = 200


@cache
def searched_models() -> tuple[Any, ...]:
    """What readers find, and Page, of which Wagtail saves some without their own fields."""
    pages = [model for model in get_indexed_models() if issubclass(model, BasePage)]
    return (*KINDS, *pages)


def id_of(model: type[Model], key: int) -> int:
    return key * KINDS_IN_ID + kind_of(model)


def kind_of(model: type[Model]) -> int:
    return next(kind for base, kind in KINDS.items() if issubclass(model, base))


@dataclass(frozen=True)
class Written:
    """What an object says: each part once, the most important first."""

    title: str
    fields: tuple[str, ...]
    blocks: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(each for each in (*self.fields, *self.blocks) if each)


def written_of(instance: Any, tags: Iterable[str] = ()) -> Written:
    parts: dict[bool, list[str]] = {True: [], False: []}
    model: Any = type(instance)
    for field in fields_read(model):
        parts[isinstance(field, BlocksField | RowsField)] += texts_of(field, instance)
    parts[False] += tags
    return Written(title_of(instance), tuple(parts[False]), tuple(parts[True]))


def title_of(instance: Any) -> str:
    return instance.name if isinstance(instance, BaseSnippet) else instance.title


@cache
def fields_read(model: Any) -> tuple[Any, ...]:
    """Where a model is searched, but for its title and what editors alone may know."""
    names = {"title", "name"}
    return tuple(
        field
        for field in model.get_searchable_search_fields()
        if field.field_name not in names and not isinstance(field, ForEditors)
    )


def rows_read(model: Any) -> list[str]:
    """The relations to rows that a model is searched by."""
    return [field.field_name for field in fields_read(model) if isinstance(field, RowsField)]


def texts_of(field: Any, instance: Any) -> list[str]:
    if isinstance(field, BlocksField):
        return [plain for plain in map(without_tags, field.get_value(instance)) if plain]
    if isinstance(field, RowsField):
        return field.words_for_readers(instance)
    value = getattr(instance, field.field_name) or ""
    if isinstance(type(instance)._meta.get_field(field.field_name), RichTextField):
        value = parse(value).text
    return [value] if value else []


def without_tags(value: Any) -> str:
    return strip_tags(str(value)).strip()


def tags_of_each(instances: Iterable[Any]) -> dict[tuple[Any, int], list[str]]:
    """The tags of stored objects, in a statement for each of their types."""
    found: dict[tuple[Any, int], list[str]] = {}
    by_type: dict[Any, list[int]] = {}
    for each in instances:
        by_type.setdefault(type(each), []).append(each.pk)
    for model, keys in by_type.items():
        if has_tags(model):
            through: Any = model._meta.get_field("tags").remote_field.through
            links = through._default_manager.filter(content_object__in=keys).order_by("pk")
            for key, name in links.values_list("content_object", "tag__name"):
                found.setdefault((model, key), []).append(name)
    return found


def has_tags(model: Any) -> bool:
    """Those of documents are for editors alone."""
    return issubclass(model, Page) and any(
        each.name == "tags" for each in model._meta.get_fields() if not each.auto_created
    )


def document_of(instance: Any, tags: Iterable[str], languages: Collection[str]) -> SearchDocument:
    """What is stored of an object; one without a language of its own is found in each of them."""
    written = written_of(instance, tags)
    return SearchDocument(
        id=id_of(type(instance), instance.pk),
        title=written.title,
        text=written.text,
        words=words_of(written, tuple(languages), is_page=isinstance(instance, Page)),
        made_by=MADE_BY,
    )


@lru_cache(maxsize=DOCUMENTS_KEPT)
def words_of(written: Written, languages: tuple[str, ...], *, is_page: bool) -> str:
    words = {*marked_words(written, languages), *(() if is_page else (NO_PAGE,))}
    return " ".join(sorted(words))


def marked_words(written: Written, languages: Iterable[str]) -> Iterator[str]:
    for language in languages:
        for word, weight in weighed(written, language).items():
            yield class_of(weight) + word
    title = [word.folded for word in words_in(written.title)]
    yield from {IN_TITLE + word for word in title}
    if title:
        yield FIRST_OF_TITLE + title[0]


def weighed(written: Written, language: str) -> dict[str, int]:
    """What each stem of a text weighs in it."""
    total: Counter[str] = Counter()
    for times, texts in (
        (TITLE, [written.title]),
        (FIELD, written.fields),
        (BLOCK, written.blocks),
    ):
        found = Counter(stem(word.folded, language) for text in texts for word in words_in(text))
        for word, count in found.items():
            total[word] += times * (1 if times == TITLE else min(count, MOST_TIMES))
    return total


def class_of(weight: int) -> str:
    return max(letter for letter, least in CLASSES.items() if least <= weight)
