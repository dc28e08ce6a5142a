"""The offer to redirect the addresses of pages that are unpublished or deleted.

Wagtail's views ask its hooks before and after; the redirects are made after, in the transaction
around the view (``ObjectLockMiddleware``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.html import format_html
from wagtail.admin import messages
from wagtail.admin.widgets import AdminPageChooser
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page, Site

from cms.perspective.redirects import check_link, paths_followed, paths_on_sites
from cms.perspective.visibility import visible
from pages import clock
from pages.site_roots import site_roots

__all__ = ["RedirectOffer", "make_redirects", "offer_for", "take_offer"]

PREFIX = "redirect"
LONGEST_ADDRESS = 255
NOWHERE, TO_PAGE, TO_ADDRESS = "", "page", "address"


class RedirectOffer(forms.Form):
    """Where readers are led who follow the addresses of pages that are gone."""

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

    def __init__(self, pages: list[Page], *args: Any, removes_beneath: bool, **kwargs: Any):
        self.removed = pages
        self.reachable = reachable(pages)
        self.removes_beneath = removes_beneath
        super().__init__(*args, prefix=PREFIX, **kwargs)
        if len(pages) > 1:
            self.fields["to"].label = "Readers who still follow the addresses of these pages"
        chosen = [page.pk for page in pages]
        if not at_or_beneath(pages).live().exclude(pk__in=chosen).exists():
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
        elif self.going().filter(pk=page.pk).exists():
            self.add_error("page", f"“{page}” goes as well: choose a page that stays.")
        elif not visible(Page.objects.filter(pk=page.pk), at=clock.now()).exists():
            self.add_error("page", f"Readers do not see “{page}”: choose one that is public.")
        elif page.get_url_parts() is None:
            self.add_error("page", f"“{page}” has no address: choose another page.")

    def going(self) -> QuerySet:
        if self.removes_beneath:
            return at_or_beneath(self.removed)
        return Page.objects.filter(pk__in=[page.pk for page in self.removed])

    def check_address(self, address: str) -> None:
        try:
            check_link(address)
        except ValidationError as error:
            self.add_error("address", error)
            return
        if self.leads_back(address):
            self.add_error(
                "address", "This leads back to a page that goes: choose another address."
            )

    def leads_back(self, address: str) -> bool:
        """Whether an address is of a page that goes, also by way of other redirects."""
        gone = {old_path for _, old_path in addresses_of(self.going().live())}
        onward = dict(Redirect.objects.values_list("old_path", "redirect_link"))
        return any(path in gone for path in paths_followed(address, onward.get))

    def old_paths(self) -> set[tuple[int, str]]:
        """The addresses that are redirected, each with its site."""
        pages = Page.objects.filter(pk__in=[page.pk for page in self.reachable])
        if self.cleaned_data.get("with_beneath") and self.removes_beneath:
            pages = at_or_beneath(self.reachable).live()
        return addresses_of(pages)


def at_or_beneath(pages: Iterable[Page]) -> QuerySet:
    found = Q(pk__in=[])
    for page in pages:
        found |= Q(path__startswith=page.path)
    return Page.objects.filter(found)


def addresses_of(pages: QuerySet) -> set[tuple[int, str]]:
    roots = site_roots()
    return {
        pair
        for url_path in pages.values_list("url_path", flat=True)
        for pair in paths_on_sites(url_path, roots)
        if len(pair[1]) <= LONGEST_ADDRESS
    }


def offer_for(pages: list[Page], request: HttpRequest, *, deletes: bool) -> RedirectOffer | None:
    """The form, for those who may add redirects; none for pages that have no address."""
    if not is_offered(pages, request):
        return None
    initial = {"to": NOWHERE, "page": page_above(pages)}
    return RedirectOffer(pages, entered(request), initial=initial, removes_beneath=deletes)


def is_offered(pages: list[Page], request: HttpRequest) -> bool:
    return request.user.has_perm("wagtailredirects.add_redirect") and bool(reachable(pages))


def reachable(pages: list[Page]) -> list[Page]:
    """Those at whose address readers are; the address of a home page is the site's."""
    homes = set(Site.objects.values_list("root_page", flat=True))
    return [page for page in pages if page.live and page.pk not in homes and page.get_url_parts()]


def page_above(pages: list[Page]) -> int | None:
    """The page that all of them stand beneath."""
    paths = {page.path[: -page.steplen] for page in pages}
    above = Page.objects.filter(path__in=paths, depth__gt=1).values_list("pk", flat=True)
    return above.first() if len(paths) == 1 else None


def entered(request: HttpRequest) -> QueryDict | None:
    """What was refused, or stands beside something else that was refused."""
    given = (request.POST, request.GET)
    return next((data for data in given if f"{PREFIX}-to" in data), None)


# Hooks


def take_offer(request: HttpRequest, pages: list[Page], *, deletes: bool) -> HttpResponse | None:
    """Before: check what was chosen, and send the editor back if it will not do."""
    if request.method != "POST" or not request.POST.get(f"{PREFIX}-to"):
        return None
    if not is_offered(pages, request):
        return None
    removes_beneath = deletes or bool(request.POST.get("include_descendants"))
    offer = RedirectOffer(pages, request.POST, removes_beneath=removes_beneath)
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
    kept = request.GET.copy()
    for name in [name for name in kept if name.startswith(f"{PREFIX}-")]:
        del kept[name]
    for name, value in request.POST.items():
        if name.startswith(f"{PREFIX}-") or name == "next":
            kept[name] = value
    problems = [problem for found in offer.errors.values() for problem in found]
    messages.error(request, " ".join(["Nothing has been changed yet.", *problems]))
    return HttpResponseRedirect(f"{request.path}?{kept.urlencode()}")


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
