"""What readers see before it is stored, since its moment has come.

Who knows what is scheduled lives above this package, and says here how it is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["ObjectKeys", "due_objects", "is_due", "register_due_objects"]

# Base content types, and keys in text.
ObjectKeys = set[tuple[int, str]]

registered: list[Callable[[], ObjectKeys]] = []


def register_due_objects(ask: Callable[[], ObjectKeys]) -> None:
    """Have objects of which something approved is due taken for what readers see."""
    registered.append(ask)


def due_objects() -> ObjectKeys:
    return {key for ask in registered for key in ask()}


def is_due(subject: Any, among: ObjectKeys | None = None) -> bool:
    """Whether something that was approved of an object is due; without asking, if one has."""
    key = (subject.get_base_content_type().pk, str(subject.pk))
    return key in (due_objects() if among is None else among)
