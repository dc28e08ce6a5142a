"""Whether two answers hold the same content, however each arranges it."""

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["missing_content"]

TAG = re.compile(r"<[^>]+>")
# Names of types, ids of rows, and what stock grapple leaves to the frontend to compose: a figure,
# and in which direction the lines of a language run.
NOT_CONTENT = {"__typename", "id", "figure", "chart", "comparisons", "direction"}


def missing_content(ours: Any, other: Any) -> list[str]:
    """The texts of our answer that are nowhere in the other one."""
    everything = "\n".join(texts(other))
    return [text for text in texts(ours) if text not in everything]


def texts(answer: Any) -> Iterator[str]:
    """Every text of an answer without its markup, in lower case as enums differ in that."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            if key not in NOT_CONTENT:
                yield from texts(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from texts(value)
    elif isinstance(answer, str):
        yield " ".join(TAG.sub(" ", answer).lower().split())
