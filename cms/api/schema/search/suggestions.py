"""``searchSuggestions``: what a search box offers while someone types."""

from __future__ import annotations

from typing import Any

import graphene

from cms.api.reading.connections import window_of
from cms.api.reading.search.excerpts import beginnings_marked
from cms.api.reading.search.search import Searcher
from cms.api.reading.search.window import HitLoader
from cms.api.schema.listings.listing import LOCALE
from cms.api.schema.search.results import Result, Search
from cms.api.schema.search.searching import checked, labels_of, searcher_for
from cms.api.schema.search.types import MarkedText, SearchType, search_item

__all__ = ["SEARCH_SUGGESTIONS"]

OFFERED = 8


class SearchSuggestion(graphene.ObjectType):
    """Something whose title or name has words that begin as those typed."""

    title = graphene.Field(
        MarkedText, required=True, description="Its title or name, with those words marked."
    )
    item = graphene.Field(search_item, required=True, description="What is offered.")

    def resolve_title(result, info):
        words = [term.word for term in result.search.asked.terms]
        return result.search.title_of(result.hit).then(
            lambda title: beginnings_marked(title, words)
        )

    def resolve_item(result, info):
        return result.search.item(result.hit)


def resolve_suggestions(root, info, query, first, types=None, locale=None) -> Any:
    window = window_of(first=first)
    query = checked(query)
    labels = labels_of(types)

    def suggest(searcher: Searcher) -> Any:
        asked = searcher.beginning_with(query)
        loader = HitLoader(searcher, asked, window, {"types": labels}, {}, is_counted=False)
        search = Search(loader, info.context.content)
        return search.connection.nodes.then(lambda hits: [Result(search, hit) for hit in hits])

    return searcher_for(info, locale).then(suggest)


SEARCH_SUGGESTIONS = graphene.Field(
    graphene.List(graphene.NonNull(SearchSuggestion)),
    required=True,
    args={
        "query": graphene.Argument(
            graphene.NonNull(graphene.String), description="What somebody has typed so far."
        ),
        "types": graphene.List(
            graphene.NonNull(SearchType), description="Offer these types alone; else all."
        ),
        "first": graphene.Argument(
            graphene.NonNull(graphene.Int),
            default_value=OFFERED,
            description="How many to offer at most.",
        ),
        "locale": LOCALE,
    },
    description="What to offer while someone types: titles and names with words that begin so.",
    resolver=resolve_suggestions,
)
