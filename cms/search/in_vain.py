"""Notes which words readers searched for in vain, so that editors see what is missing.

Nothing is kept about who searched, and nothing that looks as if it told: addresses, long numbers.
What is noted is bounded, and noting it never fails an answer, nor keeps one waiting for long.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.db import Error, connection
from django.db.models import QuerySet
from django.utils import timezone

from cms.database.short_waits import short_waits
from cms.search.models import LONGEST_TERM, SearchInVain
from cms.search.words import key_of, plain_words
from pages import clock

__all__ = ["Searched", "forget_old", "is_noted", "kept", "note"]

logger = logging.getLogger(__name__)

# Of each site; beyond the second number what was searched for least, and longest ago, goes.
MOST_KEPT, MOST_STORED = 5_000, 5_100
# Of the searches of one answer.
MOST_AN_ANSWER = 5
LONGEST_WORD = 40
MILLISECONDS_WAITED = 200
# `a@example.org`, `a (at) example.org`, `https://…`; numbers of telephones, accounts and cards.
TELLS_WHO = re.compile(r"@|[(\[{]\s*at\s*[)\]}]|://|\d(?:[\s()./+-]*\d){6,}", re.IGNORECASE)
# In a statement, since two who search at once both count.
NOTE = """
    INSERT INTO search_searchinvain (site_id, locale_id, key, words, times, last_on)
    VALUES (%s, %s, %s, %s, 1, %s)
    ON CONFLICT (site_id, locale_id, key)
    DO UPDATE SET times = search_searchinvain.times + 1, last_on = excluded.last_on
    RETURNING times
"""


class Searched(NamedTuple):
    """Where which words were searched for."""

    site: int
    locale: int
    language: str
    query: str


def note(searches: Iterable[Searched]) -> None:
    """After the answer: whatever fails here is told in the log alone."""
    noted = [each for each in dict.fromkeys(searches) if is_noted(each.query)]
    try:
        for each in islice(noted, MOST_AN_ANSWER):
            with short_waits(MILLISECONDS_WAITED):
                is_new = count(each) == 1
            if is_new:
                with short_waits(MILLISECONDS_WAITED):
                    forget_surplus(each.site)
                    forget_old()
    except Error:
        logger.exception("A search that found nothing was not noted.")


def is_noted(query: str) -> bool:
    words = plain_words(query)
    longest = max(map(len, words.split()), default=0)
    if not 1 < longest <= LONGEST_WORD or len(words) > LONGEST_TERM:
        return False
    return not TELLS_WHO.search(plain_words(query, signs=True))


def count(searched: Searched) -> int:
    """How many times the same words were searched for by now."""
    site, locale, language, query = searched
    today = connection.ops.adapt_datefield_value(timezone.localdate(clock.now()))
    with connection.cursor() as cursor:
        values = [site, locale, key_of(query, language), plain_words(query), today]
        cursor.execute(NOTE, values)
        return cursor.fetchone()[0]


def kept() -> QuerySet:
    """Without what is only waiting to be deleted."""
    return SearchInVain.objects.filter(last_on__gte=first_day())


def first_day():
    return timezone.localdate(clock.now()) - timedelta(days=settings.SEARCHES_IN_VAIN_DAYS)


def forget_old() -> int:
    deleted, _ = SearchInVain.objects.filter(last_on__lt=first_day()).delete()
    return deleted


def forget_surplus(site: int) -> None:
    stored = SearchInVain.objects.filter(site=site)
    if stored.count() > MOST_STORED:
        wanted = stored.order_by("-times", "-last_on", "-pk").values("pk")[:MOST_KEPT]
        stored.exclude(pk__in=list(wanted.values_list("pk", flat=True))).delete()
