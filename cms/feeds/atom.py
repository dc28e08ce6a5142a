"""Atom feeds (RFC 4287), in pages (RFC 5005): articles, deliverables, and all updates.

Feeds are at the CMS, as files are, and need no frontend; what they lead to is at the frontend.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import F
from django.http import Http404
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import escape
from wagtail.models import Page

from cms.api.operations import OperationContext
from cms.api.reading.ids import id_for
from cms.api.reading.questions import routable_pages, seen_by_readers
from cms.database.statements import BeginsWithGiven, Question
from cms.feeds.answers import answered_as
from cms.feeds.asking import Refused, ask, lasting_id, name_of_site
from media.licences import Licence
from pages.addresses import plain_address
from pages.models import ArticlePage, DeliverablePage

__all__ = ["atom"]

ENTRIES = 20
MOST_PAGES = 50
# With more, and with more than an answer of the API may take, entries are titles and links alone.
MOST_BYTES = 4_000_000
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
WEB = ("https://", "http://")

# What is told of all pages alike is read without the pages' texts.
OPERATION = """
query ($ids: [ID!]!, $whole: Boolean!) {
  site { name url settings { name } }
  nodes(ids: $ids) {
    ... on PageInterface { id title url firstPublishedAt lastPublishedAt }
    ...Contents @include(if: $whole)
  }
}
fragment Contents on PageInterface {
  seo { description }
  ... on ArticlePage {
    standfirst
    tags
    authors { person { name } }
    body {
      ... on ArticleHeading { heading }
      ... on ArticleParagraphs { text { html(firstHeading: 3) } }
      ... on ArticleQuotation { quotation attribution }
      ... on ArticlePicture {
        caption
        picture { alt image { url width height credit licence } }
      }
    }
  }
  ... on DeliverablePage {
    tags
    authors { person { name } }
    document { title url fileSize mediaType }
    linkUrl
    summary { html(firstHeading: 2) }
  }
  ... on ForumPage { dateText venue summary { html(firstHeading: 2) } }
}
"""


@dataclass(frozen=True)
class Kind:
    """Which pages a feed has, the last first."""

    title: str
    model: type[Page]
    order: str


FEEDS = {
    "articles": Kind("Articles", ArticlePage, "first_published_at"),
    "deliverables": Kind("Deliverables", DeliverablePage, "first_published_at"),
    "updates": Kind("All updates", Page, "last_published_at"),
}


@dataclass(frozen=True)
class Newest(Question):
    """The keys of the pages on a page of a feed, and of one more if there is one."""

    kind: Kind
    skipped: int
    limit: int

    def queryset(self):
        every = routable_pages() if self.kind.model is Page else self.kind.model.objects.all()
        pages = seen_by_readers(every).filter(BeginsWithGiven("path", "root"))
        pages = pages.order_by(F(self.kind.order).desc(nulls_last=True), "-pk")
        return pages.values_list("pk")[self.skipped : self.skipped + self.limit]


class PagedFeed(Atom1Feed):
    """With several authors and a content for each entry, and links to the pages around."""

    def latest_post_date(self) -> datetime:
        """Of a feed without entries Django would tell the time of the answer."""
        return max((item["updateddate"] for item in self.items), default=LONG_AGO)

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for relation, address in self.feed["pages_around"].items():
            handler.addQuickElement("link", None, {"rel": relation, "href": address})

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        if item["content"]:
            handler.addQuickElement("content", item["content"], {"type": "html"})


@answered_as("application/atom+xml")
def atom(context: OperationContext, parameters: Mapping[str, str], name: str) -> bytes:
    if name not in FEEDS:
        raise Http404("There is no such feed.")
    page = page_asked(parameters.get("page", "1"))
    root = context.sites.own.root_page.path
    newest = Newest(FEEDS[name], (page - 1) * ENTRIES, ENTRIES + 1)
    keys = [key for (key,) in newest.ask(root=root, moment=context.moment)]
    if page > 1 and not keys:
        raise Http404("The feed has no such page.")
    try:
        written = feed_of(context, name, page, keys, whole=True)
        if len(written) <= MOST_BYTES:
            return written
    except Refused:
        pass
    return feed_of(context, name, page, keys, whole=False)


def page_asked(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= MOST_PAGES):
        raise Http404("The feed has no such page.")
    return int(text)


def feed_of(
    context: OperationContext, name: str, page: int, keys: list[int], *, whole: bool
) -> bytes:
    ids = [id_for(Page, key) for key in keys[:ENTRIES]]
    told = ask(context, OPERATION, ids=ids, whole=whole)
    site = name_of_site(told["site"])
    own = f"{plain_address(context.sites.own)}/feeds/{name}.atom"
    feed = PagedFeed(
        title=f"{site}: {FEEDS[name].title}",
        link=f"{told['site']['url']}/",
        description=None,
        language=context.content.language_of(context.sites.own.root_page.locale_id),
        author_name=site,
        feed_url=page_of(own, page),
        feed_guid=lasting_id(context, f"feed:{name}"),
        pages_around=pages_around(own, page, is_last=len(keys) <= ENTRIES or page == MOST_PAGES),
    )
    for entry in filter(None, told["nodes"]):
        feed.add_item(unique_id=lasting_id(context, entry["id"]), **item_of(entry))
    return feed.writeString("utf-8").encode()


def page_of(address: str, page: int) -> str:
    return address if page == 1 else f"{address}?page={page}"


def pages_around(address: str, page: int, *, is_last: bool) -> dict[str, str]:
    around = {"first": address}
    if page > 1:
        around["previous"] = page_of(address, page - 1)
    if not is_last:
        around["next"] = page_of(address, page + 1)
    return around


def item_of(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry as ``add_item`` takes it."""
    published, updated = moment(entry["firstPublishedAt"]), moment(entry["lastPublishedAt"])
    people = [author["person"] for author in entry.get("authors", ())]
    document = entry.get("document")
    summary = entry.get("standfirst") or entry.get("seo", {}).get("description")
    return {
        "title": entry["title"],
        "link": entry["url"],
        "description": escape(summary) if summary else None,
        "pubdate": published,
        "updateddate": updated or published or LONG_AGO,
        "authors": [person["name"] for person in people if person],
        "categories": entry.get("tags", ()),
        "enclosures": [enclosure_of(document)] if document else (),
        "content": content_of(entry),
    }


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(microsecond=0) if text else None


def enclosure_of(document: dict[str, Any]) -> Enclosure:
    return Enclosure(document["url"], str(document["fileSize"] or 0), document["mediaType"])


def content_of(entry: dict[str, Any]) -> str:
    if not ({"body", "summary"} & entry.keys()):
        return ""
    pictures = (block.get("picture") for block in entry.get("body", ()))
    for image in filter(None, ((use or {}).get("image") for use in pictures)):
        image["licence"] = Licence.__members__[image["licence"]].label if image["licence"] else ""
    link = entry.get("linkUrl") or ""
    shown = {**entry, "linkUrl": link if link.startswith(WEB) else ""}
    return render_to_string("feeds/content.html", {"entry": shown}).strip()
