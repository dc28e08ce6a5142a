"""Marks and links around words, as forms of a text need them that put one within another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pages.rich_text.blocks import MARKS, Mark, Resolve, Span, Target

__all__ = ["Marked", "Nested", "nested"]

Words = tuple[str, frozenset[Mark | Target]]


@dataclass(frozen=True, slots=True)
class Marked:
    """What a mark or a link is around."""

    mark: Mark | Target
    within: tuple[Nested, ...]


Nested = str | Marked


def nested(spans: Sequence[Span], resolve: Resolve) -> tuple[Nested, ...]:
    """Each mark and link around as many words as it can be; the one that goes furthest outside."""
    words = [(span.text, around(span, resolve)) for span in spans]
    return tuple(parts_of(words, 0, len(words), frozenset()))


def around(span: Span, resolve: Resolve) -> frozenset[Mark | Target]:
    target = resolve(span.link) if span.link else None
    return span.marks | {target} if target else span.marks


def parts_of(
    words: Sequence[Words], index: int, end: int, outside: frozenset[Mark | Target]
) -> Iterator[Nested]:
    while index < end:
        text, marks = words[index]
        inside = marks - outside
        if not inside:
            yield text
            index += 1
            continue
        reach = {mark: end_of(mark, words, index) for mark in inside}
        outermost = min(inside, key=lambda mark: (-reach[mark], order_of(mark)))
        until = min(reach[outermost], end)
        yield Marked(outermost, tuple(parts_of(words, index, until, outside | {outermost})))
        index = until


def end_of(mark: Mark | Target, words: Sequence[Words], index: int) -> int:
    while index < len(words) and mark in words[index][1]:
        index += 1
    return index


def order_of(mark: Mark | Target) -> int:
    return -1 if isinstance(mark, Target) else MARKS.index(mark)
