"""Formatted text as HTML, as any site can show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from pages.rich_text.blocks import Block, Mark, Resolve, RichText, Target
from pages.rich_text.headings import anchor_of, heading_levels
from pages.rich_text.nesting import Marked, Nested, nested

__all__ = ["to_html"]

LISTS = {"bullet": "ul", "number": "ol"}


def to_html(text: RichText, resolve: Resolve, first_heading: int) -> str:
    levels = heading_levels(text, first_heading)
    parts: list[str] = []
    is_open: list[str] = []
    for block in text.blocks:
        parts += around_item(is_open, block)
        words = marked_up(nested(block.spans, resolve))
        if block.list_item:
            parts.append(words)
        elif block.heading:
            level = levels[block.key]
            parts.append(f'<h{level} id="{anchor_of(block)}">{words}</h{level}>')
        else:
            parts.append(f"<p>{words}</p>")
    return "".join([*parts, *ended(is_open, 0)])


def around_item(is_open: list[str], block: Block) -> Iterator[str]:
    """What ends and begins before a block: items and lists, each list within an item of another."""
    yield from ended(is_open, block.depth)
    if not block.list_item:
        return
    tag = LISTS[block.list_item]
    if len(is_open) == block.depth:
        yield "</li>"
        if is_open[-1] != tag:
            yield f"</{is_open.pop()}>"
        else:
            yield "<li>"
    while len(is_open) < block.depth:
        is_open.append(tag)
        yield f"<{tag}><li>"


def ended(is_open: list[str], depth: int) -> Iterator[str]:
    while len(is_open) > depth:
        yield f"</li></{is_open.pop()}>"


def marked_up(parts: Iterable[Nested]) -> str:
    return "".join(
        enclosed(part.mark, marked_up(part.within)) if isinstance(part, Marked) else plain(part)
        for part in parts
    )


def plain(words: str) -> str:
    return escape(words, quote=False).replace("\n", "<br />")


def enclosed(mark: Mark | Target, words: str) -> str:
    if isinstance(mark, Target):
        return f'<a href="{escape(mark.href)}">{words}</a>'
    return f"<{mark}>{words}</{mark}>"
