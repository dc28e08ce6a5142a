"""Forms are found by their questions while they show them, also where the clock opens them."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from wagtail.models import Page

from cms.search import writing
from pages import clock
from pages.models import FormPage

__all__ = ["index_by_the_clock"]

# For schedulers that did not run at the moment itself.
LOOKS_BACK = timedelta(days=1)


def index_by_the_clock() -> None:
    """Write forms into the index of search that have opened or closed, once for each time."""
    now = clock.now()
    for page in FormPage.objects.opened_or_closed(since=now - LOOKS_BACK, until=now):
        moments = [each for each in (page.opens_at, page.closes_at) if each and each <= now]
        key = f"submissions.indexed.{page.pk}.{max(moments).timestamp()}"
        if cache.get(key) is None:
            with transaction.atomic():
                writing.index(writing.stored(Page, [page.pk], held=True))
            # Once it is: what failed is tried again.
            cache.set(key, "done", LOOKS_BACK.total_seconds())
