"""Rich text as readers get it: links follow their targets, and never betray hidden ones.

Editors' links are stored by id. Here an id becomes an address when its target is visible to the
reader; otherwise the link's words stay and the link goes, so that nothing of the target is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape

from wagtail.rich_text.rewriters import extract_attrs

__all__ = ["References", "RichTextValue", "links_in", "render"]

KEY = re.compile(r"[0-9]{1,18}")
LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
# Where one block ends or another begins, also one within another.
BLOCK_EDGE = re.compile(r"</?(?:p|h[1-6]|li|ul|ol|br|hr)\b[^>]*>")
SPACES = re.compile(r" {2,}")
TAG = re.compile(r"<[^>]+>")
SAFE_SCHEMES = ("http://", "https://", "mailto:", "tel:", "#", "/")
# The admin's editor writes no other tags than these, but an import or a script could store them.
UNSAFE_TAG = re.compile(
    r"<(?!/?(?:p|h[2-6]|[ou]l|li|b|i|strong|em|br|hr)(?: data-block-key=\"\w*\")? ?/?>"
    rf'|/a>|a href="(?i:{"|".join(SAFE_SCHEMES)})[^"<>]*">)'
    r"[a-zA-Z/!?][^<>]*>?"
)
# Those of them that set words apart from what is before and behind.
APART = re.compile(
    r"</?(?:address|article|aside|blockquote|caption|d[dlt]|details|div|fig\w+|footer|form|h1"
    r"|header|iframe|main|nav|option|pre|script|section|style|summary|t(?:able|body|d|foot|h|head|r))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RichTextValue:
    """What a ``RichText`` is resolved from."""

    html: str

    @property
    def text(self) -> str:
        with_breaks = BLOCK_EDGE.sub("\n", self.html)
        lines = unescape(TAG.sub("", with_breaks)).splitlines()
        return "\n".join(SPACES.sub(" ", line).strip() for line in lines if line.strip())


@dataclass(frozen=True, slots=True)
class References:
    """Ids of what a rich text links to."""

    pages: list[int]
    documents: list[int]

    def __bool__(self) -> bool:
        return bool(self.pages or self.documents)


def links_in(source: str) -> References:
    references = References([], [])
    if "linktype" not in source:
        return references
    for attributes, _ in LINK.findall(source):
        attrs = extract_attrs(attributes)
        key = key_in(attrs)
        if key is None:
            continue
        if attrs.get("linktype") == "page":
            references.pages.append(key)
        elif attrs.get("linktype") == "document":
            references.documents.append(key)
    return references


def key_in(attrs: dict) -> int | None:
    """The id of what a link leads to; None when nothing can have it."""
    key = attrs.get("id", "")
    return int(key) if KEY.fullmatch(key) else None


def render(
    source: str,
    page_url: Callable[[int], str | None],
    document_url: Callable[[int], str | None],
) -> RichTextValue:
    """HTML for readers; the two functions answer None for a target that is not visible."""

    def link(match: re.Match) -> str:
        attrs, words = extract_attrs(match.group(1)), match.group(2)
        address = _address(attrs, page_url, document_url)
        return f'<a href="{escape(address)}">{words}</a>' if address else words

    return RichTextValue(without_unsafe_tags(LINK.sub(link, source)))


def without_unsafe_tags(html: str) -> str:
    """Again and again: what is left of two of them, one within the other, may be a third."""
    while (safer := UNSAFE_TAG.sub(in_place_of, html)) != html:
        html = safer
    return html


def in_place_of(unsafe: re.Match) -> str:
    return " " if APART.match(unsafe[0]) else ""


def _address(attrs: dict, page_url, document_url) -> str | None:
    if attrs.get("linktype") in {"page", "document"}:
        key = key_in(attrs)
        url = page_url if attrs["linktype"] == "page" else document_url
        return None if key is None else url(key)
    address = attrs.get("href", "").strip()
    return address if address.lower().startswith(SAFE_SCHEMES) and address != "#" else None
