"""When the clock alone changes what readers see.

What a page type itself tells by the clock, such as whether a forum is over, is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least
from django.utils.dateparse import parse_datetime
from wagtail.models import Revision

from cms.publishing.changes import models_with_drafts
from cms.publishing.releases import Release, ReleaseItem

__all__ = ["earliest_go_live", "first_moment", "next_change"]


def earliest_go_live() -> Least:
    """To be asked along with something else: when the first approved change goes live."""
    revisions = approved().order_by("approved_go_live_at").values("approved_go_live_at")
    releases = Release.objects.approved().order_by("go_live_at").values("go_live_at")
    first, other = Subquery(revisions[:1]), Subquery(releases[:1])
    # SQLite knows no least of a moment and nothing.
    return Least(Coalesce(first, other), Coalesce(other, first))


def next_change(after: datetime) -> datetime | None:
    """The first moment after another at which something goes live or expires, if there is one.

    Never too late, but perhaps too early: what is live and expires may be replaced before it does.
    """
    return min(filter(None, [*go_lives(after), first_expiry(after)]), default=None)


def approved() -> QuerySet:
    return Revision.objects.filter(approved_go_live_at__isnull=False)


def go_lives(after: datetime) -> list[datetime]:
    """When what is approved goes live, and when that expires."""
    moments: list[datetime | None] = []
    releases = ReleaseItem.objects.filter(release__in=Release.objects.approved())
    for go_live, expiry in [
        *approved().values_list("approved_go_live_at", "content__expire_at"),
        *releases.values_list("release__go_live_at", "revision__content__expire_at"),
    ]:
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
