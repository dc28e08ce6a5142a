"""What is decided about a release: each decision is explained, confirmed, and then taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from wagtail.admin import messages

from cms.admin.times.local_times import LocalDateTimeField
from cms.releases import steps as release_steps
from cms.releases.admin.items import CHANGE
from cms.releases.checks import problems_of
from cms.releases.goes_live import published_since
from cms.releases.models import Release
from cms.releases.steps import NotPossible

__all__ = ["DECISIONS", "Decision", "decide", "decisions_about"]


class NothingToSay(forms.Form):
    """A decision that only has to be confirmed."""


class MomentForm(forms.Form):
    go_live_at = LocalDateTimeField(label="Goes live")


class RevertForm(forms.Form):
    also_since = forms.BooleanField(label="Also undo what was published since", required=False)


@dataclass(frozen=True)
class Decision:
    name: str
    label: str
    explains: str
    # What the button says while the answer is awaited.
    active: str
    done: str
    take: Callable[..., None]
    possible: Callable[[Release], bool]
    form: type[forms.Form] = NothingToSay
    serious: bool = False


DECISIONS = (
    Decision(
        "approve",
        "Approve",
        "What is in the release now is what goes live, at its moment. Later edits are left out.",
        "Approving…",
        "approved",
        release_steps.approve,
        release_steps.can_be_approved,
    ),
    Decision(
        "publish-now",
        "Publish now",
        "Readers see all of it at once, as soon as you press the button.",
        "Publishing…",
        "live",
        lambda release, user: release_steps.approve(release, user, now=True),
        release_steps.can_be_approved,
    ),
    Decision(
        "move",
        "Move",
        "It goes live at another moment, with what was approved.",
        "Moving…",
        "moved",
        lambda release, user, go_live_at: release_steps.move(release, go_live_at, user),
        release_steps.can_be_moved,
        form=MomentForm,
    ),
    Decision(
        "reopen",
        "Reopen",
        "It can be changed again, and does not go live before it is approved anew.",
        "Reopening…",
        "being prepared again",
        release_steps.reopen,
        release_steps.can_be_reopened,
    ),
    Decision(
        "cancel",
        "Cancel",
        "It does not go live. What is in it stays as it is written, and it can be reopened.",
        "Cancelling…",
        "cancelled",
        release_steps.cancel,
        release_steps.can_be_cancelled,
        serious=True,
    ),
    Decision(
        "revert",
        "Revert",
        "Everything in it becomes again what it was before the release went live.",
        "Reverting…",
        "reverted",
        release_steps.revert,
        release_steps.can_be_reverted,
        form=RevertForm,
        serious=True,
    ),
)


def decisions_about(release: Release) -> list[Decision]:
    """Those that can be taken as the release stands."""
    return [each for each in DECISIONS if each.possible(release)]


def decide(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    release = get_object_or_404(Release, pk=pk)
    decision = next(each for each in DECISIONS if each.name == name)
    if request.method == "POST":
        form = decision.form(request.POST)
        if form.is_valid():
            try:
                decision.take(release, request.user, **form.cleaned_data)
            except NotPossible as error:
                return ask(request, release, decision, form, error.reasons)
            messages.success(request, f"“{release}” is {decision.done}.")
            return redirect("releases:inspect", release.pk)
        return ask(request, release, decision, form)
    form = decision.form(initial={"go_live_at": release.go_live_at})
    return ask(request, release, decision, form, reasons_against(release, decision, request.user))


def reasons_against(release: Release, decision: Decision, user: Any) -> Iterable[str]:
    if not decision.possible(release):
        return [f"“{release}” is {release.get_state_display()}: look at it again."]
    if decision.name in ("approve", "publish-now"):
        return [problem.text for problem in problems_of(release, user)]
    return []


def ask(
    request: HttpRequest,
    release: Release,
    decision: Decision,
    form: forms.Form,
    reasons: Iterable[str] = (),
) -> HttpResponse:
    found = list(reasons)
    since = published_since(release) if decision.name == "revert" else []
    if not since:
        form.fields.pop("also_since", None)
    return render(
        request,
        "releases/decide.html",
        {
            "release": release,
            "decision": decision,
            "form": form,
            "reasons": found,
            "since": since,
            # A moment or a tick may settle it; otherwise something else has to change first.
            "may_go_on": not found or bool(form.fields),
        },
        status=200 if request.method == "GET" or not found else 409,
    )
