"""Addresses at which readers see pages by the clock alone, from which they are led on after a move.

What leaves redirects otherwise goes by the rows: a scheduler that has not been there yet would find
the page somewhere else, and readers nothing where they have seen it.
"""

from __future__ import annotations

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from cms.perspective.perspectives import PUBLISHED_NOW
from cms.perspective.projection import projection_of
from cms.perspective.redirects import made_by_hand, paths_on_sites
from cms.perspective.visibility import visible
from pages import clock
from pages.site_roots import site_roots

__all__ = ["lead_on_from_where_readers_see"]


def lead_on_from_where_readers_see(page: Page, url_path_after: str) -> None:
    """Before it is moved, in the transaction that moves it; with what stands beneath it."""
    seen = still_there(seen_by_clock(page))
    roots = site_roots()
    stays_on = {root.site_id for root in roots if root.path_of(url_path_after)}
    places = {
        (old_path, site_id): page_id
        for page_id, url_path in seen.items()
        for site_id, old_path in paths_on_sites(url_path, roots)
        if site_id in stays_on
    }
    by_hand = made_by_hand({old_path for old_path, _ in places})
    for (old_path, site_id), page_id in places.items():
        if not {(old_path, site_id), (old_path, None)} & by_hand:
            Redirect.objects.update_or_create(
                old_path=old_path,
                site_id=site_id,
                defaults={
                    "redirect_page_id": page_id,
                    "redirect_page_route_path": "",
                    "redirect_link": "",
                    "is_permanent": True,
                    "automatically_created": True,
                },
            )


def still_there(seen: dict[int, str]) -> dict[int, str]:
    """Without what somebody has deleted meanwhile; the rest stays until the transaction ends."""
    rows = Page._base_manager.filter(pk__in=seen).order_by("pk")
    kept = set(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    return {key: url_path for key, url_path in seen.items() if key in kept}


def seen_by_clock(page: Page) -> dict[int, str]:
    """Of it and of pages beneath it, where readers see those that by the rows they would not."""
    now = clock.now()
    pages = Page._base_manager.filter(path__startswith=page.path)
    # Before what is seen: nothing is left of what somebody deletes in between.
    by_rows = dict(pages.filter(live=True).values_list("pk", "url_path"))
    with projection_of(PUBLISHED_NOW.changes(now)).overlay.in_force():
        seen = dict(visible(pages, at=now).values_list("pk", "url_path"))
    return dict(seen.items() - by_rows.items())
