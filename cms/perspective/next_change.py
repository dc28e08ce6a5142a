"""When the clock alone changes what readers see.

What a page type itself tells by the clock, such as whether a forum is over, is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Expression, Min, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least

from cms.perspective.audience import Audience
from cms.perspective.sources import sources

__all__ = ["earliest_go_live", "first_moment", "next_change"]


def earliest_go_live() -> Expression:
    """To be asked along with something else: when the first approved change goes live."""
    querysets = [source.go_live_moments() for source in sources()]
    firsts = [Subquery(found[:1]) for found in querysets if found is not None]
    if len(firsts) == 1:
        return firsts[0]
    # SQLite knows no least of a moment and nothing: in the place of nothing stands another moment.
    return Least(*(Coalesce(*firsts[place:], *firsts[:place]) for place in range(len(firsts))))


def next_change(after: datetime, audience: Audience) -> datetime | None:
    """The first moment after another at which something goes live or expires, if there is one.

    Never too late for the audience, but perhaps too early: what is live and expires may be replaced
    before it does.
    """
    moments = (moment for source in sources() for moment in source.moments(after, audience))
    return min((moment for moment in moments if moment and moment > after), default=None)


def first_moment(querysets: Iterable[QuerySet], column: str) -> datetime | None:
    """The earliest in a column of any of several querysets, in one statement."""
    first, *others = (
        queryset.order_by()
        .annotate(all_of_them=Value(1))
        .values("all_of_them")
        .annotate(first=Min(column))
        .values_list("first", flat=True)
        for queryset in querysets
    )
    return min(filter(None, first.union(*others, all=True)), default=None)
