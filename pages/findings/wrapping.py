"""Makes texts fit for charts, which break no lines."""

from __future__ import annotations

from textwrap import wrap

from pages.xml_texts import speakable

__all__ = ["wrapped"]

ELLIPSIS = " …"


def wrapped(text: str, width: int, *, most: int) -> str:
    """In at most so many lines; what has no room is left to the table."""
    lines = wrap(speakable(text), width, max_lines=most, placeholder=ELLIPSIS)
    return "\n".join(lines)
