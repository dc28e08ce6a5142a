"""What RFC 4287 asks of a feed, and RFC 5005 of one in pages, checked of one that was written.

It is written as the grammar of the RFC is: for each element what it may have, and how often.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

__all__ = ["ATOM", "LANG", "check_feed", "entries_of", "link_of", "text_of"]

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
ONCE, AT_MOST_ONCE, ANY = (1, 1), (0, 1), (0, 10**6)
TEXT = {"type"}

# How often each may be there, and its attributes.
OF_FEED = {
    "author": (ANY, set()),
    "id": (ONCE, set()),
    "link": (ANY, {"href", "rel", "type", "title", "length", "hreflang"}),
    "subtitle": (AT_MOST_ONCE, TEXT),
    "title": (ONCE, TEXT),
    "updated": (ONCE, set()),
    "entry": (ANY, set()),
}
OF_ENTRY = {
    "author": (ANY, set()),
    "category": (ANY, {"term", "scheme", "label"}),
    "content": (AT_MOST_ONCE, {"type", "src"}),
    "id": (ONCE, set()),
    "link": (ANY, {"href", "rel", "type", "title", "length", "hreflang"}),
    "published": (AT_MOST_ONCE, set()),
    "summary": (AT_MOST_ONCE, TEXT),
    "title": (ONCE, TEXT),
    "updated": (ONCE, set()),
}
OF_PERSON: dict[str, Any] = {
    "name": (ONCE, set()),
    "uri": (AT_MOST_ONCE, set()),
    "email": (AT_MOST_ONCE, set()),
}


def check_feed(feed: Any) -> None:
    """Fails with what is wrong."""
    assert feed.tag == f"{ATOM}feed"
    assert set(feed.attrib) <= {LANG}
    check_children(feed, OF_FEED)
    entries = entries_of(feed)
    has_author = feed.find(f"{ATOM}author") is not None
    for entry in entries:
        check_children(entry, OF_ENTRY)
        assert has_author or entry.find(f"{ATOM}author") is not None
        assert entry.find(f"{ATOM}content") is not None or link_of(entry, "alternate")
    ids = [text_of(entry, "id") for entry in entries]
    assert len(set(ids)) == len(ids)
    assert text_of(feed, "id") not in ids
    assert link_of(feed, "self")
    moments = [text_of(entry, "updated") for entry in entries]
    assert all(moment <= text_of(feed, "updated") for moment in moments)


def check_children(element: Any, allowed: dict[str, Any]) -> None:
    names = Counter(child.tag.removeprefix(ATOM) for child in element)
    assert set(names) <= set(allowed), set(names) - set(allowed)
    for name, ((least, most), _) in allowed.items():
        assert least <= names[name] <= most, (name, names[name])
    for child in element:
        name = child.tag.removeprefix(ATOM)
        assert set(child.attrib) <= allowed[name][1], (name, child.attrib)
        check_content(name, child)
    alternates = [
        (link.get("type"), link.get("hreflang"))
        for link in element.iterfind(f"{ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    ]
    assert len(set(alternates)) == len(alternates)


def check_content(name: str, element: Any) -> None:
    text = (element.text or "").strip()
    if name in ("updated", "published"):
        assert MOMENT.fullmatch(text), text
    elif name == "id":
        assert urlsplit(text).scheme in {"urn", "tag", "http", "https"}, text
    elif name == "link":
        address = urlsplit(element.get("href"))
        assert address.scheme in {"http", "https"}, element.get("href")
        assert address.netloc
        assert element.get("type") is None or MEDIA_TYPE.fullmatch(element.get("type"))
        assert not len(element)
    elif name == "author":
        check_children(element, OF_PERSON)
    elif name == "category":
        assert element.get("term")
    elif name in ("title", "subtitle", "summary", "content"):
        assert element.get("type", "text") in {"text", "html"}
        assert not len(element)
    elif name == "name":
        assert text


def entries_of(feed: Any) -> list[Any]:
    return list(feed.iterfind(f"{ATOM}entry"))


def text_of(element: Any, name: str) -> str:
    return str(element.findtext(f"{ATOM}{name}"))


def link_of(element: Any, relation: str) -> str | None:
    found = (link for link in element.iterfind(f"{ATOM}link") if link.get("rel") == relation)
    return next((link.get("href") for link in found), None)
