"""The screen on which something is approved or sent back, beside what changes by it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import format_html
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name, get_valid_next_url_from_request
from wagtail.models import Revision, TaskState, WorkflowState

from cms.admin.history.differences import differences
from cms.admin.subjects import Subject
from cms.admin.times.time_zones import local_moment
from cms.approvals.looking import looked_at
from cms.releases.workflow import release_it_waits_for
from pages import clock
from pages.lifecycle.checks import NotPublishable

__all__ = ["review"]

APPROVE = "approve"
REJECT = "reject"


class AnswerForm(forms.Form):
    comment = forms.CharField(
        required=False,
        label="A word for whoever wrote it",
        help_text="Needed if you send it back: say what should change.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if action_of(self.data) == REJECT and not cleaned.get("comment", "").strip():
            self.add_error("comment", "Say what should change.")
        return cleaned


def action_of(data: Any) -> str:
    return APPROVE if APPROVE in data else REJECT


def review(request: HttpRequest, task_state_id: int) -> HttpResponse:
    step = get_object_or_404(
        TaskState.objects.select_related("revision", "workflow_state__requested_by"),
        pk=task_state_id,
    )
    subject = step.revision.content_object
    if subject is None:
        raise Http404("It has been deleted.")
    if request.method != "POST" and step.status != TaskState.STATUS_IN_PROGRESS:
        return no_longer_waiting(request, step)
    if not may_answer(request.user, subject, step):
        raise PermissionDenied
    if request.method != "POST":
        return ask(request, subject, step, AnswerForm())
    return answer(request, subject, step)


def may_answer(user: Any, subject: Any, step: TaskState) -> bool:
    actions = step.task.specific.get_actions(subject, user)
    return {name for name, *_ in actions} >= {APPROVE, REJECT}


def no_longer_waiting(request: HttpRequest, step: TaskState) -> HttpResponse:
    title = step.revision.object_str
    said = f"“{title}” no longer waits for an approval: {in_words(step)}."
    written = request.POST.get("comment", "").strip()
    if written:  # Whoever wrote it may want to say it elsewhere.
        said = format_html("{} You had written:<br>{}", said, linebreaksbr(written))
    messages.info(request, said)
    return redirect("wagtailadmin_home")


def in_words(step: TaskState) -> str:
    who = get_user_display_name(step.finished_by) if step.finished_by else "somebody else"
    done = {
        TaskState.STATUS_APPROVED: "approved it",
        TaskState.STATUS_REJECTED: "sent it back",
    }
    return f"{who} {done.get(step.status, 'ended that')}"


# Answering, in the transaction that holds the object


def answer(request: HttpRequest, subject: Any, step: TaskState) -> HttpResponse:
    if step.status != TaskState.STATUS_IN_PROGRESS:
        return no_longer_waiting(request, step)
    form = AnswerForm(request.POST)
    if request.POST.get("seen") != seen(newest(subject)):
        return ask(request, subject, step, form, has_changed=True)
    if not form.is_valid():
        return ask(request, subject, step, form)
    action = action_of(request.POST)
    promised = outcome(subject)
    task = step.task.specific
    try:
        with transaction.atomic(), looked_at(step):
            comment = form.cleaned_data["comment"]
            task.on_action(step.specific, request.user, action, comment=comment)
    except NotPublishable as refused:
        form.add_error(None, ["Nothing was decided:", *refused.lines()])
        return ask(request, subject, step, form)
    messages.success(request, what_happened(step, action, promised))
    return redirect(get_valid_next_url_from_request(request) or reverse("wagtailadmin_home"))


def newest(subject: Any) -> Revision:
    """What is approved: editors may have changed what was submitted."""
    return subject.get_latest_revision()


def seen(revision: Revision) -> str:
    """Tells the version that was shown from later ones. While it is written to, it stays one."""
    return f"{revision.pk} {revision.created_at.isoformat()}"


def what_happened(step: TaskState, action: str, promised: str) -> str:
    state = WorkflowState.objects.get(pk=step.workflow_state_id)
    title = newest(state.content_object).object_str
    if action == REJECT:
        by = state.requested_by
        to = get_user_display_name(by) if by else "whoever wrote it"
        return f"“{title}” was sent back to {to}, with what you wrote."
    if state.status == WorkflowState.STATUS_APPROVED:
        return f"“{title}” is approved, and {promised}."
    return f"“{title}” is approved, and waits for “{state.current_task_state.task}”."


def outcome(subject: Any) -> str:
    """What becomes of it once nobody has to approve it any more."""
    release = release_it_waits_for(subject)
    if release is not None:
        return f"goes live with the release “{release}”"
    moment = newest(subject).as_object().go_live_at
    if is_to_come(moment):
        return f"goes live on {local_moment(moment)}"
    return "readers see it"


# Asking


def ask(
    request: HttpRequest,
    subject: Any,
    step: TaskState,
    form: AnswerForm,
    *,
    has_changed: bool = False,
) -> HttpResponse:
    revision = newest(subject)
    version = revision.as_object()
    about = Subject(type(subject), str(subject.pk), revision.object_str)
    release = release_it_waits_for(subject)
    refused = has_changed or bool(form.errors)
    return render(
        request,
        "approvals/review.html",
        {
            "subject": about,
            "step": step,
            "form": form,
            "has_changed": has_changed,
            "seen": seen(revision),
            "written_at": revision.created_at,
            "sent_by": name_of(step.workflow_state.requested_by),
            "written_by": name_of(revision.user),
            "release": release,
            "go_live_at": version.go_live_at if is_to_come(version.go_live_at) else None,
            "expire_at": version.expire_at,
            "is_live": subject.live,
            "differences": differences(request, subject, version) if subject.live else [],
            "problems": problems_of(version),
            "preview_url": about.url_of("workflow_preview", step.task_id),
            "next": get_valid_next_url_from_request(request),
        },
        status=409 if refused else 200,
    )


def name_of(user: Any) -> str:
    return get_user_display_name(user) if user else "someone who has left"


def is_to_come(moment: Any) -> bool:
    return bool(moment and moment > clock.now())


def problems_of(version: Any) -> list[str]:
    """What is missing before it can be published, by its field."""
    try:
        version.check_publishable()
    except NotPublishable as error:
        return list(error.lines())
    return []
