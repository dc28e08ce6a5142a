"""Lets starter content be written as plain text, with lines as short as the code around it."""

import re
from html import escape
from textwrap import dedent

__all__ = ["line", "rich"]

BLANK_LINE = re.compile(r"\n\s*\n")


def line(text: str) -> str:
    """Text without formatting, however many lines of code it takes."""
    return " ".join(text.split())


def rich(text: str) -> str:
    """Rich text: blank lines part paragraphs, and a paragraph of ``- `` lines is a list."""
    return "".join(_block(part) for part in BLANK_LINE.split(dedent(text).strip()) if part)


def _block(text: str) -> str:
    text = escape(text, quote=False)
    if not text.startswith("- "):
        return f"<p>{line(text)}</p>"
    items = "".join(f"<li>{line(item)}</li>" for item in text.removeprefix("- ").split("\n- "))
    return f"<ul>{items}</ul>"
