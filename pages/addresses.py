"""The addresses of the CMS and of the frontends, where readers are.

Both are settings, read at each start: what a database remembers of an address is out of date as
soon as the site moves. The host and port that Wagtail keeps of a site only say which requests are
for it.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from wagtail.models import Site

__all__ = [
    "address_of_site",
    "forget_addresses",
    "frontend_of",
    "in_cms",
    "known_addresses",
    "plain_address",
    "whole_address",
]

SCHEME = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
HTTP, HTTPS = 80, 443
KEPT = "pages.addresses"
# As long as Wagtail itself remembers where sites are.
SECONDS_KEPT = 3600


def in_cms(path: str) -> str:
    """Where a file or screen of the CMS is found; files that are stored elsewhere know it."""
    return path if "://" in path else settings.SITE_URL + path


def address_of_site(site: Any) -> str:
    """Where the pages of a site are: at its frontend, or as the CMS's own plain pages."""
    return frontend_of(site) or plain_address(site)


def frontend_of(site: Any) -> str | None:
    named = f"{site.hostname}:{site.port}", site.hostname, *([""] if site.is_default_site else [])
    return next((settings.FRONTENDS[name] for name in named if name in settings.FRONTENDS), None)


def plain_address(site: Any) -> str:
    """The default site is at the CMS's own address, and others are by their hosts beside it.

    Port 80 is what Wagtail fills in, so it says no more than that nobody has chosen another.
    """
    if site.is_default_site:
        return settings.SITE_URL
    own = urlsplit(settings.SITE_URL)
    if site.port == HTTPS:
        return f"https://{site.hostname}"
    port = own.port if site.port == HTTP else site.port
    return f"{own.scheme}://{site.hostname}" + (f":{port}" if port else "")


def whole_address(written: str, site: str) -> str | None:
    """An address that somebody wrote, away from the site; None if it only means something there."""
    if SCHEME.match(written):
        return written
    if written.startswith("//"):
        return f"{urlsplit(site).scheme}:{written}"
    return f"{site}{written}" if written.startswith("/") else None


class KnownAddress(NamedTuple):
    """Of a site: its address, whether that is a frontend's, and the language of its home page."""

    address: str
    is_frontend: bool
    language: str


def known_addresses() -> dict[int, KnownAddress]:
    """By the keys of the sites."""
    return cache.get_or_set(KEPT, addresses_of_all, SECONDS_KEPT)


def addresses_of_all() -> dict[int, KnownAddress]:
    return {
        site.pk: KnownAddress(
            address_of_site(site),
            frontend_of(site) is not None,
            site.root_page.locale.language_code,
        )
        for site in Site.objects.select_related("root_page__locale")
    }


def forget_addresses(**kwargs: Any) -> None:
    cache.delete(KEPT)
