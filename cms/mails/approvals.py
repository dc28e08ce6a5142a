"""Who hears that something was submitted, approved, sent back or commented on.

These take the place of Wagtail's own mails. Those are sent while the editor waits: a mail server
that is slow holds them up, and one that is away loses the mail, or with it what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from wagtail.admin.utils import get_user_display_name
from wagtail.models import AbstractGroupApprovalTask, Revision, TaskState, WorkflowState

from cms.mails.notifications import notify
from cms.releases.workflow import release_it_waits_for

__all__ = [
    "APPROVED",
    "COMMENTED",
    "SENT_BACK",
    "SUBMITTED",
    "tell_of_approval",
    "tell_of_comments",
    "tell_of_sending_back",
    "tell_of_submission",
]

SUBMITTED = "mails.submitted"
APPROVED = "mails.approved"
SENT_BACK = "mails.sent_back"
COMMENTED = "mails.commented"


def subject_of(state: WorkflowState) -> Any:
    """Not read from what was submitted, which may be unreadable and is sent back all the same."""
    subject = state.content_object
    return getattr(subject, "specific", subject)


def tell_of_submission(step: TaskState, user: Any) -> None:
    """Tell those who may approve it, but for whoever submitted it."""
    task, by = step.task.specific, step.workflow_state.requested_by
    if not isinstance(task, AbstractGroupApprovalTask):
        return
    may_approve = Q(groups__in=task.groups.all()) | Q(is_superuser=True)
    notify(
        get_user_model()._default_manager.filter(may_approve).exclude(pk=user and user.pk),
        subject_of(step.workflow_state),
        SUBMITTED,
        says="{what} waits for your approval",
        called=step.revision.object_str,
        why=f"It was submitted by {get_user_display_name(by)}." if by else "",
        switch="submitted",
        address=reverse("review", args=[step.pk]),
    )


def tell_of_approval(state: Any, user: Any) -> None:
    """Tell whoever submitted it, unless they wrote it and hear of its moment: see ``steps.py``."""
    subject = subject_of(state)
    approved = Revision.objects.get(pk=state.approved_revision.pk)  # As it is now.
    release, moment = release_it_waits_for(subject), approved.approved_go_live_at
    by = state.requested_by
    if by == user or ((release or moment) and by == approved.user):
        return
    with_release = f"It goes live with the release “{release}”." if release else ""
    notify(
        [by],
        subject,
        APPROVED,
        says="{what} is approved and goes live" if moment else "{what} is approved",
        called=approved.object_str,
        moment=moment,
        why=with_release or ("" if moment else "Readers see it."),
    )


def tell_of_sending_back(state: WorkflowState, user: Any) -> None:
    step, by = state.current_task_state.specific, state.requested_by
    if by == user:
        return
    words = step.get_comment().strip()
    notify(
        [by],
        subject_of(state),
        SENT_BACK,
        says="{what} was sent back",
        called=step.revision.object_str,
        why=f"{get_user_display_name(user)} wrote:\n\n{words}" if user and words else words,
        switch="rejected",
    )


# Comments


def tell_of_comments(recipients: Iterable[Any], switch: str, said: dict[str, Any]) -> None:
    """Called as ``wagtail.admin.mail.send_notification`` is, by the form of a page."""
    lines = "\n".join(f"– {line}" for line in lines_of(said))
    notify(
        recipients,
        said["page"],
        COMMENTED,
        says="Comments on {what} have changed",
        why=f"{get_user_display_name(said['editor'])}:\n\n{lines}",
        switch=switch,
    )


def lines_of(said: dict[str, Any]) -> Iterator[str]:
    for words, comments in (
        ("New", said["new_comments"]),
        ("Resolved", said["resolved_comments"]),
        ("Deleted", said["deleted_comments"]),
    ):
        yield from (f"{words}: {comment.text}" for comment in comments)
    for thread in said["replied_comments"]:
        answers = thread["replies"]
        yield from (f"Answer to “{thread['comment'].text}”: {each.text}" for each in answers)
