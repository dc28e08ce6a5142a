"""The sitemap, for frontends that write theirs: what search engines are told, in all languages."""

from __future__ import annotations

from typing import Any

import graphene

from cms.api.reading.questions import SitemapPages
from pages.types import CONNECTION_ARGUMENTS, connection_of

__all__ = ["SITEMAP"]


class SitemapAlternate(graphene.ObjectType):
    """A page in one of its languages."""

    locale = graphene.String(required=True, description="Language code: `en`; for `hreflang`.")
    url = graphene.String(required=True, description="Where readers find it in that language.")

    def resolve_locale(page, info):
        return info.context.content.language_of(page.locale_id)

    def resolve_url(page, info):
        return info.context.content.url_of(page)


class SitemapEntry(graphene.ObjectType):
    """What a sitemap has of a page."""

    url = graphene.String(required=True, description="Its canonical address, at the frontend.")
    last_modified = graphene.DateTime(description="When what readers see last changed: `lastmod`.")
    alternates = graphene.List(
        graphene.NonNull(SitemapAlternate),
        required=True,
        description="The page in each of its languages, this one too; none if it has but this one.",
    )

    def resolve_url(page, info):
        return info.context.content.url_of(page)

    def resolve_last_modified(page, info):
        return page.last_published_at

    def resolve_alternates(page, info):
        found = info.context.content.alternates_of(page)
        return found.then(lambda pages: pages if len(pages) > 1 else [])


def resolve_sitemap(root, info, **arguments: Any) -> Any:
    content = info.context.content
    roots = content.sitemap_roots
    return content.connection(
        SitemapPages.beneath(roots), order=("path",), values={"roots": roots}, **arguments
    )


SITEMAP = graphene.Field(
    lambda: connection_of(SitemapEntry.__name__, SitemapEntry),
    required=True,
    description=(
        "All public pages of the site in all its languages, without those that mirror another one,"
        " as `/sitemap.xml` has them. What else there is to know of pages, `pages` tells."
    ),
    resolver=resolve_sitemap,
    args=CONNECTION_ARGUMENTS,
)
