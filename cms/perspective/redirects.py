"""Redirects of releases, and those Wagtail makes when pages whose slugs changed are published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from cms.database.overlay import TableOverlay
from cms.perspective.changes import NewRedirect
from pages.site_roots import SiteRoot, site_roots

__all__ = [
    "Move",
    "check_link",
    "made_by_hand",
    "path_on_this_site",
    "paths_followed",
    "paths_on_sites",
    "redirects_after",
    "stays_here",
]


@dataclass(frozen=True)
class Move:
    """A page that gets another slug, and with it every page beneath it another address."""

    path: str
    slug: str
    old_url_path: str
    new_url_path: str
    at: datetime

    def renamed(self, url_path: str) -> str:
        """The address of the page, or of one beneath it, once the slug has changed."""
        names = url_path.split("/")
        names[len(self.path) // Page.steplen - 1] = self.slug
        return "/".join(names)


def redirects_after(
    moves: list[Move], went_live: dict[int, datetime], new: list[NewRedirect]
) -> TableOverlay:
    """From each address that a page had to the page, as if one move had been made after the other.

    ``went_live`` says when pages were published that are not live in the database. Redirects that
    are ``new`` come in the place of any other.
    """
    roots = site_roots()
    # Readers see no address above that of a home page.
    homes = {root.url_path for root in roots}
    beneath = [move for move in moves if move.old_url_path not in homes]
    moves = sorted(beneath, key=lambda each: each.at)
    affected = reduce(or_, (Q(path__startswith=move.path) for move in moves), Q(pk__in=[]))
    pages = Page._base_manager.filter(affected).values_list("pk", "path", "url_path", "live")
    made: dict[tuple[str, int], Redirect] = {}
    for page_id, path, url_path, live in pages:
        address = url_path
        for move in moves:
            if not path.startswith(move.path):
                continue
            before, address = address, move.renamed(address)
            is_live = live or (page_id in went_live and went_live[page_id] <= move.at)
            if is_live:
                for site_id, old_path in paths_on_sites(before, roots):
                    made[old_path, site_id] = Redirect(
                        old_path=old_path,
                        site_id=site_id,
                        redirect_page_id=page_id,
                        created_at=move.at,
                    )
    sites = {root.site_id for root in roots}
    return overlay_with(made.values(), [redirect_of(each) for each in new], sites)


def paths_on_sites(url_path: str, roots: list[SiteRoot]) -> Iterable[tuple[int, str]]:
    found: dict[int, str] = {}
    for root in roots:  # The longest path first.
        path = root.path_of(url_path)
        if path is not None:
            found.setdefault(root.site_id, path)
    return ((site_id, Redirect.normalise_path(path)) for site_id, path in found.items())


def redirect_of(new: NewRedirect) -> Redirect:
    return Redirect(
        old_path=new.old_path,
        site_id=new.site_id,
        redirect_page_id=new.page_id,
        redirect_link=new.link,
        is_permanent=new.is_permanent,
        created_at=new.at,
    )


def overlay_with(
    automatic: Collection[Redirect], new: list[Redirect], sites: set[int]
) -> TableOverlay:
    """Redirects made by Wagtail make way, and those made by hand only for those of a release.

    Each makes way on its own site; for one of a release that is for all sites, on all of them. No
    page is planned to come to the path of such a one, so none leaves it later.
    """
    table = TableOverlay(Redirect, Redirect._meta.get_field("old_path"))
    taken = {place_of(redirect) for redirect in new}
    for_all = {path for path, site_id in taken if site_id is None}
    make_way = ['"automatically_created"']
    make_way += ['"old_path" = %s AND COALESCE("site_id", 0) = %s'] * len(taken)
    parameters = [one for path, site_id in sorted(taken, key=str) for one in (path, site_id or 0)]
    table.only_replaces = f"({' OR '.join(make_way)})", parameters
    spoken_for = taken | made_by_hand({each.old_path for each in automatic})
    others = [
        each for each in automatic if not {place_of(each), (each.old_path, None)} & spoken_for
    ]
    shown = [*new, *others]
    if len(sites) > 1:
        shown += on_other_sites({place_of(each) for each in shown}, for_all)
    for redirect in shown:
        table.replaced.add(redirect.old_path)
        table.add_new(redirect)
    return table


def place_of(redirect: Redirect) -> tuple[str, int | None]:
    return redirect.old_path, redirect.site_id


def made_by_hand(paths: set[str]) -> set[tuple[str, int | None]]:
    """Places that a page does not lead on from when it leaves, as somebody has said where to."""
    found = Redirect.objects.filter(automatically_created=False, old_path__in=paths)
    return set(found.values_list("old_path", "site_id")) if paths else set()


def on_other_sites(places: set[tuple[str, int | None]], for_all: set[str]) -> Iterator[Redirect]:
    """Redirects made by Wagtail that stay: another site has something new at their path."""
    paths = {path for path, _ in places} - for_all
    for found in Redirect.objects.filter(automatically_created=True, old_path__in=paths):
        if place_of(found) not in places:
            yield found


# Where a redirect leads


def check_link(link: str) -> None:
    if path_on_this_site(link) is not None:
        return
    try:
        URLValidator(schemes=["http", "https"])(link)
    except ValidationError as error:
        raise ValidationError("Begin with a slash, “/articles/”, or with “https://”.") from error


def paths_followed(address: str, link_at: Callable[[str], str | None]) -> Iterator[str]:
    """The paths of ours that a reader comes by who is redirected; in a circle, one comes twice.

    ``link_at`` tells where a path leads to an address, if it does.
    """
    seen: set[str] = set()
    path = path_on_this_site(address)
    while path is not None:
        here = Redirect.normalise_path(path)
        yield here
        if here in seen:
            return
        seen.add(here)
        path = path_on_this_site(link_at(here) or "")


def path_on_this_site(address: str) -> str | None:
    """The path of an address that leads to a site of ours; None for others."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme in ("http", "https"):
        ours = parts.hostname in Site.objects.values_list("hostname", flat=True)
        return f"/{parts.path.lstrip('/')}" if ours else None
    return parts.path if stays_here(address) else None


def stays_here(address: str) -> bool:
    """Whether it is a path: of whichever site it stands on.

    Browsers take two slashes, also with a tab between them, for the beginning of a host.
    """
    leaves = address.startswith(("//", "/\\")) or any(map(str.isspace, address))
    return address.startswith("/") and not leaves
