"""The list of deliverables: its filter and its orders."""

from __future__ import annotations

import graphene
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet

from cms.api.reading.questions import with_tags
from cms.api.schema.listings.conditions import (
    Condition,
    by_author,
    compared,
    equal_to_one_of,
    named,
    visible_one,
    without_nul,
)
from cms.api.schema.listings.listing import Listing, described, some_of, tags_of
from pages.models import DeliverableCategoryPage, DeliverablePage
from pages.models.deliverable import DeliverableKind

__all__ = ["DELIVERABLES"]


class DeliverableFilter(graphene.InputObjectType):
    """Keeps the deliverables that meet every condition given."""

    kind = some_of(DeliverableKind)
    category = graphene.ID(description="Keep what belongs to this category, by its page's id.")
    author = graphene.ID(description="Keep deliverables by this person.")
    tags = tags_of("deliverables")
    date_from = graphene.Date(description="Dated this day or later.")
    date_to = graphene.Date(description="Dated this day or earlier.")


class DeliverableOrder(graphene.Enum):
    """How deliverables are ordered."""

    NEWEST_FIRST = "-date"
    OLDEST_FIRST = "date"
    TITLE = "title"

    description = described


def in_category(queryset: QuerySet, name: str) -> QuerySet:
    above = visible_one(DeliverableCategoryPage, name).annotate(
        own_place=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    )
    return queryset.filter(Exists(above.filter(own_place__startswith=F("path"))))


DELIVERABLES = Listing(
    DeliverablePage,
    "What the group has published, newest first.",
    DeliverableFilter,
    {
        "kind": equal_to_one_of("kind"),
        "category": named(DeliverableCategoryPage, in_category),
        "author": by_author,
        "tags": Condition(with_tags, without_nul),
        "date_from": compared("date", "gte"),
        "date_to": compared("date", "lte"),
    },
    DeliverableOrder,
)
