"""The list of forums: its filter and its orders."""

from __future__ import annotations

import graphene
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, IntegerField, QuerySet
from django.db.models.functions import Cast
from wagtail.models import ReferenceIndex

from cms.api.reading.questions import MOMENT
from cms.api.schema.listings.conditions import (
    Condition,
    compared,
    equal_to_one_of,
    number,
    visible_one,
)
from cms.api.schema.listings.listing import Listing, described, moment, some_of
from pages.models import ForumPage, Organisation
from pages.models.forum import ForumFormat, ForumStatus

__all__ = ["FORUMS"]


class ForumFilter(graphene.InputObjectType):
    """Keeps the forums that meet every condition given."""

    status = some_of(ForumStatus)
    format = some_of(ForumFormat)
    organisation = graphene.ID(
        description="Keep forums at which this organisation contributed to a theme or talk."
    )
    starts_from = moment("Starting at this moment or later.")
    starts_before = moment("Starting before this moment.")


class ForumOrder(graphene.Enum):
    """How forums are ordered."""

    NEWEST_FIRST = "-edition"
    OLDEST_FIRST = "edition"

    description = described


def with_status(queryset: QuerySet, statuses: frozenset) -> QuerySet:
    return queryset.with_status(statuses, at=MOMENT)


def with_organisation(queryset: QuerySet, name: str) -> QuerySet:
    """Forums name organisations within blocks; Wagtail's reference index knows where."""
    references = ReferenceIndex.objects.filter(
        content_type=ContentType.objects.get_for_model(ForumPage),
        to_content_type=ContentType.objects.get_for_model(Organisation),
        to_object_id__in=visible_one(Organisation, name).values(key=Cast("pk", CharField())),
    )
    return queryset.filter(
        pk__in=references.annotate(key=Cast("object_id", IntegerField())).values("key")
    )


FORUMS = Listing(
    ForumPage,
    "The forums, newest first.",
    ForumFilter,
    {
        "status": Condition(with_status, frozenset, decides_sql=True),
        "format": equal_to_one_of("format"),
        "organisation": Condition(with_organisation, number),
        "starts_from": compared("period_starts", "gte"),
        "starts_before": compared("period_starts", "lt"),
    },
    ForumOrder,
)
