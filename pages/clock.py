"""The one place that asks what time it is, so that tests can answer."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Clock", "clock", "exact_moment", "is_near", "now"]

FIRST_YEAR, LAST_YEAR = 1900, 2999


class Clock:
    """Tells the time; ``source`` can be replaced."""

    def __init__(self) -> None:
        self.source: Callable[[], datetime] = timezone.now

    def use(self, source: Callable[[], datetime] | None) -> None:
        """Ask someone else from now on; None brings back the real time."""
        self.source = source or timezone.now


clock = Clock()


def now() -> datetime:
    return clock.source()


def exact_moment(text: str) -> datetime | None:
    """The moment of a text in ISO 8601; None for anything else, and without an offset."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    if moment is None or timezone.is_naive(moment) or not is_near(moment):
        return None
    return moment


def is_near(moment: datetime) -> bool:
    """Whether the moment has a date in every time zone, as those at the end of time have not."""
    return FIRST_YEAR <= moment.year <= LAST_YEAR
