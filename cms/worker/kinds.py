"""What a worker can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["WORK", "ShouldContinue", "Work", "register_work"]

ShouldContinue = Callable[[], bool]


@dataclass(frozen=True)
class Work:
    """``do_next`` does a piece of it, which others do not do meanwhile, for some seconds at most.

    It tells whether there was one. Raises errors of the database alone.
    """

    do_next: Callable[[ShouldContinue], bool]
    # Finds what no signal told of; called every ten minutes.
    look: Callable[[], None] | None = None


WORK: list[Work] = []


def register_work(work: Work) -> None:
    WORK.append(work)
