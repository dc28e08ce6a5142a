"""The list of newsletters: its filter and its orders."""

from __future__ import annotations

import graphene

from cms.api.schema.listings.conditions import compared
from cms.api.schema.listings.listing import Listing, described, moment
from pages.models import NewsletterPage

__all__ = ["NEWSLETTERS"]


class NewsletterFilter(graphene.InputObjectType):
    """Keeps the newsletters that meet every condition given."""

    published_from = moment("First published at this moment or later.")
    published_before = moment("First published before this moment.")


class NewsletterOrder(graphene.Enum):
    """How newsletters are ordered."""

    NEWEST_FIRST = "-first_published_at"
    OLDEST_FIRST = "first_published_at"

    description = described


NEWSLETTERS = Listing(
    NewsletterPage,
    "The newsletters, newest first.",
    NewsletterFilter,
    {
        "published_from": compared("first_published_at", "gte"),
        "published_before": compared("first_published_at", "lt"),
    },
    NewsletterOrder,
)
