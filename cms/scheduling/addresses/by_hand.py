"""A redirect that somebody makes by hand at the address of a page leads nobody on, and says so."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.validators import URLValidator
from django.db.models import F, Field, Q, QuerySet
from wagtail.contrib.redirects.forms import RedirectForm
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from cms.perspective.objects import as_own_type
from cms.perspective.redirects import check_link, paths_followed
from cms.scheduling.plans import note
from pages.lifecycle.seen import due_objects, is_due
from pages.site_roots import site_roots

__all__ = ["CheckedRedirectForm", "take_paths_too"]


class CheckedRedirectForm(RedirectForm):
    """It may be made all the same, for when the page has left."""

    redirect_link = forms.CharField(
        label="Redirect to any address",
        help_text="One of this site, “/articles/”, or a whole one, “https://example.org/”.",
        max_length=255,
        required=False,
        validators=[check_link],
    )

    def clean(self) -> None:
        super().clean()
        site, path, link = map(self.cleaned_data.get, ("site", "old_path", "redirect_link"))
        if not (link or self.cleaned_data.get("redirect_page") or self.errors):
            self.add_error("redirect_link", "Say where it leads: choose a page, or an address.")
        if not path or not link:
            return
        path = Redirect.normalise_path(path)
        others = Redirect.objects.exclude(pk=self.instance.pk)
        sites = Site.objects.all() if site is None else [site]
        if any(leads_back(path, link, others, each) for each in sites):
            self.add_error("redirect_link", "Readers would be led in a circle: choose another.")

    def save(self, commit: bool = True) -> Any:
        redirect = super().save(commit)
        if redirect.site_id is None:  # What pages have left is asked first, and is of one site.
            there = Redirect.objects.filter(old_path=redirect.old_path)
            there.filter(automatically_created=True).delete()
        for page in pages_at(redirect):
            title = as_own_type(page).get_admin_display_title()
            note(
                f"“{title}” is published at {redirect.old_path}, and readers are shown it there."
                " The redirect leads them on once it has left that address."
            )
        return redirect


def take_paths_too(redirect_link: Field) -> None:
    """The model's own field takes whole addresses alone."""
    redirect_link.validators = [
        check_link if isinstance(each, URLValidator) else each for each in redirect_link.validators
    ]


def leads_back(path: str, link: str, others: QuerySet, site: Site) -> bool:
    """Whether readers of a site who are led on from a path come by it, or another, twice.

    Each step is asked for by itself: tables of thousands are checked row by row.
    """

    def link_at(here: str) -> str:
        links = others.filter(Q(site=None) | Q(site=site), old_path=here)
        of_this_site_first = links.order_by(F("site").asc(nulls_last=True))
        found = of_this_site_first.values_list("redirect_link", flat=True).first() or ""
        return found if stays_on(site, found) else ""

    passed = [path]
    for here in paths_followed(link if stays_on(site, link) else "", link_at):
        if here in passed:
            return True
        passed.append(here)
    return False


def stays_on(site: Site, link: str) -> bool:
    try:
        return urlsplit(link).hostname in {None, site.hostname}
    except ValueError:  # As an import can leave it.
        return False


def pages_at(redirect: Redirect) -> list[Page]:
    """Of the sites that it is for, those that readers see."""
    addresses = {
        root.url_path_of(redirect.old_path)
        for root in site_roots()
        if redirect.site_id in {None, root.site_id}
    }
    found = Page._base_manager.filter(url_path__in=filter(None, addresses))
    due = due_objects()
    return [page for page in found if page.live or is_due(page, due)]
