"""Formatted text as HTML, as any site can show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from pages.rich_text.blocks import Block, Link, Mark, Resolve, RichText, Span
from pages.rich_text.headings import BENEATH_A_SECTION, anchor_of, heading_levels

__all__ = ["to_html"]

LISTS = {"bullet": "ul", "number": "ol"}
# Of two that go equally far, the first is around the other, as renderers of Portable Text have it.
MARKS: tuple[Mark, ...] = ("strong", "em")


def to_html(text: RichText, resolve: Resolve, first_heading: int = BENEATH_A_SECTION) -> str:
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
    """Each mark and link around as many spans as it can be; the one that goes furthest outside."""
    return "".join(parts_of(spans, 0, len(spans), frozenset(), resolve))


def parts_of(
    spans: Sequence[Span], index: int, end: int, outside: frozenset[Mark | Link], resolve: Resolve
) -> Iterator[str]:
    while index < end:
        inside = around(spans[index]) - outside
        if not inside:
            yield escape(spans[index].text, quote=False).replace("\n", "<br />")
            index += 1
            continue
        reach = {each: end_of(each, spans, index) for each in inside}
        outermost = min(inside, key=lambda each: (-reach[each], order_of(each)))
        until = min(reach[outermost], end)
        words = "".join(parts_of(spans, index, until, outside | {outermost}, resolve))
        yield enclosed(outermost, words, resolve)
        index = until


def around(span: Span) -> frozenset[Mark | Link]:
    return span.marks | {span.link} if span.link else span.marks


def end_of(mark: Mark | Link, spans: Sequence[Span], index: int) -> int:
    while index < len(spans) and mark in around(spans[index]):
        index += 1
    return index


def order_of(mark: Mark | Link) -> int:
    return -1 if isinstance(mark, Link) else MARKS.index(mark)


def enclosed(mark: Mark | Link, words: str, resolve: Resolve) -> str:
    if not isinstance(mark, Link):
        return f"<{mark}>{words}</{mark}>"
    target = resolve(mark)
    return f'<a href="{escape(target.href)}">{words}</a>' if target else words
