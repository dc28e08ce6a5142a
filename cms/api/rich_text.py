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

__all__ = ["References", "RichTextValue", "references_in", "render"]

LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|ul|ol)>|<br\s*/?>|<hr\s*/?>")
TAG = re.compile(r"<[^>]+>")
SAFE_SCHEMES = ("http://", "https://", "mailto:", "tel:", "#", "/")
# The admin's editor writes no other tags than these, but an import or a script could store them.
UNSAFE_TAG = re.compile(
    r"<(?!/?(?:p|h[2-6]|[ou]l|li|b|i|strong|em|br|hr)(?: data-block-key=\"\w*\")? ?/?>"
    rf'|/a>|a href="(?i:{"|".join(SAFE_SCHEMES)})[^"<>]*">)'
    r"[a-zA-Z/!?][^<>]*>?"
)


@dataclass(frozen=True, slots=True)
class RichTextValue:
    """What a ``RichText`` is resolved from."""

    html: str

    @property
    def text(self) -> str:
        with_breaks = BLOCK_END.sub("\n", self.html)
        lines = unescape(TAG.sub("", with_breaks)).splitlines()
        return "\n".join(line.strip() for line in lines if line.strip())


@dataclass(frozen=True, slots=True)
class References:
    """Ids of what a rich text links to."""

    pages: list[int]
    documents: list[int]

    def __bool__(self) -> bool:
        return bool(self.pages or self.documents)


def references_in(source: str) -> References:
    references = References([], [])
    if "linktype" not in source:
        return references
    for attributes, _ in LINK.findall(source):
        attrs = extract_attrs(attributes)
        if not attrs.get("id", "").isdigit():
            continue
        if attrs.get("linktype") == "page":
            references.pages.append(int(attrs["id"]))
        elif attrs.get("linktype") == "document":
            references.documents.append(int(attrs["id"]))
    return references


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

    return RichTextValue(UNSAFE_TAG.sub("", LINK.sub(link, source)))


def _address(attrs: dict, page_url, document_url) -> str | None:
    target = attrs.get("id", "")
    if attrs.get("linktype") == "page":
        return page_url(int(target)) if target.isdigit() else None
    if attrs.get("linktype") == "document":
        return document_url(int(target)) if target.isdigit() else None
    address = attrs.get("href", "").strip()
    return address if address.lower().startswith(SAFE_SCHEMES) and address != "#" else None
