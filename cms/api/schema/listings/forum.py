"""The list of forums: its filter and its orders."""

from __future__ import annotations

import graphene
from django.db.models import QuerySet, Subquery

from cms.api.reading.questions import MOMENT
from cms.api.schema.listings.conditions import (
    Condition,
    compared,
    equal_to_one_of,
    named,
    visible_one,
)
from cms.api.schema.listings.listing import Listing, described, moment, some_of
from pages.models import ForumPage, Organisation, Person
from pages.models.forum import ForumFormat, ForumStatus

__all__ = ["FORUMS"]


class ForumFilter(graphene.InputObjectType):
    """Keeps the forums that meet every condition given."""

    status = some_of(ForumStatus)
    format = some_of(ForumFormat)
    organisation = graphene.ID(
        description="Keep forums at which this organisation contributed to a theme or talk."
    )
    speaker = graphene.ID(description="Keep forums at which this person gave a talk.")
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
    return queryset.with_contributor(Subquery(visible_one(Organisation, name)))


def with_speaker(queryset: QuerySet, name: str) -> QuerySet:
    return queryset.with_speaker(Subquery(visible_one(Person, name)))


FORUMS = Listing(
    ForumPage,
    "The forums, newest first.",
    ForumFilter,
    {
        "status": Condition(with_status, frozenset, decides_sql=True),
        "format": equal_to_one_of("format"),
        "organisation": named(Organisation, with_organisation),
        "speaker": named(Person, with_speaker),
        "starts_from": compared("period_starts", "gte"),
        "starts_before": compared("period_starts", "lt"),
    },
    ForumOrder,
)
