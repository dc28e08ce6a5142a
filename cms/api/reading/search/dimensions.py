"""By what hits are narrowed and counted: their category, kind, tags and year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import CharField, Count, DateTimeField, IntegerField, QuerySet
from django.db.models.functions import Coalesce, ExtractYear, Length, Substr
from wagtail.models import Page

from cms.api.reading.questions import tag_links, with_tags
from cms.database.statements import AmongGiven
from pages.models import ArticlePage, DeliverablePage, ForumPage

__all__ = ["DIMENSIONS", "Dimension"]

Narrow = Callable[[QuerySet, str], QuerySet]


@dataclass(frozen=True)
class Dimension:
    """How pages of some types are narrowed to values given by a name, and counted by their own.

    What counts gives rows of a value and a number.
    """

    models: tuple[Any, ...]
    narrow: Narrow
    counted: Callable[[QuerySet], QuerySet]

    def has(self, model: Any) -> bool:
        return model in self.models


def by_column(model: Any, column: str) -> Dimension:
    return Dimension(
        (model,),
        lambda pages, name: pages.filter(AmongGiven(column, name)),
        lambda pages: pages.order_by().values_list(column).annotate(count=Count("pk")),
    )


# Categories


def category_path():
    return Substr("path", 1, Length("path") - Page.steplen, output_field=CharField())


def in_categories(pages: QuerySet, name: str) -> QuerySet:
    """By the places of categories, which who asks has made sure of."""
    return pages.alias(category=category_path()).filter(AmongGiven("category", name))


def by_category(pages: QuerySet) -> QuerySet:
    counted = pages.order_by().annotate(category=category_path()).values_list("category")
    return counted.annotate(count=Count("pk"))


# Tags


def by_tag(pages: QuerySet) -> QuerySet:
    links = tag_links(pages.model).filter(content_object__in=pages.values("pk")).order_by()
    return links.values_list("tag__name").annotate(count=Count("content_object", distinct=True))


# Years

# The first of them that a page has.
DATES: Mapping[Any, tuple[str, ...]] = {
    ArticlePage: ("date", "first_published_at"),
    DeliverablePage: ("date",),
    ForumPage: ("starts_at",),
}


def year_of(model: Any) -> Any:
    years = [year_in(model, name) for name in DATES[model]]
    return Coalesce(*years, output_field=IntegerField()) if len(years) > 1 else years[0]


def year_in(model: Any, name: str) -> ExtractYear:
    is_moment = isinstance(model._meta.get_field(name), DateTimeField)
    return ExtractYear(name, tzinfo=UTC if is_moment else None)


def in_years(pages: QuerySet, name: str) -> QuerySet:
    return pages.alias(year=year_of(pages.model)).filter(AmongGiven("year", name))


def by_year(pages: QuerySet) -> QuerySet:
    counted = pages.order_by().annotate(year=year_of(pages.model)).values_list("year")
    return counted.annotate(count=Count("pk"))


DIMENSIONS: Mapping[str, Dimension] = {
    "article_kinds": by_column(ArticlePage, "kind"),
    "deliverable_kinds": by_column(DeliverablePage, "kind"),
    "categories": Dimension((DeliverablePage,), in_categories, by_category),
    "tags": Dimension((ArticlePage, DeliverablePage), with_tags, by_tag),
    "years": Dimension(tuple(DATES), in_years, by_year),
}
