"""What formatted text may consist of, wherever it comes from: what is stored and what is answered.

Structure beyond what editors can write (tables, quotations) is let through, for it is read as
paragraphs, so that no word is lost or runs into the next.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import nh3

from pages.rich_text.blocks import ListItem, Mark

__all__ = ["APART", "CELLS", "HEADINGS", "LISTS", "MARKS", "allowed", "storable"]

MARKS: dict[str, Mark] = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
LISTS: dict[str, ListItem] = {"ul": "bullet", "ol": "number"}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
CELLS = {"td", "th"}
# Where words are set apart from those before and behind.
APART = {
    *HEADINGS,
    *("address", "article", "aside", "blockquote", "caption", "dd", "details", "div", "dl", "dt"),
    *("figcaption", "figure", "footer", "form", "header", "hr", "li", "main", "nav", "p", "pre"),
    *("section", "summary", "table", "tbody", "tfoot", "thead", "tr"),
}
# Nothing in these was meant to be read.
UNREAD = {"head", "iframe", "noscript", "object", "script", "style", "svg", "template", "title"}
SCHEMES = {"http", "https", "mailto", "tel"}

ALLOWLIST = nh3.Cleaner(
    tags={*MARKS, *LISTS, *APART, *CELLS, "a", "br"},
    clean_content_tags=UNREAD,
    attributes={"a": {"href", "linktype", "id"}, "*": {"data-block-key"}},
    url_schemes=SCHEMES,
    link_rel=None,
)


def allowed(source: str) -> str:
    """The part of a text that is allowed, as well-formed HTML."""
    try:
        return ALLOWLIST.clean(source)
    except UnicodeEncodeError:  # It has halves of characters. Two of them are one, others none.
        whole = source.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return ALLOWLIST.clean(whole)


def storable(source: str) -> str:
    """The text without what is not allowed; as it is where that takes nothing away."""
    kept = allowed(source)
    return source if Events.of(source) == Events.of(kept) else kept


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

    unknown_decl = handle_pi = handle_comment

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)
