"""The site as it will be at a moment, or with all drafts, for editors to walk through."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.permission_policies.pages import PagePermissionPolicy

from cms.api.rendering import render_from
from cms.publishing import clock
from cms.publishing.perspectives import DRAFTS, Perspective, published_at

__all__ = ["choose", "may_see_drafts", "show"]

ALL_DRAFTS = "drafts"
# Links of a page lead on within the perspective, but for those to files and to the admin.
LINK = re.compile(rb'(<a href=")/(?!/|admin/|static/|uploads/|documents/)')


class PerspectiveForm(forms.Form):
    sees = forms.ChoiceField(
        label="Show",
        choices=[
            ("moment", "The site as it will be at a moment"),
            (ALL_DRAFTS, "All drafts, as if they were published"),
        ],
        widget=forms.RadioSelect,
        initial="moment",
    )
    moment = forms.DateTimeField(
        required=False,
        widget=AdminDateTimeInput,
        help_text="What is approved and scheduled until then is shown as published.",
    )
    path = forms.CharField(widget=forms.HiddenInput, required=False, initial="/")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        missing = cleaned.get("sees") == "moment" and not cleaned.get("moment")
        if missing and "moment" not in self.errors:
            self.add_error("moment", "Choose a moment.")
        return cleaned


def choose(request: HttpRequest) -> HttpResponse:
    stop_who_may_not(request)
    asked = "sees" in request.GET
    form = PerspectiveForm(request.GET if asked else None, initial=request.GET.dict())
    if asked and form.is_valid():
        key = ALL_DRAFTS
        if form.cleaned_data["sees"] == "moment":
            key = (
                form.cleaned_data["moment"].astimezone(timezone.get_default_timezone()).isoformat()
            )
        return redirect("as_of_show", key=key, path=form.cleaned_data["path"].lstrip("/"))
    return render(request, "editing/as_of/choose.html", {"form": form})


def show(request: HttpRequest, key: str, path: str = "") -> HttpResponse:
    stop_who_may_not(request)
    moment = moment_of(key)
    try:
        page = render_from(request, f"/{path}", perspective_at(moment))
    except Http404:
        return render(request, "editing/as_of/nothing.html", {"moment": moment}, status=404)
    banner = render_to_string("editing/as_of/banner.html", {"moment": moment, "path": f"/{path}"})
    prefix = reverse("as_of_show", kwargs={"key": key, "path": ""}).encode()
    content = LINK.sub(rb"\1" + prefix, page.content)
    page.content = content.replace(b"<body>", b"<body>" + banner.encode(), 1)
    return page


def moment_of(key: str) -> datetime | None:
    """The moment in an address; None for all drafts."""
    if key == ALL_DRAFTS:
        return None
    moment = clock.exact_moment(key)
    if moment is None:
        raise Http404("This address names no moment.")
    return moment


def perspective_at(moment: datetime | None) -> Perspective:
    return DRAFTS if moment is None else published_at(moment)


def may_see_drafts(user) -> bool:
    """Whether someone may edit every page, so that none of this is new to them."""
    held = PagePermissionPolicy().get_cached_permissions_for_user(user)
    return user.is_superuser or any(
        each.page.is_root() and each.permission.codename == "change_page" for each in held
    )


def stop_who_may_not(request: HttpRequest) -> None:
    if not may_see_drafts(request.user):
        raise PermissionDenied
