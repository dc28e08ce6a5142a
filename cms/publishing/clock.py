"""The one place that asks what time it is, so that tests can answer."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

__all__ = ["Clock", "clock", "exact_moment", "now"]


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
    return None if moment is None or timezone.is_naive(moment) else moment
