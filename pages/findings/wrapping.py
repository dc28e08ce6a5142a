"""Makes texts fit for charts, which break no lines, and cannot have each character in them."""

from __future__ import annotations

import re
from textwrap import wrap
from typing import Any

__all__ = ["drawable", "wrapped"]

ELLIPSIS = " …"
# XML cannot carry them. The engine that draws does not refuse such a text: it ends.
UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def wrapped(text: str, width: int, *, most: int) -> str:
    """In at most so many lines; what has no room is left to the table."""
    lines = wrap(UNSPEAKABLE.sub("", text), width, max_lines=most, placeholder=ELLIPSIS)
    return "\n".join(lines)


def drawable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: drawable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [drawable(each) for each in value]
    return UNSPEAKABLE.sub("", value) if isinstance(value, str) else value
