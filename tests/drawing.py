"""How tests draw what they try: the same each time, and leaving nothing behind."""

from collections.abc import Callable

from hypothesis import HealthCheck, settings

__all__ = ["drawn"]


def drawn(*, examples: int) -> Callable:
    """Try so many examples, for as long as each takes: no test measures time.

    Fixtures serve all examples of a test, which therefore must undo what it changes.
    """
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
