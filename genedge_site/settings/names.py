"""The names of all settings, and what a misspelt one was meant to be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

__all__ = ["SETTINGS_MODULE", "known_names", "nearest", "probably_meant"]

SETTINGS_MODULE = "DJANGO_SETTINGS_MODULE"
# The environment holds much that is not for us, and short names are near others: NDEBUG, POST. So
# names of few letters are compared but for case and signs, and the shortest not at all.
SHORTEST = 6
SHORTEST_TO_COMPARE = 7
FURTHEST = 2


def known_names(example: Path) -> set[str]:
    """Those that the example file describes, which a test holds to what is read."""
    try:
        text = example.read_text(encoding="utf-8")
    except OSError as error:
        raise SystemExit(
            f"{example} cannot be read ({error.strerror}), and names all settings: put it back."
        ) from None
    return set(re.findall(r"^(\w+)=", text, flags=re.MULTILINE))


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that takes the fewest changes to reach."""
    return min(sorted(known), key=lambda other: distance(letters(name), letters(other)))


def probably_meant(name: str, known: set[str]) -> str | None:
    """The known name that a variable was meant to have, if it is so near that none else was."""
    if name in known:
        return None
    given = letters(name)
    for other in sorted(known):
        wanted = letters(other)
        furthest = FURTHEST if len(wanted) >= SHORTEST_TO_COMPARE else 0
        if len(wanted) < SHORTEST or abs(len(given) - len(wanted)) > furthest:
            continue
        # Counting letters is cheap, and leaves hardly any to compare one by one.
        unlike = sum((Counter(given) - Counter(wanted)).values())
        if unlike <= furthest and distance(given, wanted) <= furthest:
            return other
    return None


def letters(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", name.upper())


def distance(one: str, other: str) -> int:
    """Letters to add, remove, change or swap with the next one."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, wanted in enumerate(other, start=1):
            steps = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            swapped = row > 1 and column > 1
            if swapped and letter == other[column - 2] and one[row - 2] == wanted:
                steps = min(steps, before_last[column - 2] + 1)
            current.append(steps)
        before_last, last = last, current
    return last[-1]
