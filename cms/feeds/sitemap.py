"""The addresses of all public pages of a site, as sitemaps.org describes it.

They are those of the frontend, whose host alone may name them: it hands requests for these files
on to the CMS. See docs/frontend.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any, NamedTuple

from django.http import Http404
from django.utils.encoding import iri_to_uri
from django.utils.html import escape

from cms.api.operations import OperationContext
from cms.api.reading.questions import SitemapPages
from cms.database.statements import Question
from cms.feeds.answers import answered_as
from pages.addresses import address_of_site

__all__ = ["part", "sitemap"]

# Of one file; with room for what is around the entries.
MOST_ADDRESSES = 50_000
MOST_BYTES = 49_000_000
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
XML = "application/xml"


@dataclass(frozen=True)
class PublicPages(Question):
    """What is told of each, after the page above it."""

    pages: SitemapPages

    def queryset(self):
        pages = self.pages.queryset().order_by("path")
        return pages.values_list("url_path", "last_published_at", "translation_key", "locale_id")


class PublicPage(NamedTuple):
    url_path: str
    last_published_at: Any
    translation_key: Any
    locale_id: int


@answered_as(XML)
def sitemap(context: OperationContext, parameters: Any) -> bytes:
    """All of it, or where its parts are."""
    parts = list(parts_of(entries_of(context)))
    if len(parts) == 1:
        return document("urlset", parts[0])
    own = address_of_site(context.sites.own)
    numbers = range(1, len(parts) + 1)
    return document(
        "sitemapindex",
        [f"<sitemap><loc>{address(f'{own}/sitemap-{n}.xml')}</loc></sitemap>" for n in numbers],
    )


@answered_as(XML)
def part(context: OperationContext, parameters: Any, number: int) -> bytes:
    parts = list(parts_of(entries_of(context)))
    if not 1 <= number <= len(parts):
        raise Http404("The sitemap has no such part.")
    return document("urlset", parts[number - 1])


def entries_of(context: OperationContext) -> Iterator[str]:
    roots = context.content.sitemap_roots
    rows = PublicPages(SitemapPages.beneath(roots)).ask(roots=roots, moment=context.moment)
    pages = [PublicPage(*row) for row in rows]
    translations = defaultdict(list)
    for page in pages:
        translations[page.translation_key].append(page)
    for page in pages:
        yield entry_of(page, translations[page.translation_key], context.content)


def entry_of(page: PublicPage, translations: list[PublicPage], content: Any) -> str:
    entry = f"<url><loc>{address(content.url_of(page))}</loc>"
    if page.last_published_at:
        changed = page.last_published_at.astimezone(UTC)
        entry += f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>"
    for other in translations if len(translations) > 1 else ():
        entry += (
            f'<xhtml:link rel="alternate" hreflang="{escape(content.language_of(other.locale_id))}"'
            f' href="{address(content.url_of(other))}"/>'
        )
    return f"{entry}</url>"


def address(iri: str) -> str:
    return escape(iri_to_uri(iri))


def parts_of(entries: Iterable[str]) -> Iterator[list[str]]:
    """As many in each file as it may have; one file at least."""
    part: list[str] = []
    size = 0
    for entry in entries:
        length = len(entry.encode()) + 1
        if part and (len(part) == MOST_ADDRESSES or size + length > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(entry)
        size += length
    yield part


def document(root: str, entries: Iterable[str]) -> bytes:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<{root} xmlns="{SITEMAPS}" xmlns:xhtml="{XHTML}">',
        *entries,
        f"</{root}>\n",
    ]
    return "\n".join(lines).encode()
