"""What a search can be narrowed to."""

from __future__ import annotations

from typing import Any

import graphene

from cms.api.reading.content import Content
from cms.api.reading.ids import key_of
from cms.api.reading.questions import Objects
from cms.api.schema.listings.conditions import without_nul
from cms.api.schema.listings.listing import MOST_VALUES, some_of, tags_of, too_many
from pages.models import DeliverableCategoryPage
from pages.models.article import ArticleKind
from pages.models.deliverable import DeliverableKind

__all__ = ["SearchFilter", "values_of"]

YEARS = range(1, 10_000)


class SearchFilter(graphene.InputObjectType):
    """Keeps what meets every condition given; what cannot meet one is left out."""

    article_kinds = some_of(ArticleKind)
    deliverable_kinds = some_of(DeliverableKind)
    categories = graphene.List(
        graphene.NonNull(graphene.ID),
        description=(
            f"Keep deliverables of one of these categories, by their ids, {MOST_VALUES} at most."
        ),
    )
    tags = tags_of("articles and deliverables")
    years = graphene.List(
        graphene.NonNull(graphene.Int),
        description=(
            "Keep articles, deliverables and forums of one of these years (in UTC),"
            f" {MOST_VALUES} at most."
        ),
    )


def values_of(given: dict[str, Any], content: Content) -> dict[str, list]:
    """What statements compare with, by the names of the filters."""
    found: dict[str, list] = {}
    for name, values in given.items():
        if values is None:
            continue
        if len(values) > MOST_VALUES:
            raise too_many(name, values)
        found[name] = [getattr(each, "value", each) for each in values]
    if "tags" in found:
        found["tags"] = without_nul(found["tags"])
    if "years" in found:
        found["years"] = [year for year in found["years"] if year in YEARS]
    if "categories" in found:
        found["categories"] = places_of(found["categories"], content)
    return found


def places_of(identifiers: list[str], content: Content) -> list[str]:
    """Where the categories stand that readers may see."""
    keys = [key_of(each, DeliverableCategoryPage) for each in identifiers]
    seen = Objects(DeliverableCategoryPage).by_key(keys, content.moment)
    return [page.path for page in seen.values()]
