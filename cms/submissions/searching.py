"""Finds answers by words in them, whatever their case, in both databases alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

__all__ = ["containing", "searched"]


def searched(values: Mapping[str, Any]) -> str:
    """SQLite knows the case of ASCII alone, so that it is folded here."""
    return "\n".join(texts_of(values.values())).casefold()


def texts_of(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, list):
            yield from value
        elif not isinstance(value, bool):
            yield str(value)


def containing(submissions: QuerySet, words: str) -> QuerySet:
    return submissions.filter(searched__contains=words.strip().casefold())
