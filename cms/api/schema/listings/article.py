"""The list of articles: its filter and its orders."""

from __future__ import annotations

import graphene

from cms.api.reading.questions import with_tags
from cms.api.schema.listings.conditions import (
    Condition,
    by_author,
    compared,
    equal_to_one_of,
    without_nul,
)
from cms.api.schema.listings.listing import Listing, described, moment, some_of, tags_of
from pages.models import ArticlePage
from pages.models.article import ArticleKind

__all__ = ["ARTICLES"]


class ArticleFilter(graphene.InputObjectType):
    """Keeps the articles that meet every condition given."""

    kind = some_of(ArticleKind)
    author = graphene.ID(description="Keep articles by this person.")
    tags = tags_of("articles")
    published_from = moment("First published at this moment or later.")
    published_before = moment("First published before this moment.")


class ArticleOrder(graphene.Enum):
    """How articles are ordered."""

    NEWEST_FIRST = "-first_published_at"
    OLDEST_FIRST = "first_published_at"
    TITLE = "title"

    description = described


ARTICLES = Listing(
    ArticlePage,
    "The articles, newest first.",
    ArticleFilter,
    {
        "kind": equal_to_one_of("kind"),
        "author": by_author,
        "tags": Condition(with_tags, without_nul),
        "published_from": compared("first_published_at", "gte"),
        "published_before": compared("first_published_at", "lt"),
    },
    ArticleOrder,
)
