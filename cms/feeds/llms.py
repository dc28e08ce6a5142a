"""``/llms.txt``: what the site has for language models to read, by https://llmstxt.org.

Of pages of which there are many the newest are told, then some that are older as optional.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.text import capfirst
from wagtail.models import Page

from cms.api.operations import OperationContext
from cms.api.reading.questions import SitemapPages
from cms.database.statements import Question
from cms.feeds.answers import answered_as
from cms.feeds.asking import ask, name_of_site
from cms.feeds.markdown import FILE
from pages.markdown.document import Document, Markdown, joined, link
from pages.xml_texts import speakable

__all__ = ["llms"]

# Of each type of page in a language: what most readers need, and what they may do without.
NEWEST, OLDER = 20, 40
SITE = "{ site { name settings { name description } } }"
ABOUT = "About"
HOW_TO_READ = (
    "Each address leads to a page as Markdown. Without index.md at its end, it leads to the page "
    "as people read it."
)


@dataclass(frozen=True)
class NewestPages(Question):
    """Of each type in each language as many as are told, the newest first."""

    pages: SitemapPages

    def queryset(self):
        newest = (F("first_published_at").desc(nulls_last=True), F("pk").desc())
        place = Window(RowNumber(), partition_by=[F("content_type"), F("locale")], order_by=newest)
        pages = self.pages.queryset().annotate(place=place).filter(place__lte=NEWEST + OLDER)
        return pages.order_by("place", "path").values_list(
            "title", "url_path", "search_description", "content_type_id", "locale_id", "place"
        )


class ToldPage(NamedTuple):
    title: str
    url_path: str
    search_description: str
    content_type_id: int
    locale_id: int
    place: int


@answered_as("text/plain")
def llms(context: OperationContext, parameters: Any) -> bytes:
    site = ask(context, SITE)["site"]
    document = Document(name_of_site(site))
    document.quotation(site["settings"]["description"], None)
    document.paragraph(Markdown(HOW_TO_READ))
    optional: list[Markdown] = []
    for title, pages in sections_of(context):
        section = document.section(title)
        section.items(line_of(context, page) for page in pages if page.place <= NEWEST)
        optional += (line_of(context, page) for page in pages if page.place > NEWEST)
    document.section("Optional").items(optional)
    return f"{document.written()}\n".encode()


def sections_of(context: OperationContext) -> Iterator[tuple[str, list[ToldPage]]]:
    """The site's own language first; in each the pages that stand alone, then types with many."""
    roots = context.content.sitemap_roots
    rows = NewestPages(SitemapPages.beneath(roots)).ask(roots=roots, moment=context.moment)
    found: dict[tuple[int, str], list[ToldPage]] = defaultdict(list)
    for row in rows:
        page = ToldPage(*speakable(list(row)))
        found[page.locale_id, kind_of(page)].append(page)
    own = context.sites.own.root_page.locale_id

    def place(key: tuple[int, str]) -> tuple[bool, str, bool, str]:
        locale, kind = key
        return locale != own, context.content.language_of(locale), kind != ABOUT, kind

    for locale, kind in sorted(found, key=place):
        pages = found[locale, kind]
        if kind == ABOUT:
            pages.sort(key=lambda page: (page.url_path.count("/"), page.url_path))
        language = context.content.language_of(locale)
        yield (kind if locale == own else f"{kind} ({language})"), pages


def kind_of(page: ToldPage) -> str:
    model: Any = ContentType.objects.get_for_id(page.content_type_id).model_class()
    is_alone = model.max_count_per_parent == 1 or Page in model.allowed_parent_page_models()
    return ABOUT if is_alone else str(capfirst(model._meta.verbose_name_plural))


def line_of(context: OperationContext, page: Any) -> Markdown:
    address = f"{context.content.url_of(page)}{FILE}"
    return joined([link(page.title, address), page.search_description], ": ")
