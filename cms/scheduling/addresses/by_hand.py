"""A redirect that somebody makes by hand at the address of a page leads nobody on, and says so."""

from __future__ import annotations

from typing import Any

from wagtail.contrib.redirects.forms import RedirectForm
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from cms.perspective.objects import as_own_type
from cms.scheduling.plans import note
from pages.lifecycle.redirects import site_roots

__all__ = ["CheckedRedirectForm"]


class CheckedRedirectForm(RedirectForm):
    """It may be made all the same, for when the page has left."""

    def save(self, commit: bool = True) -> Any:
        redirect = super().save(commit)
        for page in pages_at(redirect):
            title = as_own_type(page).get_admin_display_title()
            note(
                f"“{title}” is published at {redirect.old_path}, and readers are shown it there."
                " The redirect leads them on once it has left that address."
            )
        return redirect


def pages_at(redirect: Redirect) -> list[Page]:
    """Of the sites that it is for, those that are live."""
    path = redirect.old_path.strip("/")
    addresses = {
        f"{root}{path}/" if path else root
        for site_id, root in site_roots()
        if redirect.site_id in {None, site_id}
    }
    return list(Page._base_manager.filter(live=True, url_path__in=addresses))
