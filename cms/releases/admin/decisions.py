"""What is decided about a release: each decision is explained, confirmed, and then taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name

from cms.admin.times.local_times import LocalDateTimeField
from cms.admin.times.time_zones import local_moment
from cms.releases import steps as release_steps
from cms.releases.admin.changes import changes_with
from cms.releases.admin.items import CHANGE
from cms.releases.checks import has_rights, problems_of
from cms.releases.goes_live import published_since
from cms.releases.models import Release
from cms.releases.steps import NotPossible, contents_of
from pages import clock

__all__ = ["DECISIONS", "Decision", "decide", "decisions_about"]


class NothingToSay(forms.Form):
    """A decision that only has to be confirmed."""


class MomentForm(forms.Form):
    go_live_at = LocalDateTimeField(label="Goes live")


class ChooseNameField(forms.ModelChoiceField):
    def label_from_instance(self, user: Any) -> str:
        return get_user_display_name(user)


class HandOverForm(forms.Form):
    to = ChooseNameField(
        get_user_model()._default_manager.none(),
        label="To",
        required=False,
        empty_label="Nobody in particular",
        help_text="It waits on their first page, and they get a mail.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = who_may_publish()


def who_may_publish() -> QuerySet:
    """Those who may publish something and change releases; more is asked once one is chosen."""
    users = get_user_model()._default_manager
    publishing = Q(groups__page_permissions__permission__codename="publish_page")
    found = users.with_perm(CHANGE, backend="django.contrib.auth.backends.ModelBackend")
    return found.filter(publishing | Q(is_superuser=True)).distinct().order_by("username")


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
    # Whether it takes the right to publish all that is in it.
    is_for_publishers: Callable[[Release], bool] = lambda release: True


DECISIONS = (
    Decision(
        "approve",
        "Approve",
        "What is in the release now is what goes live, at its moment. Later edits are left out.",
        "Approving…",
        "approved",
        release_steps.approve,
        release_steps.can_be_approved,
        form=MomentForm,
    ),
    Decision(
        "publish-now",
        "Publish now",
        "Readers see all of it at once, as soon as you press the button.",
        "Publishing…",
        "live",
        lambda release, user, seen: release_steps.approve(release, user, now=True, seen=seen),
        release_steps.can_be_approved,
    ),
    Decision(
        "hand-over",
        "Hand to an editor",
        "Someone who may publish all of it looks at it, and approves it.",
        "Handing over…",
        "handed over",
        release_steps.hand_over,
        release_steps.can_be_handed_over,
        form=HandOverForm,
        is_for_publishers=lambda release: False,
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
        is_for_publishers=lambda release: release.is_approved,
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
        is_for_publishers=lambda release: release.is_approved,
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


def decisions_about(release: Release, user: Any) -> list[Decision]:
    """Those that this person can take as the release stands."""
    if not user.has_perm(CHANGE):
        return []
    possible = [each for each in DECISIONS if each.possible(release)]
    if has_rights(user, release):
        return possible
    return [each for each in possible if not each.is_for_publishers(release)]


def is_approval(decision: Decision) -> bool:
    return decision.name in ("approve", "publish-now")


def decide(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    release = get_object_or_404(Release, pk=pk)
    decision = next(each for each in DECISIONS if each.name == name)
    if request.method == "POST":
        return take(request, release, decision)
    form = form_for(release, decision)
    return ask(request, release, decision, form, reasons_against(release, decision, request.user))


def take(request: HttpRequest, release: Release, decision: Decision) -> HttpResponse:
    form = form_for(release, decision, request.POST)
    if not form.is_valid():
        reasons = reasons_against(release, decision, request.user)
        return ask(request, release, decision, form, reasons)
    given = dict(form.cleaned_data)
    if is_approval(decision):
        given["seen"] = request.POST.get("seen", "")
    try:
        decision.take(release, request.user, **given)
    except NotPossible as error:
        release.refresh_from_db()
        return ask(request, release, decision, form, error.reasons)
    release.refresh_from_db()
    messages.success(request, f"“{release}” is {what_happened(release, decision)}.")
    return redirect("releases:inspect", release.pk)


def what_happened(release: Release, decision: Decision) -> str:
    if decision.name in ("approve", "move"):
        return f"{decision.done}, and goes live on {local_moment(release.go_live_at)}"
    if decision.name == "publish-now":
        return f"{decision.done}: readers see all of it"
    if decision.name == "hand-over":
        to = release.handed_to
        return f"handed to {get_user_display_name(to)}" if to else "no longer handed to anyone"
    return decision.done


def form_for(release: Release, decision: Decision, data: Any = None) -> forms.Form:
    form = decision.form(
        data, initial={"go_live_at": release.go_live_at, "to": release.handed_to_id}
    )
    if decision.name == "approve" and not lacks_moment(release):
        del form.fields["go_live_at"]
    return form


def lacks_moment(release: Release) -> str:
    """What is wrong with its moment, if it is to be approved."""
    if release.go_live_at is None:
        return "It has no moment yet: say below when it goes live."
    if release.go_live_at <= clock.now():
        passed = local_moment(release.go_live_at)
        return f"Its moment, {passed}, has passed: choose a later one below."
    return ""


def reasons_against(release: Release, decision: Decision, user: Any) -> Iterable[str]:
    if not decision.possible(release):
        return [f"“{release}” is {release.get_state_display()}: look at it again."]
    if is_approval(decision):
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
    wants_moment = "go_live_at" in form.fields and is_approval(decision)
    may_be_settled = bool(form.fields) and not is_approval(decision)
    return render(
        request,
        "releases/decide.html",
        {
            "release": release,
            "decision": decision,
            "form": form,
            "reasons": found,
            "lacks_moment": lacks_moment(release) if wants_moment else "",
            "since": since,
            "seen": contents_of(release) if is_approval(decision) else "",
            "changes": changes_with(request, release) if is_approval(decision) else [],
            # A moment or a tick may settle it; otherwise something else has to change first.
            "may_go_on": not found or may_be_settled,
        },
        status=200 if request.method == "GET" else 409,
    )
