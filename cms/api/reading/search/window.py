"""One page of what was found, in the form in which the API answers all its lists."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

from cms.api.engine.deferred import Loader
from cms.api.engine.errors import BadArgument
from cms.api.reading.connections import Connection, PageWindow
from cms.api.reading.cursors import opened, sealed
from cms.api.reading.search.hits import RAISED, Hits, PromotedAt
from cms.api.reading.search.questions import CountsOfTypes, Found, Rows
from cms.api.reading.search.search import Asked, Searcher
from cms.search.documents import KINDS, KINDS_IN_ID

__all__ = ["MODELS", "Hit", "HitLoader", "loader_for"]

LIST_NAME = "search"
MODELS = {kind: model for model, kind in KINDS.items()}


class Hit(NamedTuple):
    """A document that was found, and what ranks it."""

    document: int
    score: int

    @property
    def is_promoted(self) -> bool:
        return self.score >= RAISED

    @property
    def weight(self) -> int:
        """Of the words in it alone."""
        return self.score % RAISED

    @property
    def model(self) -> Any:
        return MODELS[self.document % KINDS_IN_ID]

    @property
    def key(self) -> int:
        return self.document // KINDS_IN_ID


class HitLoader:
    """Loads a window of the hits of a search, and how many there are.

    ``narrowed`` are the names of types and filters, ``values`` what they are compared with. What is
    not counted has no total.
    """

    def __init__(
        self,
        searcher: Searcher,
        asked: Asked,
        window: PageWindow,
        narrowed: dict[str, tuple[str, ...]],
        values: dict[str, Any],
        *,
        is_counted: bool = True,
    ):
        self.searcher = searcher
        self.asked = asked
        self.window = window
        self.narrowed = narrowed
        self.filtered = values
        self.is_counted = is_counted
        self.rows = Loader(lambda keys: {"": self.hits})
        self.totals = Loader(lambda keys: {"": sum(self.counts_of_types.values())})

    @property
    def connection(self) -> Connection:
        return Connection(self, "")

    def counted(self) -> tuple[Found, dict[str, Any]]:
        """What is counted, and the values to ask with."""
        return self.found_by(self.searcher.counted(self.asked))

    def found_by(self, hits: Hits) -> tuple[Found, dict[str, Any]]:
        values = {**self.searcher.values(hits, self.asked), **self.filtered}
        return Found(hits.shape, **self.narrowed), values

    @property
    def is_part(self) -> bool:
        """Whether something that has all words may be elsewhere."""
        return self.has_cursor or bool(self.asked.promoted) or any(self.narrowed.values())

    @property
    def has_cursor(self) -> bool:
        return bool(self.window.after or self.window.before)

    @property
    def hits(self) -> list[Hit]:
        return [Hit(document, score) for document, score, *_ in self.fetched]

    @property
    def has_all_words(self) -> bool:
        """Whether any of the window has, unlike what is promoted whichever words it has."""
        every = (1 << len(self.asked.terms)) - 1
        return any(mask == every for *_, mask, _ in self.fetched)

    @cached_property
    def counts_of_types(self) -> dict[int, int]:
        """As ``CountsOfTypes`` has them. Each row tells all of them.

        Where there are no rows, all may be on the other side of a cursor.
        """
        if self.fetched or not self.has_cursor:
            counts = json.loads(self.fetched[0][-1]) if self.fetched else {}
            return {int(of): count for of, count in counts.items()}
        found, values = self.counted()
        return dict(CountsOfTypes(found).ask(**values))

    @cached_property
    def fetched(self) -> list[tuple[int, int, int, str]]:
        """Documents with their scores and masks, and how many there are of each type."""
        found, values = self.found_by(self.searcher.ranked(self.asked))
        side, place = self.place()
        limit = self.window.limit + 1
        question = Rows(found, limit, self.is_counted, self.window.backward, side)
        return question.ask(**values, **place)

    def place(self) -> tuple[str, dict[str, int]]:
        """On which side of which place the window is."""
        if self.window.after and self.window.before:
            raise BadArgument("Give `after` or `before`, not both.")
        for side in ("after", "before"):
            cursor = getattr(self.window, side)
            if cursor is not None:
                hit, score = self.marked_by(cursor)
                return side, {"hit": hit, "score": score}
        return "", {}

    def cursor(self, hit: Hit) -> str:
        return sealed([LIST_NAME, *hit])

    def marked_by(self, cursor: str) -> tuple[int, int]:
        try:
            name, document, score = opened(cursor)
            if name != LIST_NAME or type(document) is not int or type(score) is not int:
                raise ValueError(cursor)
        except (ValueError, TypeError, RecursionError) as error:
            raise BadArgument("This cursor is not one of `search`.") from error
        return document, score


def loader_for(
    searcher: Searcher, query: str, promoted: tuple[PromotedAt, ...], *window: Any
) -> HitLoader:
    """What loads what is found for a query; the rest is what a ``HitLoader`` takes.

    Most searches find something that has all words: a statement that tells it fetches it as well.
    """
    tried: dict[Asked, HitLoader] = {}

    def loading(asked: Asked) -> HitLoader:
        if asked not in tried:
            tried[asked] = HitLoader(searcher, replace(asked, promoted=promoted), *window)
        return tried[asked]

    def finds(asked: Asked) -> bool:
        loader = loading(asked)
        return loader.has_all_words or (loader.is_part and searcher.is_found(asked))

    return loading(searcher.asked(query, finds))
