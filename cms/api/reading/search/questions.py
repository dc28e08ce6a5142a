"""What the database is asked about hits. Only what readers may see is among them, or counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, IntegerField, Model, Q, QuerySet, Value
from wagtail.models import Page

from cms.api.reading.questions import in_place, page_models, routable_pages, seen_by_readers
from cms.api.reading.search.dimensions import DIMENSIONS
from cms.api.reading.search.hits import Shape
from cms.database.statements import AmongGiven, Given, Question
from cms.search.documents import KINDS, kind_of
from cms.search.models import PageHit, SearchDocument, SearchSpelling
from media.models import Document

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
    "Total",
]

MOST_SPELLINGS = 2_000
REQUIRED = Given("required", IntegerField())


@dataclass(frozen=True)
class Found:
    """What has enough of the words, of some types, as far as it meets the filters.

    ``types`` are labels of models, all without any. What does not have what a filter asks for is
    left out.
    """

    shape: Shape
    types: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()

    def parts(self) -> Iterator[QuerySet]:
        """Queries for what is found, joined with its ``search_hit``."""
        for base, kind in KINDS.items():
            for objects in self.pages() if base is Page else self.others(base, kind):
                yield objects.filter(search_hit__terms__gte=REQUIRED).order_by()

    def others(self, base: Any, kind: int) -> Iterator[QuerySet]:
        if not self.filters and self.asks_for(base):
            found = seen_by_readers(base._default_manager.filter(search_hit__kind=kind))
            # Files are of no site, and in no language.
            yield found if base is Document else in_place(found)

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


def together(parts: list[QuerySet]) -> QuerySet:
    """Without a part there is nothing to be found."""
    if not parts:
        return PageHit.objects.none()
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


@dataclass(frozen=True)
class OfHits(Question):
    """A question about what is found; its statement begins with the hits."""

    found: Found

    def tables(self):
        return self.found.shape.hits()


@dataclass(frozen=True)
class Rows(OfHits):
    """Keys and scores of one window, the best first; of the same score, the newest.

    ``side`` of the given place they are on, if on any: after or before.
    """

    limit: int
    backward: bool = False
    side: str = ""

    def queryset(self):
        parts = [self.rows_of(part) for part in self.found.parts()]
        if not parts:
            return PageHit.objects.none()
        order = ("score", "hit") if self.backward else ("-score", "-hit")
        return together(parts).order_by(*order)[: self.limit]

    def rows_of(self, part: QuerySet) -> QuerySet:
        if self.side:
            beyond = "lt" if self.side == "after" else "gt"
            score, hit = Given("score", IntegerField()), Given("hit", IntegerField())
            part = part.filter(
                Q(**{f"search_hit__score__{beyond}": score})
                | Q(**{"search_hit__score": score, f"search_hit__id__{beyond}": hit})
            )
        named = part.annotate(hit=F("search_hit__id"), score=F("search_hit__score"))
        return named.values_list("hit", "score")


@dataclass(frozen=True)
class Total(OfHits):
    """How many there are, in parts."""

    def queryset(self):
        return together(
            [
                part.annotate(part=Value(place)).values_list("part").annotate(total=Count("pk"))
                for place, part in enumerate(self.found.parts())
            ]
        )


@dataclass(frozen=True)
class AnyHit(OfHits):
    """Whether there is anything."""

    def queryset(self):
        parts = [part.annotate(hit=F("search_hit__id")) for part in self.found.parts()]
        return together([part.values_list("hit") for part in parts])[:1]


@dataclass(frozen=True)
class Masks(OfHits):
    """Which of the terms documents have, and how many have those alone; in parts."""

    def queryset(self):
        parts = [part.annotate(mask=F("search_hit__mask")) for part in self.found.parts()]
        return together([part.values_list("mask").annotate(total=Count("pk")) for part in parts])


@dataclass(frozen=True)
class CountsByValue(OfHits):
    """How many pages of a type have each value of a dimension."""

    dimension: str
    page_type: Any

    def queryset(self):
        pages = self.found.narrowed(self.page_type)
        return DIMENSIONS[self.dimension].counted(pages.filter(search_hit__terms__gte=REQUIRED))


@dataclass(frozen=True)
class CountsOfTypes(OfHits):
    """How many there are of each content type of pages, and of each other kind as less than 0."""

    def queryset(self):
        return together([self.counted(part) for part in self.found.parts()])

    def counted(self, part: QuerySet) -> QuerySet:
        kind = kind_of(part.model)
        of = F("content_type_id") if kind == KINDS[Page] else Value(-kind)
        return part.annotate(of=of).values_list("of").annotate(total=Count("pk"))


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
        return self.shape.spellings()

    def queryset(self):
        like = PageHit.objects.filter(terms__gte=REQUIRED)
        likest = like.order_by("-terms", "pk").values("pk")[:MOST_SPELLINGS]
        found = SearchSpelling.objects.filter(pk__in=likest)
        return found.order_by("word").values_list("word").distinct()
