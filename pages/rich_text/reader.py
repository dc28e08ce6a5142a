"""Turns HTML that the allowlist let through into blocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from html.parser import HTMLParser
from typing import Literal

from pages.rich_text.allowlist import APART, CELLS, HEADINGS, LISTS, MARKS
from pages.rich_text.blocks import NOWHERE, Block, Link, ListItem, Mark, Span

__all__ = ["Reader"]

# A row of a table is one line, whatever its cells consist of.
WITHIN_CELLS = {*APART, *LISTS} - {"caption", "table", "tbody", "tfoot", "thead", "tr"}
BETWEEN_CELLS = " | "
KINDS: dict[str, Literal["page", "document"]] = {"page": "page", "document": "document"}
KEY = re.compile(r"[0-9]{1,18}")
# No object has it.
NO_KEY = 0
BLOCK_KEY = re.compile(r"\w{1,40}", re.ASCII)
SPACES = re.compile(r"[ \t\n\r\f]+")


class Reader(HTMLParser):
    """Turns HTML that the allowlist let through into blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.lists: list[ListItem] = []
        self.marks: Counter[Mark] = Counter()
        self.link: Link | None = None
        self.spans: list[Span] = []
        self.heading = 0
        self.key = ""
        self.cells = 0
        self.keys: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.cells and tag in WITHIN_CELLS:
            self.add(" ")
        elif tag in LISTS:
            self.end_block()
            self.lists.append(LISTS[tag])
        elif tag in APART:
            self.end_block()
            self.heading = HEADINGS.get(tag, 0)
            key = dict(attrs).get("data-block-key") or ""
            self.key = key if BLOCK_KEY.fullmatch(key) else ""
        elif tag in MARKS:
            self.marks[MARKS[tag]] += 1
        elif tag == "a":
            self.link = link_of({name: value or "" for name, value in attrs})
        elif tag == "br":
            self.add("\n")
        elif tag in CELLS:
            self.cells += 1
            if has_words(self.spans):
                self.spans.append(Span(BETWEEN_CELLS))

    def handle_endtag(self, tag: str) -> None:
        if self.cells and tag in WITHIN_CELLS:
            self.add(" ")
        elif tag in LISTS:
            self.end_block()
            self.lists.pop()
        elif tag in APART:
            self.end_block()
        elif tag in MARKS:
            self.marks[MARKS[tag]] -= 1
        elif tag == "a":
            self.link = None
        elif tag in CELLS:
            self.cells -= 1

    def handle_data(self, data: str) -> None:
        self.add(SPACES.sub(" ", data))

    def add(self, text: str) -> None:
        marks = frozenset(mark for mark, count in self.marks.items() if count)
        self.spans.append(Span(text, marks, self.link))

    def close(self) -> None:
        super().close()
        self.end_block()

    def end_block(self) -> None:
        spans = tuple(joined(trimmed(self.spans)))
        if has_words(spans):
            depth = len(self.lists)
            list_item = self.lists[-1] if depth else None
            heading = 0 if depth else self.heading
            self.blocks.append(Block(self.own_key(spans), spans, heading, list_item, depth))
        self.spans, self.heading, self.key = [], 0, ""

    def own_key(self, spans: tuple[Span, ...]) -> str:
        """The editor's, or one of the words, which are not moved by what is written before them."""
        words = "".join(span.text for span in spans)
        key = self.key or blake2b(words.encode(), digest_size=4).hexdigest()
        self.keys[key] += 1  # Words can be written twice, and blocks pasted.
        return key if self.keys[key] == 1 else f"{key}-{self.keys[key]}"


def link_of(attrs: dict[str, str]) -> Link | None:
    """None for an address that was taken away, and for a kind of link that is not known."""
    kind = attrs.get("linktype")
    if kind:
        stored, key = KINDS.get(kind), attrs.get("id", "")
        return Link(stored, key=int(key) if KEY.fullmatch(key) else NO_KEY) if stored else None
    if "href" not in attrs:
        return None
    address = attrs["href"].strip()
    return Link("address", address=address) if address not in ("", "#") else NOWHERE


def has_words(spans: Iterable[Span]) -> bool:
    return any(not span.text.isspace() for span in spans)


def trimmed(spans: Iterable[Span]) -> list[Span]:
    """Without spaces at the ends of its lines, and of one space after another."""
    kept: list[Span] = []
    line_is_empty = True
    for span in spans:
        text = span.text.lstrip(" ") if line_is_empty else span.text
        if text.startswith("\n"):
            strip_end(kept, " ")
        if text:
            kept.append(Span(text, span.marks, span.link))
            line_is_empty = text.endswith((" ", "\n"))
    strip_end(kept, " \n")
    while kept and not kept[0].text.strip("\n"):
        del kept[0]
    return kept


def strip_end(spans: list[Span], characters: str) -> None:
    while spans:
        last = spans.pop()
        if text := last.text.rstrip(characters):
            spans.append(Span(text, last.marks, last.link))
            return


def joined(spans: Iterable[Span]) -> list[Span]:
    """Words that look alike are one span."""
    whole: list[Span] = []
    for span in spans:
        if whole and (whole[-1].marks, whole[-1].link) == (span.marks, span.link):
            whole[-1] = Span(whole[-1].text + span.text, span.marks, span.link)
        else:
            whole.append(span)
    return whole
