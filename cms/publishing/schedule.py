"""When the clock alone changes what readers see.

What a page type itself tells by the clock, such as whether a forum is over, is not in it.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min, QuerySet, Subquery, Value
from django.utils.dateparse import parse_datetime
from wagtail.models import Revision

from cms.publishing.perspectives import models_with_drafts

__all__ = ["earliest_go_live", "next_change"]


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
    """When the first object that is live expires: one row for each kind, in one statement."""
    kinds = [
        model._base_manager.filter(live=True, expire_at__gt=after)
        .order_by()
        .annotate(all_of_them=Value(1))
        .values("all_of_them")
        .annotate(first=Min("expire_at"))
        .values_list("first", flat=True)
        for model in models_with_drafts()
    ]
    return min(filter(None, kinds[0].union(*kinds[1:], all=True)), default=None)
