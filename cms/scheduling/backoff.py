"""How long to wait before something that failed is tried again."""

from datetime import timedelta

__all__ = ["backoff"]

# Beyond that every wait is the longest one.
MOST_DOUBLINGS = 30


def backoff(attempts: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """Twice as long after each failed attempt, of which there was at least one."""
    return min(first * 2 ** min(attempts - 1, MOST_DOUBLINGS), longest)
