"""Formatted text as HTML, as any site can show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from pages.rich_text.blocks import MARKS, Block, Mark, Resolve, RichText, Span, Target
from pages.rich_text.headings import anchor_of, heading_levels

__all__ = ["to_html"]

Words = tuple[str, frozenset[Mark | Target]]

LISTS = {"bullet": "ul", "number": "ol"}


def to_html(text: RichText, resolve: Resolve, first_heading: int) -> str:
    levels = heading_levels(text, first_heading)
    parts: list[str] = []
    is_open: list[str] = []
    for block in text.blocks:
        parts += around_item(is_open, block)
        words = marked_up(block.spans, resolve)
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


def marked_up(spans: Sequence[Span], resolve: Resolve) -> str:
    """Each mark and link around as many words as it can be; the one that goes furthest outside."""
    words = [(span.text, around(span, resolve)) for span in spans]
    return "".join(parts_of(words, 0, len(words), frozenset()))


def around(span: Span, resolve: Resolve) -> frozenset[Mark | Target]:
    target = resolve(span.link) if span.link else None
    return span.marks | {target} if target else span.marks


def parts_of(
    words: Sequence[Words], index: int, end: int, outside: frozenset[Mark | Target]
) -> Iterator[str]:
    while index < end:
        text, marks = words[index]
        inside = marks - outside
        if not inside:
            yield escape(text, quote=False).replace("\n", "<br />")
            index += 1
            continue
        reach = {mark: end_of(mark, words, index) for mark in inside}
        outermost = min(inside, key=lambda mark: (-reach[mark], order_of(mark)))
        until = min(reach[outermost], end)
        yield enclosed(outermost, "".join(parts_of(words, index, until, outside | {outermost})))
        index = until


def end_of(mark: Mark | Target, words: Sequence[Words], index: int) -> int:
    while index < len(words) and mark in words[index][1]:
        index += 1
    return index


def order_of(mark: Mark | Target) -> int:
    return -1 if isinstance(mark, Target) else MARKS.index(mark)


def enclosed(mark: Mark | Target, words: str) -> str:
    if isinstance(mark, Target):
        return f'<a href="{escape(mark.href)}">{words}</a>'
    return f"<{mark}>{words}</{mark}>"
