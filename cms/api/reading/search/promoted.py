"""What editors promote for the words of a query: in a statement for all searches of an answer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, IntegerField, OuterRef
from wagtail.models import Page

from cms.api.reading.content import Content
from cms.api.reading.search.hits import PromotedAt
from cms.api.reading.search.search import Searcher
from cms.database.statements import AmongGiven, Given, Question
from cms.search.documents import KINDS, KINDS_IN_ID
from cms.search.models import MOST_PROMOTED, PromotedResult, SearchDocument
from cms.search.words import key_of

__all__ = ["promoted_for"]

# Of a language and of words that are the same.
Key = tuple[int, str]


@dataclass(frozen=True)
class Promoted(Question):
    """Whether readers may see the documents is asked with all that is found."""

    def queryset(self):
        number: Any = F("page_id") * KINDS_IN_ID + KINDS[Page]
        document = ExpressionWrapper(number, BigIntegerField())
        promoted = PromotedResult.objects.filter(
            AmongGiven("term__key", "keys"),
            term__site=Given("site", IntegerField()),
            sort_order__lt=MOST_PROMOTED,
        )
        indexed = SearchDocument.objects.filter(pk=OuterRef("document"))
        found = promoted.annotate(document=document).filter(Exists(indexed))
        columns = ("term__locale", "term__key", "document", "sort_order")
        return found.order_by("sort_order", "pk").values_list(*columns)


def promoted_for(content: Content, searcher: Searcher, query: str) -> Any:
    """Documents with their places, or what will be them."""
    locale = searcher.place["locale"]
    key = key_of(query, searcher.language)
    if not key or locale is None:
        return ()
    return content.loaded("promoted", partial(fetch_promoted, content.site.pk), (locale, key))


def fetch_promoted(site: int, keys: list[Key]) -> dict[Key, tuple[PromotedAt, ...]]:
    found: dict[Key, dict[int, int]] = defaultdict(dict)
    words = sorted({key for _, key in keys})
    for locale, key, document, place in Promoted().ask(site=site, keys=words):
        found[locale, key].setdefault(document, place)
    return {key: tuple(found[key].items()) for key in keys}
