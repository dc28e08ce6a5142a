"""Moves a go-live or an expiry from the calendar: by a form, or by dragging it to another day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import DraftStateMixin, Revision

from cms.admin.permissions import may_publish
from cms.admin.times.local_times import LocalDateTimeField
from cms.admin.times.time_zones import local_moment
from cms.perspective.objects import base_model
from cms.releases import steps as release_steps
from cms.releases.checks import may_publish_all
from cms.releases.models import Release
from cms.releases.steps import NotPossible
from cms.scheduling.rescheduling import CannotMove, changed, move_expiry, move_go_live
from pages import clock

__all__ = ["expiry", "go_live", "release"]


class FromForm(forms.Form):
    """What both ways to move something send: the moment that it was shown under."""

    old = forms.CharField(widget=forms.HiddenInput)

    def clean_old(self) -> datetime:
        old = clock.exact_moment(self.cleaned_data["old"])
        if old is None:
            raise forms.ValidationError("Open this form from the calendar.")
        return old

    def moment(self) -> tuple[datetime, str]:
        """When it is to be, and what had to be decided about it."""
        raise NotImplementedError


class MoveForm(FromForm):
    new = LocalDateTimeField(label="New moment")

    def moment(self):
        return self.cleaned_data["new"], ""


class DragForm(FromForm):
    """A day is all that dragging says: the time of day stays, as far as that day has it."""

    day = forms.DateField()

    def moment(self):
        return resolve(
            self.cleaned_data["day"], timezone.localtime(self.cleaned_data["old"]).time()
        )


def resolve(day: date, at: time) -> tuple[datetime, str]:
    """The moment of a local time, and a word if a change of the clocks skips or repeats it."""
    zone = timezone.get_current_timezone()
    first = datetime.combine(day, at.replace(fold=0), zone)
    moment = first.astimezone(UTC)
    local = moment.astimezone(zone)
    if local.time() != at:
        return moment, f"Clocks go forward then and skip {at:%H:%M}, so it is {local:%H:%M}."
    if first.utcoffset() != first.replace(fold=1).utcoffset():
        return moment, f"Clocks go back then and repeat {at:%H:%M}; it is the first of the two."
    return moment, ""


def go_live(request: HttpRequest, revision_id: int) -> HttpResponse:
    revisions = Revision.objects.select_related("content_type").defer("content")
    revision = get_object_or_404(revisions, pk=revision_id)
    subject = found(revision.content_type, revision.object_id)
    stop_unless(may_publish(request.user, subject))
    return move(request, subject, "goes live", partial(move_go_live, revision_id))


def expiry(request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
    content_type = get_object_or_404(ContentType, pk=content_type_id)
    subject = found(content_type, object_id)
    stop_unless(may_publish(request.user, subject))
    return move(request, subject, "expires", partial(move_expiry, content_type, object_id))


def release(request: HttpRequest, pk: int) -> HttpResponse:
    this = get_object_or_404(Release, pk=pk)
    stop_unless(may_publish_all(request.user, this))
    return move(request, this, "goes live", partial(move_release, this))


def move_release(release: Release, *, old: datetime, new: datetime, user: Any) -> None:
    if release.go_live_at != old:
        raise changed()
    try:
        release_steps.move(release, new, user)
    except NotPossible as refusal:
        raise CannotMove(" ".join(refusal.reasons)) from refusal


def stop_unless(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def found(content_type: ContentType, object_id: str) -> Any:
    model = content_type.model_class()
    if model is None or not issubclass(model, DraftStateMixin):
        raise Http404
    try:
        key = model._meta.pk.to_python(object_id)
    except ValidationError as error:
        raise Http404 from error
    return get_object_or_404(base_model(model)._base_manager, pk=key)


def move(
    request: HttpRequest, subject: Any, does: str, move_it: Callable[..., None]
) -> HttpResponse:
    """Shows the form; moves what it says, and tells what that did, or why it did nothing."""
    by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    back = get_valid_next_url_from_request(request) or reverse("calendar")
    old = clock.exact_moment(request.GET.get("old", ""))
    if request.method != "POST":
        form = MoveForm(initial={"old": old.isoformat(), "new": old} if old else {})
        return page(request, form, subject, does, back, status=200 if old else 404)
    form = DragForm(request.POST) if by_script else MoveForm(request.POST)
    if form.is_valid():
        old = form.cleaned_data["old"]
        new, note = form.moment()
        try:
            move_it(old=old, new=new, user=request.user)
        except CannotMove as refusal:
            if by_script:
                return JsonResponse({"message": str(refusal)}, status=409)
            form.add_error(None, str(refusal))
            return page(request, form, subject, does, back, status=409)
        messages.success(request, sentence_about(subject, does, old, new, note))
        return JsonResponse({}) if by_script else redirect(back)
    if by_script:
        return JsonResponse({"message": "Choose a day of the calendar."}, status=400)
    return page(request, form, subject, does, back, status=400)


def page(
    request: HttpRequest, form: FromForm, subject: Any, does: str, back: str, *, status: int
) -> HttpResponse:
    old = clock.exact_moment(form["old"].value() or "")
    context = {"form": form, "subject": subject, "does": does, "old": old, "back": back}
    return render(request, "calendar/move.html", context, status=status)


def sentence_about(subject: Any, does: str, old: datetime, new: datetime, note: str) -> str:
    moved = f"“{subject}” {does} on {local_moment(new)} now, no longer on {local_moment(old)}."
    return f"{moved} {note}".strip()
