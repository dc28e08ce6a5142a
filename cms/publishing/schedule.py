"""When the clock alone changes what readers see.

What a page type itself tells by the clock, such as whether a forum is over, is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min, QuerySet, Subquery, Value
from django.utils.dateparse import parse_datetime
from wagtail.models import Revision

from cms.publishing.perspectives import models_with_drafts

__all__ = ["earliest_go_live", "first_moment", "next_change"]


def earliest_go_live() -> Subquery:
    """To be asked along with something else: when the first approved revision goes live."""
    moments = approved().order_by("approved_go_live_at").values("approved_go_live_at")
    return Subquery(moments[:1])


def next_change(after: datetime) -> datetime | None:
    """The first moment after another at which something goes live or expires, if there is one.

    Never too late, but perhaps too early: what is live and expires may be replaced before it does.
    """
    return min(filter(None, [*go_lives(after), first_expiry(after)]), default=None)


def approved() -> QuerySet:
    return Revision.objects.filter(approved_go_live_at__isnull=False)


def go_lives(after: datetime) -> list[datetime]:
    """When approved revisions go live, and when those that have gone live expire."""
    moments = []
    for go_live, expiry in approved().values_list("approved_go_live_at", "content__expire_at"):
        moments += [go_live, parse_datetime(expiry) if expiry else None]
    return [moment for moment in moments if moment and moment > after]


def first_expiry(after: datetime) -> datetime | None:
    """When the first object that is live expires."""
    kinds = (
        model._base_manager.filter(live=True, expire_at__gt=after) for model in models_with_drafts()
    )
    return first_moment(kinds, "expire_at")


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
