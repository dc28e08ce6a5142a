"""Where the sites begin in the tree of pages, in each of their languages.

In a site's own language paths begin at its home page. In each other they begin with the language,
as ``/fr/charte/`` does, so that an address is of one page only.
"""

from __future__ import annotations

from typing import NamedTuple

from wagtail.models import Page, Site

__all__ = ["SiteRoot", "language_prefix", "site_roots"]


class SiteRoot(NamedTuple):
    """A home page: its site, where it stands in the tree, and how the paths beneath it begin."""

    site_id: int
    url_path: str
    prefix: str

    def path_of(self, url_path: str) -> str | None:
        """The path on the site of a page that stands there in the tree; None beneath no home."""
        if not url_path.startswith(self.url_path):
            return None
        return f"{self.prefix}/{url_path[len(self.url_path) :]}"

    def url_path_of(self, path: str) -> str | None:
        """Where in the tree a page with a path on the site would stand; None in other languages."""
        path = f"/{path.strip('/')}/" if path.strip("/") else "/"
        if not path.startswith(f"{self.prefix}/"):
            return None
        return self.url_path + path[len(self.prefix) + 1 :]


def language_prefix(language: str) -> str:
    """How the paths of a site begin in another language than its own."""
    return f"/{language}"


def site_roots() -> list[SiteRoot]:
    """The home pages of all sites, in all languages; the longest place in the tree first.

    Wagtail remembers them for an hour in each process. What readers are shown follows what is
    stored.
    """
    sites = Site.objects.order_by("-is_default_site", "hostname").values_list(
        "pk", "root_page__translation_key", "root_page__locale__language_code"
    )
    known = list(sites)
    pages = Page._base_manager.filter(translation_key__in=[key for _, key, _ in known])
    homes = list(pages.values_list("translation_key", "url_path", "locale__language_code"))
    found = [
        SiteRoot(site_id, url_path, "" if language == own else language_prefix(language))
        for site_id, key, own in known
        for home, url_path, language in homes
        if home == key
    ]
    return sorted(found, key=lambda root: root.url_path, reverse=True)
