"""Which site a request is for, and where the pages of each site stand.

Read anew for each request, in one statement: what Wagtail remembers of sites may be an hour old in
a process that another one has not told of a change. The statement also tells when the first
approved revision goes live, so that a request learns for nothing that nothing is due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.http.request import split_domain_port
from wagtail.models import Page, Site

from cms.api.reading.questions import EDITOR_COLUMNS
from cms.database.statements import Question
from cms.perspective.audience import Audience
from cms.perspective.next_change import earliest_go_live
from pages.addresses import address_of_site
from pages.site_roots import language_prefix

__all__ = ["Sites", "UnknownSite"]


class UnknownSite(Exception):
    """No site is served under the host name of a request."""


@dataclass(frozen=True)
class AllSites(Question):
    def queryset(self):
        sites = Site.objects.select_related("root_page").order_by("pk")
        sites = sites.defer(*(f"root_page__{name}" for name in EDITOR_COLUMNS))
        return sites.annotate(
            earliest_go_live=earliest_go_live(), language=F("root_page__locale__language_code")
        )


@dataclass(frozen=True)
class Roots(Question):
    """The home pages of all sites, in all languages."""

    def queryset(self):
        keys = Site.objects.order_by().values("root_page__translation_key")
        homes = Page.objects.filter(translation_key__in=keys)
        return homes.annotate(language=F("locale__language_code"))


@dataclass(frozen=True)
class Root:
    """Where pages of a site stand in the tree of addresses, and where readers find them."""

    url_path: str
    site: int
    address: str
    name: str
    # The site's own language, and how paths begin here.
    language: str
    prefix: str = ""

    def path_of(self, url_path: str) -> str:
        return f"{self.prefix}/{url_path.removeprefix(self.url_path).lstrip('/')}"


class Sites:
    """All sites; ``own`` is the one that a request is for. Raises ``UnknownSite``."""

    def __init__(self, request: HttpRequest | None = None, *, key: int | None = None):
        """Where nobody asks, ``key`` is that of the site."""
        self.all: list[Any] = AllSites().ask()
        if request is not None:
            hostname, _ = split_domain_port(request.get_host())
            self.own = self.under(hostname, request.get_port())
        else:
            self.own = next(site for site in self.all if site.pk == key)
        self.earliest_go_live: datetime | None = self.own.earliest_go_live

    def under(self, hostname: str, port: str) -> Any:
        """The site under a host name, by the rules of ``Site.find_for_request``."""
        named = [site for site in self.all if site.hostname == hostname]
        default = next((site for site in self.all if site.is_default_site), None)
        for site in named:
            if str(site.port) == port:
                return site
        if default in named or len(named) != 1:
            if default is None:
                raise UnknownSite(hostname)
            return default
        return named[0]

    def root_of(self, page: Page) -> Root:
        """The root that a page stands under, or that of the own site when it stands nowhere."""
        return (
            root_above(page, self._known_roots)
            or root_above(page, self._translated_roots)
            or self._known_roots[0]
        )

    def own_homes(self) -> list[Page]:
        """The home pages of the own site, in all its languages; that of its own language first."""
        own = self.own.root_page
        return [own, *(home for home in self._homes_like(own) if home.pk != own.pk)]

    def home_in(self, language: str) -> Page | None:
        """The home page of the own site in a language; None in one that it does not have."""
        own = self.own.root_page
        if language == self.own.language:
            return own
        return next((each for each in self._homes_like(own) if each.language == language), None)

    def own_roots(self) -> list[Root]:
        """Where pages of the own site stand in the tree of addresses, in all its languages."""
        own = self.own
        return [root_at(own.root_page, own), *self._roots_elsewhere(own)]

    def audience(self) -> Audience:
        """The readers of the own site."""
        return Audience(self.own.pk, tuple(home.path for home in self.own_homes()))

    @contextmanager
    def moved(self, move: Callable[[str, str], str]) -> Iterator[None]:
        """Home pages were read as they are published: elsewhere they may have other addresses."""
        homes = [site.root_page for site in self.all]
        published = [home.url_path for home in homes]
        for home in homes:
            home.url_path = move(home.path, home.url_path)
        self._forget_roots()
        try:
            yield
        finally:
            for home, url_path in zip(homes, published, strict=True):
                home.url_path = url_path
            self._forget_roots()

    def _forget_roots(self) -> None:
        for name in ("_known_roots", "_translated_roots", "_homes"):
            self.__dict__.pop(name, None)

    @cached_property
    def _known_roots(self) -> list[Root]:
        return [root_at(site.root_page, site) for site in self._own_first]

    @cached_property
    def _translated_roots(self) -> list[Root]:
        return [root for site in self._own_first for root in self._roots_elsewhere(site)]

    def _roots_elsewhere(self, site: Any) -> list[Root]:
        """In other languages than the site's own."""
        own = site.root_page
        others = (home for home in self._homes_like(own) if home.pk != own.pk)
        return [root_at(home, site, language_prefix(home.language)) for home in others]

    def _homes_like(self, own: Page) -> list[Any]:
        return [home for home in self._homes if home.translation_key == own.translation_key]

    @cached_property
    def _homes(self) -> list[Any]:
        return Roots().ask()

    @cached_property
    def _own_first(self) -> list[Site]:
        """The own site, then those that stand deepest in the tree."""
        return sorted(
            self.all, key=lambda site: (site is not self.own, -len(site.root_page.url_path))
        )


def root_at(home: Page, site: Any, prefix: str = "") -> Root:
    name = site.site_name or settings.WAGTAIL_SITE_NAME
    return Root(home.url_path, site.pk, address_of_site(site), name, site.language, prefix)


def root_above(page: Page, roots: list[Root]) -> Root | None:
    return next((root for root in roots if page.url_path.startswith(root.url_path)), None)
