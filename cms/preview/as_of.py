"""The site as it will be at a moment, or with all drafts, for editors to walk through."""

from __future__ import annotations

import re
from datetime import datetime

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cms.admin.permissions import may_see_drafts
from cms.admin.times.local_times import LocalDateTimeField
from cms.perspective.perspectives import DRAFTS, Perspective, published_at
from cms.perspective.tokens import PAST_IS_NOT_KEPT
from cms.preview.rendering import render_from
from cms.releases.models import Release, ReleaseState
from pages import clock

__all__ = ["choose", "show"]

ALL_DRAFTS = "drafts"
RELEASE_KEY = re.compile(r"release-([0-9]{1,9})")
# Links of a page lead on within the perspective, but for those to files and to the admin.
LINK = re.compile(rb'(<a href=")/(?!/|admin/|graphql|static/|uploads/|documents/)')


class PerspectiveForm(forms.Form):
    sees = forms.ChoiceField(
        label="Show",
        choices=[
            ("moment", "The site as it will be at a moment"),
            ("release", "The site once a release has gone live"),
            (ALL_DRAFTS, "All drafts, as if they were published"),
        ],
        widget=forms.RadioSelect,
        initial="moment",
    )
    moment = LocalDateTimeField(
        required=False,
        help_text="What is approved and scheduled until then is shown as published.",
    )
    release = forms.ModelChoiceField(
        Release.objects.filter(state__in=[ReleaseState.OPEN, ReleaseState.APPROVED]),
        required=False,
        empty_label="Choose a release",
        help_text="At its moment, or now as long as it has none.",
    )
    path = forms.CharField(widget=forms.HiddenInput, required=False, initial="/")

    def clean(self) -> None:
        super().clean()
        cleaned = self.cleaned_data
        missing = cleaned.get("sees") == "moment" and not cleaned.get("moment")
        if missing and "moment" not in self.errors:
            self.add_error("moment", "Choose a moment.")
        elif cleaned.get("sees") == "moment" and has_passed(cleaned.get("moment")):
            self.add_error("moment", PAST_IS_NOT_KEPT)
        missing = cleaned.get("sees") == "release" and not cleaned.get("release")
        if missing and "release" not in self.errors:
            self.add_error("release", "Choose a release.")


def choose(request: HttpRequest) -> HttpResponse:
    stop_who_may_not(request)
    asked = "sees" in request.GET
    form = PerspectiveForm(request.GET if asked else None, initial=request.GET.dict())
    if asked and form.is_valid():
        return redirect("as_of_show", key=key_of(form), path=form.cleaned_data["path"].lstrip("/"))
    return render(request, "preview/as_of/choose.html", {"form": form})


def key_of(form: PerspectiveForm) -> str:
    chosen = form.cleaned_data
    if chosen["sees"] == "moment":
        return chosen["moment"].astimezone(timezone.get_default_timezone()).isoformat()
    return f"release-{chosen['release'].pk}" if chosen["sees"] == "release" else ALL_DRAFTS


def show(request: HttpRequest, key: str, path: str = "") -> HttpResponse:
    stop_who_may_not(request)
    release = release_of(key)
    moment = None if release else moment_of(key)
    perspective = release.perspective() if release else perspective_at(moment)
    seen = {"moment": moment, "release": release}
    if has_passed(moment):
        return render(request, "preview/as_of/past.html", {"path": f"/{path}"}, status=410)
    try:
        page = render_from(request, f"/{path}", perspective)
    except Http404:
        return render(request, "preview/as_of/nothing.html", seen, status=404)
    banner = render_to_string("preview/as_of/banner.html", {**seen, "path": f"/{path}"})
    prefix = reverse("as_of_show", kwargs={"key": key, "path": ""}).encode()
    content = LINK.sub(rb"\1" + prefix, page.content)
    page.content = content.replace(b"<body>", b"<body>" + banner.encode())
    return page


def release_of(key: str) -> Release | None:
    """The release in an address, if it names one."""
    if not (found := RELEASE_KEY.fullmatch(key)):
        return None
    return get_object_or_404(Release, pk=found[1])


def moment_of(key: str) -> datetime | None:
    """The moment in an address; None for all drafts."""
    if key == ALL_DRAFTS:
        return None
    moment = clock.exact_moment(key)
    if moment is None:
        raise Http404("This address names no moment.")
    return moment


def has_passed(moment: datetime | None) -> bool:
    """Nobody kept what was public then, and what is public now would be told as that."""
    return moment is not None and moment < clock.now()


def perspective_at(moment: datetime | None) -> Perspective:
    return DRAFTS if moment is None else published_at(moment)


def stop_who_may_not(request: HttpRequest) -> None:
    if not may_see_drafts(request.user):
        raise PermissionDenied
