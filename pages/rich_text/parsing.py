"""Reads formatted text from the HTML in which it is stored, imported or pasted.

Everything passes one allowlist first. What structure it has beyond that (tables, quotations) is
read as paragraphs, so that no word is lost or runs into the next.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from html.parser import HTMLParser
from operator import itemgetter
from threading import Lock
from typing import Any, Literal

import nh3
from cachetools import LRUCache

from pages.rich_text.blocks import NOWHERE, Block, Link, ListItem, Mark, RichText, Span

__all__ = ["MAX_BYTES_KEPT", "parse", "storable"]

# Of the texts that are kept in a process, read.
MAX_BYTES_KEPT = 16_000_000
# What is made of a text takes a multiple of its characters, and something for each block and span.
BYTES_OF_AN_OBJECT = 400

MARKS: dict[str, Mark] = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
LISTS: dict[str, ListItem] = {"ul": "bullet", "ol": "number"}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
CELLS = {"td", "th"}
# Where words are set apart from those before and behind.
APART = {
    *HEADINGS,
    *("address", "article", "aside", "blockquote", "caption", "dd", "details", "div", "dl", "dt"),
    *(
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "p",
        "pre",
        "section",
    ),
    *("summary", "table", "tbody", "tfoot", "thead", "tr"),
}
# A row of a table is one line, whatever its cells consist of.
WITHIN_CELLS = {*APART, *LISTS} - {"caption", "table", "tbody", "tfoot", "thead", "tr"}
# Nothing in these was meant to be read.
UNREAD = {"head", "iframe", "noscript", "object", "script", "style", "svg", "template", "title"}
SCHEMES = {"http", "https", "mailto", "tel"}
KEY = re.compile(r"[0-9]{1,18}")
# No object has it.
NO_KEY = 0
BLOCK_KEY = re.compile(r"\w{1,40}", re.ASCII)
SPACES = re.compile(r"[ \t\n\r\f]+")
BETWEEN_CELLS = " | "
KINDS: dict[str, Literal["page", "document"]] = {"page": "page", "document": "document"}

ALLOWLIST = nh3.Cleaner(
    tags={*MARKS, *LISTS, *APART, *CELLS, "a", "br"},
    clean_content_tags=UNREAD,
    attributes={"a": {"href", "linktype", "id"}, "*": {"data-block-key"}},
    url_schemes=SCHEMES,
    link_rel=None,
)


def parse(source: str) -> RichText:
    """What a text says, kept for the next who asks. Safe between threads."""
    with _lock:
        known = _kept.get(source)
    if known is not None:
        return known[0]
    reader = Reader()
    reader.feed(ALLOWLIST.clean(source))
    reader.close()
    text = RichText(tuple(reader.blocks))
    objects = 1 + sum(1 + len(block.spans) for block in text.blocks)
    size = 4 * sys.getsizeof(source) + BYTES_OF_AN_OBJECT * objects
    if size <= MAX_BYTES_KEPT:
        with _lock:
            _kept[source] = text, size
    return text


def storable(source: str) -> str:
    """The text without what is not allowed; as it is where that takes nothing away."""
    allowed = ALLOWLIST.clean(source)
    return source if Events.of(source) == Events.of(allowed) else allowed


class Events(HTMLParser):
    """What HTML says, however it is spelt."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, Any]] = []

    @classmethod
    def of(cls, html: str) -> list[tuple[str, Any]]:
        events = cls()
        events.feed(html)
        events.close()
        return events.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, sorted((name, value or "") for name, value in attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(("/", tag))

    def handle_data(self, data: str) -> None:
        self.found.append(("", data))

    def handle_comment(self, data: str) -> None:
        self.found.append(("!", data))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("!", decl))

    def unknown_decl(self, data: str) -> None:
        self.found.append(("!", data))

    def handle_pi(self, data: str) -> None:
        self.found.append(("!", data))


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
        self.keys: set[str] = set()

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
        first = self.key or blake2b(words.encode(), digest_size=4).hexdigest()
        key, number = first, 1
        while key in self.keys:  # Words can be written twice, and blocks pasted.
            number += 1
            key = f"{first}-{number}"
        self.keys.add(key)
        return key


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


_lock = Lock()
_kept: LRUCache[str, tuple[RichText, int]] = LRUCache(MAX_BYTES_KEPT, itemgetter(1))
