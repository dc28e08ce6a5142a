"""How resolvers of search reach the index: once a request for each language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cms.api.engine.errors import BadArgument
from cms.api.reading.languages import NOWHERE, Language
from cms.api.reading.search.pending import Pending
from cms.api.reading.search.search import Searcher
from cms.api.reading.search.terms import LONGEST_QUERY

__all__ = ["checked", "labels_of", "searcher_for"]


def checked(query: str) -> str:
    if len(query) > LONGEST_QUERY:
        raise BadArgument(
            f"`query` has {len(query)} characters; at most {LONGEST_QUERY} are searched for."
        )
    return query


def labels_of(types: Iterable[Any] | None) -> tuple[str, ...]:
    """Of models, each once, whichever order they were named in."""
    return tuple(sorted({getattr(each, "value", each) for each in types or ()}))


def searcher_for(info, locale: str | None) -> Any:
    """In a language that the site does not have, it finds documents alone."""
    context = info.context
    content = context.content
    places = content.places_in(Language(locale, falls_back=False))
    language = content.language_of(places.home.locale_id) if places else str(locale)
    place = {"moment": context.moment, **(places.given if places else NOWHERE)}
    pending = context.content.once("pending documents", lambda: Pending.of(context.keys_replaced))
    return pending.then(lambda pending: Searcher(language, place, pending))
