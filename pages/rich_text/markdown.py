"""Formatted text as Markdown: CommonMark, which whatever reads Markdown understands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from pages.rich_text.blocks import Block, Resolve, RichText
from pages.rich_text.escaping import escaped, escaped_at_start, sayable
from pages.rich_text.headings import heading_levels
from pages.rich_text.marking import HARD_BREAK, written
from pages.rich_text.nesting import nested

__all__ = ["as_heading", "one_line", "plain_paragraphs", "plain_words", "to_markdown"]

SPACES_OF_HTML = re.compile(r"[ \t\r\n]+")
EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
CLOSING_HASHES = re.compile(r"(?:^|(?<=\s))#+$")


def to_markdown(text: RichText, resolve: Resolve, first_heading: int) -> str:
    levels = heading_levels(text, first_heading)
    parts: list[str] = []
    said = (block for block in text.blocks if sayable(block.text).strip())
    for is_list, blocks in groupby(said, key=lambda block: block.list_item is not None):
        if is_list:
            parts.append("\n".join(items_of(blocks, resolve)))
        else:
            parts += (paragraph(block, levels.get(block.key), resolve) for block in blocks)
    return "\n\n".join(parts)


def paragraph(block: Block, level: int | None, resolve: Resolve) -> str:
    if level is None:
        return marked_up(block, resolve)
    return as_heading(level, one_line(marked_up(block, resolve, begins_a_line=False)))


def as_heading(level: int, words: str) -> str:
    """Signs at the end would be taken for the heading's own."""
    words = CLOSING_HASHES.sub(r"\\\g<0>", words)
    return f"{'#' * level} {words}"


def one_line(words: str) -> str:
    return words.replace(HARD_BREAK, " ")


def marked_up(block: Block, resolve: Resolve, *, begins_a_line: bool = True) -> str:
    spans = [replace(span, text=sayable(span.text)) for span in block.spans]
    said = [span for span in spans if span.text]
    return written(nested(said, resolve), begins_a_line=begins_a_line)


# Lists


@dataclass
class Open:
    """A list that goes on: how many items it has, and how far in their words are."""

    kind: str
    number: int = 0
    indent: int = 0

    def next_marker(self) -> str:
        self.number += 1
        return "- " if self.kind == "bullet" else f"{self.number}. "


def items_of(blocks: Iterable[Block], resolve: Resolve) -> Iterator[str]:
    """A line for each item, and one for each line break in it."""
    is_open: list[Open] = []
    for block in blocks:
        del is_open[block.depth :]
        if len(is_open) == block.depth and is_open[-1].kind != block.list_item:
            is_open.pop()
        # A list whose item has no words of its own begins on the line of the list within.
        outermost = min(len(is_open), block.depth - 1)
        while len(is_open) < block.depth:
            is_open.append(Open(block.list_item or ""))
        line = " " * (is_open[outermost - 1].indent if outermost else 0)
        for each in is_open[outermost:]:
            line += each.next_marker()
            each.indent = len(line)
        yield line + marked_up(block, resolve).replace("\n", "\n" + " " * len(line))


# Text without formatting


def plain_words(text: str) -> str:
    """On one line, behind something else."""
    return escaped(SPACES_OF_HTML.sub(" ", sayable(text)).strip(" "))


def plain_paragraphs(text: str) -> str:
    """With its line breaks, and a paragraph behind each empty line."""
    return "\n\n".join(
        HARD_BREAK.join(
            escaped_at_start(plain_words(line)) for line in paragraph.split("\n") if line.strip()
        )
        for paragraph in EMPTY_LINES.split(sayable(text).strip())
        if paragraph.strip()
    )
