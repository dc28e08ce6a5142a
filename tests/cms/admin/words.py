"""The words on the screens of the admin, and those of them that are of programs."""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["FOREIGN", "foreign_texts", "texts_of"]

FOREIGN = re.compile(
    r"\b(moderat\w*|snippets?|slugs?|root|locales?|csrf\w*|registered operations?|workflows?"
    r"|wagtail)\b",
    re.IGNORECASE,
)
# What is read out or shown though it is no text of the page.
TOLD = ("alt", "aria-label", "aria-description", "placeholder", "title", "data-w-confirm-message")


class Words(HTMLParser):
    """Every text of a page that somebody sees or is read, each with what it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.hidden += tag in ("script", "style")
        self.texts += [given[name] or "" for name in TOLD if name in given]
        if "wagtail.org" in (given.get("href") or ""):
            self.texts.append(given["href"] or "")
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.texts.append(given.get("value") or "")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.hidden and data.strip():
            self.texts.append(" ".join(data.split()))


def texts_of(html: str) -> list[str]:
    words = Words()
    words.feed(html)
    return words.texts


def foreign_texts(html: str) -> list[str]:
    return [text for text in texts_of(html) if FOREIGN.search(text)]
