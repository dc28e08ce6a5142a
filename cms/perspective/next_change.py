"""When the clock alone changes what readers see, and did.

What a page type itself tells by the clock, such as whether a forum is over, is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Aggregate, Expression, Max, Min, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least

from cms.perspective.audience import Audience
from cms.perspective.sources import sources

__all__ = ["earliest_go_live", "first_moment", "last_change", "last_moment", "next_change"]


def earliest_go_live() -> Expression:
    """To be asked along with something else: when the first approved change goes live.

    Of two sources at least: what is approved alone, and releases.
    """
    querysets = [source.go_live_moments() for source in sources()]
    firsts = [Subquery(found[:1]) for found in querysets if found is not None]
    # SQLite knows no least of a moment and nothing: in the place of nothing stands another moment.
    return Least(*(Coalesce(*firsts[place:], *firsts[:place]) for place in range(len(firsts))))


def next_change(after: datetime, audience: Audience) -> datetime | None:
    """The first moment after another at which something goes live or expires, if there is one.

    Never too late for the audience, but perhaps too early: what is live and expires may be replaced
    before it does.
    """
    moments = (moment for source in sources() for moment in source.moments(after, audience))
    return min((moment for moment in moments if moment and moment > after), default=None)


def last_change(until: datetime, audience: Audience) -> datetime | None:
    """The last moment up to another at which the clock alone changed what readers see.

    Of what has been made permanent since, the log of content events tells.
    """
    moments = (moment for source in sources() for moment in source.past_moments(until, audience))
    return max((moment for moment in moments if moment and moment <= until), default=None)


def first_moment(querysets: Iterable[QuerySet], column: str) -> datetime | None:
    """The earliest in a column of any of several querysets, in one statement."""
    return min(outermost(querysets, Min(column)), default=None)


def last_moment(querysets: Iterable[QuerySet], column: str) -> datetime | None:
    """The latest, likewise."""
    return max(outermost(querysets, Max(column)), default=None)


def outermost(querysets: Iterable[QuerySet], aggregate: Aggregate) -> Iterator[datetime]:
    first, *others = (
        queryset.order_by()
        .annotate(all_of_them=Value(1))
        .values("all_of_them")
        .annotate(outermost=aggregate)
        .values_list("outermost", flat=True)
        for queryset in querysets
    )
    return filter(None, first.union(*others, all=True))
