"""How tests draw what they try: the same each time, and leaving nothing behind."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from hypothesis import HealthCheck, seed, settings

__all__ = ["drawn"]


def drawn(*, examples: int) -> Callable[[Any], Any]:
    """Try half of so many examples on each database, others on the one than on the other.

    They take as long as they take: no test measures time. Fixtures serve all examples of a test,
    which therefore must undo what it changes.
    """
    wanted = settings(
        max_examples=examples // 2,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    return lambda test: seed(connection.vendor)(wanted(test))
