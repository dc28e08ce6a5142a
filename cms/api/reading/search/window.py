"""One page of what was found, in the form in which the API answers all its lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from cms.api.engine.deferred import Loader
from cms.api.engine.errors import BadArgument
from cms.api.reading.connections import Connection, PageWindow
from cms.api.reading.cursors import opened, sealed
from cms.api.reading.search.hits import RAISED
from cms.api.reading.search.questions import Found, Rows, Total
from cms.api.reading.search.search import Asked, Searcher
from cms.search.documents import KINDS, KINDS_IN_ID

__all__ = ["MODELS", "Hit", "HitLoader"]

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

    ``narrowed`` are the names of types and filters, ``values`` what they are compared with;
    ``when_nothing`` is called where nothing is found.
    """

    def __init__(
        self,
        searcher: Searcher,
        asked: Asked,
        window: PageWindow,
        narrowed: dict[str, tuple[str, ...]],
        values: dict[str, Any],
        when_nothing: Callable[[], None] | None = None,
    ):
        self.searcher = searcher
        self.asked = asked
        self.window = window
        self.narrowed = narrowed
        self.filtered = values
        self.when_nothing = when_nothing
        self.rows = Loader(lambda keys: {"": self.fetch_rows()})
        self.totals = Loader(lambda keys: {"": self.fetch_total()})

    @property
    def connection(self) -> Connection:
        return Connection(self, "")

    def counted(self) -> tuple[Found, dict[str, Any]]:
        """What is counted, and the values to ask with."""
        hits = self.searcher.counted(self.asked)
        values = {**self.searcher.values(hits, self.asked), **self.filtered}
        return Found(hits.shape, **self.narrowed), values

    def fetch_total(self) -> int:
        found, values = self.counted()
        total = sum(count for _, count in Total(found).ask(**values))
        if not total and self.when_nothing:
            self.when_nothing()
        return total

    def fetch_rows(self) -> list[Hit]:
        hits = self.searcher.ranked(self.asked)
        values = {**self.searcher.values(hits, self.asked), **self.filtered}
        side, place = self.place()
        found = Found(hits.shape, **self.narrowed)
        question = Rows(found, self.window.limit + 1, self.window.backward, side)
        rows = [Hit(*row) for row in question.ask(**values, **place)]
        if not rows and self.when_nothing:
            self.when_nothing()
        return rows

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
