"""Writes the index, and finds what it lacks."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import (
    BigIntegerField,
    Exists,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    QuerySet,
)
from wagtail.models import Locale, Page

from cms.search.documents import (
    KINDS,
    KINDS_IN_ID,
    document_of,
    id_of,
    rows_read,
    searched_models,
    tags_of_each,
)
from cms.search.models import PromotedTerm, SearchDocument, SearchSpelling
from cms.search.spelling import is_corrected, pieces_of
from cms.search.words import MADE_BY, key_of, words_in

__all__ = [
    "compare_promoted_anew",
    "documents_of",
    "fill_gaps",
    "forget_everything",
    "index",
    "remove",
    "stored",
]

BATCH_SIZE = 200
STORED_COLUMNS = ["title", "text", "words", "made_by"]

NEW_SPELLINGS = {
    "sqlite": """
        INSERT INTO search_searchspelling (word, words)
        SELECT json_extract(value, '$.word'), json_extract(value, '$.words') FROM json_each(%s)
        WHERE NOT EXISTS (
            SELECT 1 FROM search_searchspelling WHERE word = json_extract(value, '$.word')
        )
    """,
    "postgresql": """
        INSERT INTO search_searchspelling (word, words)
        SELECT new.word, new.words FROM jsonb_to_recordset(%s::jsonb) AS new(word text, words text)
        WHERE NOT EXISTS (SELECT FROM search_searchspelling AS known WHERE known.word = new.word)
    """,
}

Progress = Callable[[int], None]
Tags = dict[tuple[Any, int], list[str]]


def index(instances: Collection[Any], tags: Tags | None = None) -> None:
    """Write what objects of their own types say. In as many statements however many there are."""
    documents = documents_of(instances, tags)
    SearchDocument.objects.bulk_create(
        documents, update_conflicts=True, unique_fields=["id"], update_fields=STORED_COLUMNS
    )
    note_spellings(documents)


def documents_of(instances: Collection[Any], tags: Tags | None = None) -> list[SearchDocument]:
    """What is written of objects, without writing it. Their tags are read where none are given."""
    languages = languages_by_key()
    if tags is None:
        tags = tags_of_each(instances)
    every = sorted({*languages.values()}) or [settings.LANGUAGE_CODE]
    documents = []
    for each in instances:
        own = languages.get(getattr(each, "locale_id", None) or 0)
        named = tags.get((type(each), each.pk), [])
        documents.append(document_of(each, named, [own] if own else every))
    return documents


def languages_by_key() -> dict[int, str]:
    return dict(Locale.objects.values_list("pk", "language_code"))


def note_spellings(documents: Iterable[SearchDocument]) -> None:
    """Not by a unique column: who publishes would wait there for another with the same word."""
    words = {
        word.folded
        for each in documents
        for word in words_in(f"{each.title}\n{each.text}")
        if is_corrected(word.folded)
    }
    rows = [{"word": word, "words": " ".join(sorted(pieces_of(word)))} for word in sorted(words)]
    with connection.cursor() as cursor:
        cursor.execute(NEW_SPELLINGS[connection.vendor], [json.dumps(rows)])


def remove(model: type[Model], key: int) -> None:
    SearchDocument.objects.filter(pk=id_of(model, key)).delete()


# What is not there


def forget_everything() -> None:
    """Let everything be written anew. Documents are found until then; spellings go at once."""
    SearchSpelling.objects.all().delete()
    SearchDocument.objects.update(made_by=0)


def fill_gaps(progress: Progress) -> int:
    """Write what the index lacks, or has as it was once written. How many objects those were."""
    done = 0
    for base, kind in KINDS.items():
        last = 0
        while keys := list(
            missing(base).filter(pk__gt=last).values_list("pk", flat=True)[:BATCH_SIZE]
        ):
            last = keys[-1]
            with transaction.atomic():
                index(stored(base, keys, held=True))
            done += len(keys)
            progress(done)
        left = SearchDocument.objects.alias(kind_of=F("id") % KINDS_IN_ID).filter(
            ~Exists(base._base_manager.filter(pk=OuterRef("id") / KINDS_IN_ID)),
            kind_of=kind,
        )
        left.delete()
    return done


def missing(base: Any) -> QuerySet:
    every = base._base_manager.order_by("pk")
    if base is Page:
        models = [model for model in searched_models() if model is not Page]
        pages = [model for model in models if issubclass(model, Page)]
        types = ContentType.objects.get_for_models(*pages).values()
        every = every.filter(content_type__in=[each.pk for each in types])
    known = SearchDocument.objects.filter(made_by=MADE_BY, id=OuterRef("document"))
    number: Any = F("pk") * KINDS_IN_ID + KINDS[base]
    every = every.alias(document=ExpressionWrapper(number, BigIntegerField()))
    return every.filter(~Exists(known))


def stored(base: Any, keys: Collection[int], *, held: bool = False) -> list[Any]:
    """Objects of their own types, in a statement for each; held, nobody changes them meanwhile."""
    rows = base._base_manager.filter(pk__in=keys).order_by("pk")
    if held:
        rows = rows.select_for_update(no_key=True)
    if base is not Page:
        return list(rows)
    by_type: dict[int, list[int]] = {}
    for key, content_type in rows.values_list("pk", "content_type_id"):
        by_type.setdefault(content_type, []).append(key)
    found: list[Any] = []
    for content_type, own in by_type.items():
        model = ContentType.objects.get_for_id(content_type).model_class()
        # Of no type of its own is only what stands above all sites, which nobody searches.
        if model in searched_models() and model is not Page:
            found += model._base_manager.filter(pk__in=own).prefetch_related(*rows_read(model))
    return found


def compare_promoted_anew() -> None:
    """Words that have become the same stay with the term that was there first."""
    for term in PromotedTerm.objects.select_related("locale").order_by("pk"):
        key = key_of(term.term, term.locale.language_code)
        same = PromotedTerm.objects.filter(site=term.site_id, locale=term.locale_id, key=key)
        if key != term.key and not same.exists():
            PromotedTerm.objects.filter(pk=term.pk).update(key=key)
