"""What the database is asked about hits. Only what readers may see is among them, or counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.expressions import RawSQL
from wagtail.models import Page

from cms.api.reading.questions import in_place, page_models, routable_pages, seen_by_readers
from cms.api.reading.search.dimensions import DIMENSIONS
from cms.api.reading.search.hits import Shape
from cms.database.statements import AmongGiven, Given, Question
from cms.search.documents import KINDS
from cms.search.models import PageHit, SearchDocument, SearchSpelling, SeenHit
from media.models import Document
from pages.models import DeliverablePage

__all__ = [
    "AnyHit",
    "CountsByValue",
    "CountsOfTypes",
    "Found",
    "Masks",
    "Rows",
    "Spellings",
    "Texts",
    "Titles",
]

MOST_SPELLINGS = 2_000
REQUIRED = Given("required", IntegerField())
COUNTS = """
    (SELECT {as_object} FROM (
        SELECT "of", COUNT(*) AS "total" FROM "search_seen_hit" GROUP BY "of"
    ) AS "counted")
"""
AS_OBJECT = {
    "sqlite": 'json_group_object("of", "total")',
    "postgresql": 'json_object_agg("of", "total")::text',
}
COLUMNS = [field.column for field in SeenHit._meta.fields]


@dataclass(frozen=True)
class Found:
    """What has enough of the words, of some types, as far as it meets the filters.

    ``types`` are labels of models, all without any. What does not have what a filter asks for is
    left out.
    """

    shape: Shape
    types: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()

    def tables(self) -> tuple[str, tuple[Any, ...]]:
        """The hits, and those among them that may be seen: ``SeenHit``."""
        hits, in_hits = self.shape.hits()
        seen, in_seen = together([*self.parts()]).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        columns = ", ".join(f'"{name}"' for name in COLUMNS)
        return f'WITH {hits}, "search_seen_hit" ({columns}) AS ({seen})', (*in_hits, *in_seen)

    def parts(self) -> Iterator[QuerySet]:
        """Queries for the ``COLUMNS`` of what is found."""
        for base, kind in KINDS.items():
            of = F("content_type_id") if base is Page else Value(-kind)
            for objects in self.pages() if base is Page else self.others(base, kind):
                found = objects.filter(search_hit__terms__gte=REQUIRED).order_by()
                hit = [f"search_hit__{name}" for name in ("id", "mask", "score")]
                yield found.annotate(of=of).values_list(*hit, "of")

    def others(self, base: Any, kind: int) -> Iterator[QuerySet]:
        if not self.filters and self.asks_for(base):
            found = seen_by_readers(base._default_manager.filter(search_hit__kind=kind))
            yield offered(found) if base is Document else in_place(found)

    def pages(self) -> Iterator[QuerySet]:
        if self.filters:
            for model in self.filtered_models():
                yield self.narrowed(model)
            return
        if not self.types:
            yield in_place(seen_by_readers(routable_pages()))
            return
        models = [model for model in page_models() if self.asks_for(model)]
        if models:
            yield in_place(seen_by_readers(Page.objects.exact_type(*models)))

    def filtered_models(self) -> Iterator[Any]:
        """Those that have all that the filters ask for."""
        for model in page_models():
            if self.asks_for(model) and all(DIMENSIONS[each].has(model) for each in self.filters):
                yield model

    def asks_for(self, model: type[Model]) -> bool:
        return not self.types or model._meta.label in self.types

    def narrowed(self, model: Any) -> QuerySet:
        found = in_place(seen_by_readers(model.objects.all()))
        for name in self.filters:
            found = DIMENSIONS[name].narrow(found, name)
        return found

    def without(self, name: str) -> Found:
        return replace(self, filters=tuple(each for each in self.filters if each != name))


def offered(documents: QuerySet) -> QuerySet:
    """Those that a deliverable offers: a file is stored long before readers shall hear of it.

    Files are of no site and in no language themselves.
    """
    pages = DeliverablePage.objects.filter(document=OuterRef("pk"))
    return documents.filter(Exists(in_place(seen_by_readers(pages))))


def together(parts: list[QuerySet]) -> QuerySet:
    """Without a part there is nothing to be found."""
    if not parts:
        return PageHit.objects.none()
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


@dataclass(frozen=True)
class OfSeen(Question):
    """A question about what is found; its statement begins with the hits."""

    found: Found

    def tables(self):
        return self.found.tables()


@dataclass(frozen=True)
class Rows(OfSeen):
    """Keys, scores and masks of one window, the best first; of the same score, the newest.

    If they are counted, with each is how many there are in all, as ``CountsOfTypes`` has them, in
    JSON. ``side`` of the given place they are on, if on any: after or before.
    """

    limit: int
    is_counted: bool
    backward: bool = False
    side: str = ""

    def queryset(self):
        rows = SeenHit.objects.all()
        if self.side:
            beyond = "lt" if self.side == "after" else "gt"
            score, hit = Given("score", IntegerField()), Given("hit", BigIntegerField())
            rows = rows.filter(
                Q(**{f"score__{beyond}": score}) | Q(**{"score": score, f"id__{beyond}": hit})
            )
        order = ("score", "id") if self.backward else ("-score", "-id")
        counts = counts_of_types() if self.is_counted else Value("", TextField())
        return rows.order_by(*order).values_list("id", "score", "mask", counts)[: self.limit]


def counts_of_types() -> RawSQL:
    as_object = AS_OBJECT[connection.vendor]
    return RawSQL(COUNTS.format(as_object=as_object), (), TextField())  # noqa: S611


@dataclass(frozen=True)
class AnyHit(OfSeen):
    """Whether there is anything."""

    def queryset(self):
        return SeenHit.objects.values_list("id")[:1]


@dataclass(frozen=True)
class Masks(OfSeen):
    """Which of the terms documents have, and how many have those alone."""

    def queryset(self):
        return SeenHit.objects.values_list("mask").annotate(total=Count("pk"))


@dataclass(frozen=True)
class CountsOfTypes(OfSeen):
    """How many there are of each content type of pages, and of each other kind as less than 0."""

    def queryset(self):
        return SeenHit.objects.values_list("of").annotate(total=Count("pk"))


@dataclass(frozen=True)
class CountsByValue(Question):
    """How many pages have each value of a dimension, in parts."""

    found: Found
    dimension: str

    def tables(self):
        hits, given = self.found.shape.hits()
        return f"WITH {hits}", given

    def queryset(self):
        dimension = DIMENSIONS[self.dimension]
        models = [model for model in self.found.filtered_models() if dimension.has(model)]
        return together([dimension.counted(self.hits_of(model)) for model in models])

    def hits_of(self, model: Any) -> QuerySet:
        return self.found.narrowed(model).filter(search_hit__terms__gte=REQUIRED)


# Words and texts


@dataclass(frozen=True)
class Titles(Question):
    """Of stored documents, with their ids."""

    def queryset(self):
        return SearchDocument.objects.filter(AmongGiven("id", "ids")).values_list("id", "title")


@dataclass(frozen=True)
class Texts(Question):
    """The same of their texts, which may be long."""

    def queryset(self):
        return SearchDocument.objects.filter(AmongGiven("id", "ids")).values_list("id", "text")


@dataclass(frozen=True)
class Spellings(Question):
    """Words that have some of the pieces looked up; of very many, those with the most."""

    shape: Shape

    def tables(self):
        words, given = self.shape.spellings()
        return f"WITH {words}", given

    def queryset(self):
        like = PageHit.objects.filter(terms__gte=REQUIRED)
        likest = like.order_by("-terms", "pk").values("pk")[:MOST_SPELLINGS]
        found = SearchSpelling.objects.filter(pk__in=likest)
        return found.order_by("word").values_list("word").distinct()
