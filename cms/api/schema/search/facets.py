"""How many results there are of each type, kind, category, tag and year."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import graphene
from django.contrib.contenttypes.models import ContentType

from cms.api.engine.deferred import Deferred
from cms.api.reading.search.questions import CountsByValue, CountsOfTypes
from cms.api.reading.search.window import MODELS, HitLoader
from cms.api.schema.search.types import SearchType, models_found
from pages.models.article import ArticleKind
from pages.models.deliverable import DeliverableKind
from pages.types import choice_enum

__all__ = ["FACETS", "Facets"]

MOST_TAGS = 50


class Facets:
    """What a ``SearchFacets`` is resolved from. Each is counted when it is asked for."""

    def __init__(self, loader: HitLoader, content: Any):
        self.loader = loader
        self.content = content

    def types(self) -> Deferred:
        return self.content.once((id(self.loader), "types"), self.count_types)

    def counts(self, name: str) -> Deferred:
        """By the values of a dimension, as if nothing were filtered by it."""
        return self.content.once((id(self.loader), name), lambda: self.count(name))

    def count(self, name: str) -> Counter:
        found, values = self.loader.counted()
        total: Counter = Counter()
        for value, count in CountsByValue(found.without(name), name).ask(**values):
            total[value] += count
        return total

    def count_types(self) -> Counter:
        total: Counter = Counter()
        for key, count in self.counts_of_types().items():
            total[self.model_of(key)] += count
        return total

    def counts_of_types(self) -> dict[int, int]:
        if not self.loader.narrowed["types"]:
            return self.loader.counts_of_types
        found, values = self.loader.counted()
        return dict(CountsOfTypes(replace(found, types=())).ask(**values))

    def model_of(self, key: int) -> Any:
        """Of the key of a content type, or of the number of another kind, less than nought."""
        return MODELS[-key] if key < 0 else ContentType.objects.get_for_id(key).model_class()


def facet(name: str, field: str, value: Any, what: str) -> type[graphene.ObjectType]:
    """A type of the schema for one value and its number of results."""
    return type(
        name,
        (graphene.ObjectType,),
        {
            "Meta": type("Meta", (), {"description": f"How many results {what}."}),
            field: value,
            "count": graphene.Int(required=True, description="How many results."),
        },
    )


TypeCount = facet(
    "SearchTypeCount",
    "type",
    graphene.Field(SearchType, required=True, description="The type."),
    "a type has",
)
ArticleKindCount = facet(
    "SearchArticleKindCount",
    "kind",
    graphene.Field(choice_enum(ArticleKind), required=True, description="The kind."),
    "a kind of article has",
)
DeliverableKindCount = facet(
    "SearchDeliverableKindCount",
    "kind",
    graphene.Field(choice_enum(DeliverableKind), required=True, description="The kind."),
    "a kind of deliverable has",
)
CategoryCount = facet(
    "SearchCategoryCount",
    "category",
    graphene.Field("pages.types.page_interface", description="The category's page."),
    "a category has",
)
TagCount = facet(
    "SearchTagCount",
    "tag",
    graphene.String(required=True, description="The word, as filters take it."),
    "a tag has",
)
YearCount = facet(
    "SearchYearCount",
    "year",
    graphene.Int(required=True, description="The year, in UTC."),
    "a year has",
)


def listed(of: type[graphene.ObjectType], what: str) -> graphene.List:
    return graphene.List(graphene.NonNull(of), required=True, description=what)


def most_first(counted: Counter, name: str) -> list[dict[str, Any]]:
    rows = [(value, count) for value, count in counted.items() if value is not None and count]
    rows.sort(key=lambda row: (-row[1], str(row[0])))
    return [{name: value, "count": count} for value, count in rows]


class SearchFacets(graphene.ObjectType):
    """How many results there are of what.

    Each is counted with all filters but its own, so that it says what another choice would find.
    """

    types = listed(TypeCount, "By type, whatever `types` are asked for; the most first.")
    article_kinds = listed(ArticleKindCount, "Articles by kind, the most first.")
    deliverable_kinds = listed(DeliverableKindCount, "Deliverables by kind, the most first.")
    categories = listed(
        CategoryCount, "Deliverables by category, the most first; but for hidden categories."
    )
    tags = listed(
        TagCount, f"Articles and deliverables by tag, the most first, {MOST_TAGS} at most."
    )
    years = listed(YearCount, "Articles, deliverables and forums by year, the newest first.")

    def resolve_types(facets, info):
        names = {model: name for name, model in models_found().items()}
        return facets.types().then(
            lambda counted: [
                {"type": row["type"]._meta.label, "count": row["count"]}
                for row in most_first(
                    Counter({m: c for m, c in counted.items() if m in names}), "type"
                )
            ]
        )

    def resolve_article_kinds(facets, info):
        return facets.counts("article_kinds").then(lambda counted: most_first(counted, "kind"))

    def resolve_deliverable_kinds(facets, info):
        return facets.counts("deliverable_kinds").then(lambda counted: most_first(counted, "kind"))

    def resolve_categories(facets, info):
        def with_pages(counted):
            rows = most_first(counted, "place")
            pages = facets.content.pages_in([row["place"] for row in rows])
            return pages.then(
                lambda found: [
                    {"category": page, "count": row["count"]}
                    for page, row in zip(found, rows, strict=True)
                    if page is not None
                ]
            )

        return facets.counts("categories").then(with_pages)

    def resolve_tags(facets, info):
        return facets.counts("tags").then(lambda counted: most_first(counted, "tag")[:MOST_TAGS])

    def resolve_years(facets, info):
        def newest_first(counted):
            return sorted(most_first(counted, "year"), key=lambda row: -row["year"])

        return facets.counts("years").then(newest_first)


FACETS = graphene.Field(
    SearchFacets, required=True, description="How many results there are of what."
)
