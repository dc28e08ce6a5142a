"""The one place that asks what time it is, so that tests can answer."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

__all__ = ["now", "use_clock"]

_clock: Callable[[], datetime] = timezone.now


def now() -> datetime:
    return _clock()


def use_clock(clock: Callable[[], datetime] | None) -> None:
    """Replace the clock; None brings back the real one."""
    global _clock
    _clock = clock or timezone.now
