"""The one place that asks what time it is, so that tests can answer."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

__all__ = ["Clock", "clock", "now"]


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
