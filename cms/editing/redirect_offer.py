"""The offer to redirect the address of a page that is unpublished or deleted.

Wagtail's views ask its hooks before and after; the redirects are made after, in the transaction of
the view.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import get_resolver
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.widgets import AdminPageChooser
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page, Site

from cms.publishing import clock
from cms.publishing.redirects import paths_on_sites
from cms.publishing.visibility import visible

__all__ = ["RedirectOffer", "make_redirects", "offer_for", "take_offer", "unpublish_page"]

PREFIX = "redirect"
LONGEST_ADDRESS = 255
NOWHERE, TO_PAGE, TO_ADDRESS = "", "page", "address"


class RedirectOffer(forms.Form):
    """Where readers are led who follow the address of a page that is gone."""

    to = forms.ChoiceField(
        label="Readers who still follow its address",
        choices=[
            (NOWHERE, "are told that there is no such page"),
            (TO_PAGE, "are led to another page"),
            (TO_ADDRESS, "are led to an address"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    page = forms.ModelChoiceField(
        label="To this page", queryset=Page.objects.all(), widget=AdminPageChooser, required=False
    )
    address = forms.CharField(
        label="To this address",
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text="A path on this site that begins with a slash, or an address with https://.",
    )
    with_beneath = forms.BooleanField(
        label="Redirect the addresses of the pages beneath as well", required=False
    )

    def __init__(self, page: Page, *args: Any, removes_beneath: bool, **kwargs: Any):
        self.removed = page
        self.removes_beneath = removes_beneath
        super().__init__(*args, prefix=PREFIX, **kwargs)
        if not page.get_descendants().live().exists():
            del self.fields["with_beneath"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        to = cleaned.get("to")
        if to == TO_PAGE:
            self.check_page(cleaned.get("page"))
        elif to == TO_ADDRESS and "address" in cleaned:
            cleaned["address"] = cleaned["address"].strip()
            self.check_address(cleaned["address"])
        return cleaned

    def check_page(self, page: Page | None) -> None:
        if "page" in self.errors:
            return
        if page is None:
            self.add_error("page", "Choose the page that readers are led to.")
        elif page.pk == self.removed.pk or (self.goes_too(page)):
            self.add_error("page", f"“{page}” goes as well: choose a page that stays.")
        elif not visible(Page.objects.filter(pk=page.pk), at=clock.now()).exists():
            self.add_error("page", f"Readers do not see “{page}”: choose one that is public.")
        elif page.get_url_parts() is None:
            self.add_error("page", f"“{page}” has no address: choose another page.")

    def goes_too(self, page: Page) -> bool:
        return self.removes_beneath and page.is_descendant_of(self.removed)

    def check_address(self, address: str) -> None:
        path = path_on_this_site(address)
        if path is None:
            try:
                URLValidator(schemes=["http", "https"])(address)
            except ValidationError:
                self.add_error("address", "Begin with a slash, “/articles/”, or with “https://”.")
        elif self.leads_back(path):
            self.add_error(
                "address", "This leads back to the page that goes: choose another address."
            )

    def leads_back(self, path: str) -> bool:
        """Whether an address is one that is redirected now, also by way of other redirects."""
        gone = {old_path for _, old_path in self.old_paths()}
        onward = {
            each.old_path: path_on_this_site(each.redirect_link)
            for each in Redirect.objects.exclude(redirect_link="")
        }
        seen: set[str] = set()
        here: str | None = Redirect.normalise_path(path)
        while here is not None and here not in seen:
            if here in gone:
                return True
            seen.add(here)
            further = onward.get(here)
            here = further and Redirect.normalise_path(further)
        return False

    def old_paths(self) -> set[tuple[int, str]]:
        """The addresses that are redirected, each with its site."""
        pages = Page.objects.filter(pk=self.removed.pk)
        if self.cleaned_data.get("with_beneath"):
            pages = self.removed.get_descendants(inclusive=True).live()
            if not self.removes_beneath:
                pages = pages.filter(pk=self.removed.pk)
        roots = [(root.site_id, root.root_path) for root in Site.get_site_root_paths()]
        return {
            pair
            for url_path in pages.values_list("url_path", flat=True)
            for pair in paths_on_sites(url_path, roots)
            if len(pair[1]) <= LONGEST_ADDRESS
        }


def path_on_this_site(address: str) -> str | None:
    """The path of an address that leads to a site of ours; None for others."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme in ("http", "https"):
        ours = parts.hostname in Site.objects.values_list("hostname", flat=True)
        return parts.path or "/" if ours else None
    # Browsers take two slashes, also with a tab between them, for the beginning of a host.
    leaves = address.startswith(("//", "/\\")) or any(map(str.isspace, address))
    return parts.path if address.startswith("/") and not leaves else None


def offer_for(page: Page, request: HttpRequest, *, deletes: bool) -> RedirectOffer | None:
    """The form, for those who may add redirects; none for a page that has no address."""
    if not is_offered(page, request):
        return None
    parent = page.get_parent()
    initial = {"to": NOWHERE, "page": None if parent.is_root() else parent.pk}
    refused = request.GET if f"{PREFIX}-to" in request.GET else None
    return RedirectOffer(page, refused, initial=initial, removes_beneath=deletes)


def is_offered(page: Page, request: HttpRequest) -> bool:
    parts = page.get_url_parts() if page.live else None
    is_home = Site.objects.filter(root_page=page.pk).exists()
    return bool(parts) and not is_home and request.user.has_perm("wagtailredirects.add_redirect")


# Hooks


def take_offer(request: HttpRequest, page: Page, *, deletes: bool) -> HttpResponse | None:
    """Before: check what was chosen, and send the editor back if it will not do."""
    if request.method != "POST" or not request.POST.get(f"{PREFIX}-to"):
        return None
    if not is_offered(page, request):
        return None
    removes_beneath = deletes or bool(request.POST.get("include_descendants"))
    offer = RedirectOffer(page, request.POST, removes_beneath=removes_beneath)
    if not offer.is_valid():
        return back_to_form(request, offer)
    to_page = offer.cleaned_data["to"] == TO_PAGE
    request.redirects_to_make = (
        sorted(offer.old_paths()),
        offer.cleaned_data["page"] if to_page else None,
        "" if to_page else offer.cleaned_data["address"],
    )
    return None


def back_to_form(request: HttpRequest, offer: RedirectOffer) -> HttpResponse:
    """Nothing has happened; what was entered is kept."""
    entered = QueryDict(mutable=True)
    for name, value in request.POST.items():
        if name.startswith(f"{PREFIX}-") or name == "next":
            entered[name] = value
    problems = [problem for found in offer.errors.values() for problem in found]
    messages.error(request, " ".join(["Nothing has been changed yet.", *problems]))
    return HttpResponseRedirect(f"{request.path}?{entered.urlencode()}")


def make_redirects(request: HttpRequest, *, permanent: bool) -> None:
    """After: the page is gone, and its addresses lead on."""
    plan = getattr(request, "redirects_to_make", None)
    if plan is None:
        return
    old_paths, page, address = plan
    for site_id, old_path in old_paths:
        Redirect.objects.filter(old_path=old_path, site=site_id).delete()
        made = Redirect.objects.create(
            old_path=old_path,
            site_id=site_id,
            is_permanent=permanent,
            redirect_page=page,
            redirect_link=address,
        )
        log(instance=made, action="wagtail.create", user=request.user, content_changed=True)
    leads = "Its address leads" if len(old_paths) == 1 else f"{len(old_paths)} addresses lead"
    messages.success(request, format_html("{} to “{}” now.", leads, page or address))


@never_cache
@require_admin_access
@transaction.atomic
def unpublish_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Wagtail's own view, in one transaction with the redirects that follow."""
    match = get_resolver("wagtail.admin.urls.pages").resolve(f"/{page_id}/unpublish/")
    return match.func(request, *match.args, **match.kwargs)
