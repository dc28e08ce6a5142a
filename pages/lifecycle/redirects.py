"""Redirects from the addresses that pages leave, written in the transaction in which they leave.

Wagtail makes them after the commit, or after the move: whoever is killed in between leaves readers
with nothing at the old address, for ever. So its own are switched off
(``WAGTAILREDIRECTS_AUTO_CREATE``), and it is asked for the same redirects here.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from django.utils.module_loading import import_string
from wagtail.models import Page, Site

from pages.site_roots import site_roots

__all__ = ["leave_redirects", "page_moved"]


def leave_redirects(page: Page, *, old_url_path: str) -> None:
    """From the old addresses of a page, and of the live ones beneath it, to the new ones.

    To be called when the database has the new ones.
    """
    if page.url_path == old_url_path:
        return
    forget_site_roots()
    on_both = {
        root.site_id
        for root in site_roots()
        if root.path_of(page.url_path) and root.path_of(old_url_path)
    }
    before = copy(page)
    before.url_path = old_url_path
    sites = Site.objects.filter(pk__in=on_both).exclude(root_page=page.pk)
    # Wagtail 8 looks for its models when this is imported, and models import us.
    create_redirects = import_string("wagtail.contrib.redirects.signal_handlers.create_redirects")
    create_redirects(page=page, page_old=before, sites=sites)
    give_way_to_those_by_hand(page, sites)


def give_way_to_those_by_hand(page: Page, sites: Any) -> None:
    """Of one site Wagtail leaves such a redirect as it is; one for all sites would not be asked."""
    redirects: Any = import_string("wagtail.contrib.redirects.models.Redirect")._base_manager
    for_all = redirects.filter(automatically_created=False, site=None)
    redirects.filter(
        automatically_created=True,
        site__in=sites,
        redirect_page__path__startswith=page.path,
        old_path__in=for_all.values("old_path"),
    ).delete()


def forget_site_roots() -> None:
    """What this process remembers of sites may be older than what another has written."""
    Site.clear_site_root_paths_cache()


def page_moved(sender: Any, instance: Page, url_path_before: str, **kwargs: Any) -> None:
    leave_redirects(instance.specific, old_url_path=url_path_before)
