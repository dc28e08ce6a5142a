"""What crawlers may read at the CMS's own host; a frontend has a ``robots.txt`` of its own.

Files are at the CMS wherever pages are, so that search engines may come for those.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from cms.api.operations import OperationContext
from cms.feeds.answers import answered_as
from pages.addresses import address_of_site, frontend_of

__all__ = ["robots"]

NOTHING = ["Disallow: /"]
FILES = [
    "Allow: /uploads/",
    "Allow: /documents/",
    "Allow: /feeds/",
    "Allow: /cards/",
    "Allow: /charts/",
    "Allow: /sitemap",
]
FOR_PEOPLE = ["Disallow: /admin/", "Disallow: /graphql", "Disallow: /_util/"]


@answered_as("text/plain")
def robots(context: OperationContext, parameters: Any) -> bytes:
    lines = ["User-agent: *", *rules_of(context.sites.own)]
    if settings.CRAWLERS_ALLOWED:
        lines += ["", f"Sitemap: {address_of_site(context.sites.own)}/sitemap.xml"]
    return ("\n".join(lines) + "\n").encode()


def rules_of(site: Any) -> list[str]:
    if not settings.CRAWLERS_ALLOWED:
        return NOTHING
    return [*FILES, *NOTHING] if frontend_of(site) else FOR_PEOPLE
