"""``search``: what has the words, the best first and a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import graphene

from cms.api.engine.deferred import Deferred, settle_later
from cms.api.engine.errors import BadArgument
from cms.api.reading.connections import Connection, window_of
from cms.api.reading.search.excerpts import excerpt, marked
from cms.api.reading.search.hits import PromotedAt
from cms.api.reading.search.promoted import promoted_for
from cms.api.reading.search.search import Asked, Searcher
from cms.api.reading.search.window import Hit, HitLoader, loader_for
from cms.api.schema.listings.listing import LOCALE, MOST_VALUES
from cms.api.schema.search.facets import FACETS, Facets
from cms.api.schema.search.filters import SearchFilter, values_of
from cms.api.schema.search.searching import checked, labels_of, searcher_for
from cms.api.schema.search.types import MarkedText, SearchType, search_item
from cms.search.in_vain import Searched
from pages.types import CONNECTION_ARGUMENTS, PageInfo

__all__ = ["SEARCH", "Search"]

SHORTEST_EXCERPT, EXCERPT, LONGEST_EXCERPT = 1, 200, 1_000


@dataclass(frozen=True)
class Search:
    """What a ``SearchResultConnection`` is resolved from."""

    loader: HitLoader
    content: Any

    @property
    def asked(self) -> Asked:
        return self.loader.asked

    @property
    def language(self) -> str:
        return self.loader.searcher.language

    @cached_property
    def connection(self) -> Connection:
        return self.loader.connection

    def item(self, hit: Hit) -> Deferred:
        return self.content.one(hit.model, hit.key)

    def title_of(self, hit: Hit) -> Deferred:
        """Of all searches of an answer together."""
        return self.content.loaded("titles found", self.loader.searcher.titles, hit.document)

    def text_of(self, hit: Hit) -> Deferred:
        return self.content.loaded("texts found", self.loader.searcher.texts, hit.document)


@dataclass(frozen=True)
class Result:
    """A hit of a search."""

    search: Search
    hit: Hit


class SearchResult(graphene.ObjectType):
    """Something that was found."""

    item = graphene.Field(search_item, required=True, description="What was found.")
    promoted = graphene.Boolean(
        required=True,
        description="Whether editors promote it for these words. If so, it goes first.",
    )
    score = graphene.Int(
        required=True,
        description="How much the words weigh in it. Comparable within one search.",
    )
    title = graphene.Field(
        MarkedText, required=True, description="Its title or name, with the words marked."
    )
    excerpt = graphene.Field(
        MarkedText,
        required=True,
        length=graphene.Argument(
            graphene.NonNull(graphene.Int),
            default_value=EXCERPT,
            description=f"Characters at most, {SHORTEST_EXCERPT} to {LONGEST_EXCERPT}.",
        ),
        description="A piece of its text around the words, or its beginning. Empty without a text.",
    )

    def resolve_item(result, info):
        return result.search.item(result.hit)

    def resolve_promoted(result, info):
        return result.hit.is_promoted

    def resolve_score(result, info):
        return result.hit.weight

    def resolve_title(result, info):
        asked, language = result.search.asked, result.search.language
        return result.search.title_of(result.hit).then(
            lambda title: marked(title, asked.stems, language)
        )

    def resolve_excerpt(result, info, length):
        if not SHORTEST_EXCERPT <= length <= LONGEST_EXCERPT:
            raise BadArgument(
                f"`length` is {length}; an excerpt has {SHORTEST_EXCERPT} to {LONGEST_EXCERPT}"
                " characters."
            )
        asked, language = result.search.asked, result.search.language
        return result.search.text_of(result.hit).then(
            lambda text: excerpt(text, asked.stems, language, length)
        )


class SearchResultEdge(graphene.ObjectType):
    """One result and its place in the list."""

    cursor = graphene.String(
        required=True, description="Marks this place; pass it as `after` or `before`."
    )
    node = graphene.Field(SearchResult, required=True, description="The result itself.")


class Correction(graphene.ObjectType):
    """A word that nothing has, and the one that was searched for in its place."""

    word = graphene.String(required=True, description="The word of the query, as it is compared.")
    taken_for = graphene.String(required=True, description="The word that was searched for.")


class SearchResultConnection(graphene.ObjectType):
    """What was found, the best first."""

    nodes = graphene.List(
        graphene.NonNull(SearchResult), required=True, description="The results alone."
    )
    edges = graphene.List(
        graphene.NonNull(SearchResultEdge), required=True, description="Results with cursors."
    )
    page_info = graphene.Field(
        PageInfo, required=True, description="Whether there is more, and from where."
    )
    total_count = graphene.Int(required=True, description="How many results there are in all.")
    corrections = graphene.List(
        graphene.NonNull(Correction),
        required=True,
        description="Words taken for others, since nothing that you may see has them.",
    )
    words_required = graphene.Int(
        required=True,
        description=(
            "How many of the query's different words each result has: all of them, or as many as"
            " anything has."
        ),
    )
    facets = FACETS

    def resolve_nodes(search, info):
        return search.connection.nodes.then(lambda hits: [Result(search, hit) for hit in hits])

    def resolve_edges(search, info):
        return search.connection.edges.then(
            lambda edges: [{**each, "node": Result(search, each["node"])} for each in edges]
        )

    def resolve_page_info(search, info):
        return search.connection.page_info

    def resolve_total_count(search, info):
        return search.connection.total_count

    def resolve_corrections(search, info):
        return [{"word": word, "taken_for": other} for word, other in search.asked.corrected]

    def resolve_words_required(search, info):
        return search.asked.required if search.asked.terms else 0

    def resolve_facets(search, info):
        return Facets(search.loader, search.content)


def resolve_search(root, info, query, types=None, locale=None, **arguments) -> Any:
    filter_given = arguments.pop("filter", None) or {}
    window = window_of(**arguments)
    query = checked(query)
    filtered = values_of(filter_given, info.context.content)
    if types and len(types) > MOST_VALUES:
        raise BadArgument(f"`types` has {len(types)} values; at most {MOST_VALUES} are compared.")
    labels = labels_of(types)
    is_plain = not (labels or filter_given or window.after or window.before)

    def search(searcher: Searcher) -> Deferred | Search:
        promoted = promoted_for(info.context.content, searcher, query)
        return settle_later(promoted, partial(found, searcher))

    def found(searcher: Searcher, promoted: tuple[PromotedAt, ...]) -> Search:
        narrowed = {"types": labels, "filters": tuple(sorted(filtered))}
        loader = loader_for(searcher, query, promoted, window, narrowed, filtered)
        if is_plain and not loader.fetched:
            note_in_vain(info.context, searcher, query)
        return Search(loader, info.context.content)

    return searcher_for(info, locale).then(search)


def note_in_vain(context: Any, searcher: Searcher, query: str) -> None:
    """What is missing for readers who asked for nothing less than all there is."""
    locale = searcher.place["locale"]
    if locale is not None:
        site = context.content.site.pk
        context.searched_in_vain.append(Searched(site, locale, searcher.language, query))


SEARCH = graphene.Field(
    SearchResultConnection,
    required=True,
    args={
        "query": graphene.Argument(
            graphene.NonNull(graphene.String), description="What somebody typed."
        ),
        "types": graphene.List(
            graphene.NonNull(SearchType), description="Find these types alone; else all."
        ),
        "filter": graphene.Argument(SearchFilter, description="What to keep."),
        "locale": LOCALE,
        **CONNECTION_ARGUMENTS,
    },
    description=(
        "What is public and has the words of a query, whatever their endings, case and accents:"
        " pages with all their text, people, organisations, and by their titles the documents that"
        " deliverables offer. The best come first, behind what editors promote for these words."
        " Where nothing has all of the words, what has most of them is found."
    ),
    resolver=resolve_search,
)
