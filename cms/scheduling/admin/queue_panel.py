"""The changes to come of a page or snippet, beside its form: what goes live when, and what to do.

Several can be scheduled. Each is a version as it was approved; whoever edits the object meanwhile
is told, and can have the newest version go live instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import DraftStateMixin, Revision

from cms.admin.permissions import may_publish
from cms.admin.subjects import Subject
from cms.admin.times.time_zones import local_moment
from cms.scheduling import queue
from cms.scheduling.queue import NotInQueue, QueuedChange

__all__ = ["ScheduledChanges", "cancel", "newest", "scheduled_changes"]


@dataclass(frozen=True)
class ScheduledChanges:
    """What the side panel says of an object's future."""

    subject: Any
    changes: list[QueuedChange]
    may_publish: bool
    # Why the newest version cannot be scheduled with one click, and how to go on.
    obstacle: str

    def compare_url(self, change: QueuedChange) -> str:
        about = Subject(type(self.subject), str(self.subject.pk), str(self.subject))
        return about.url_of("revisions_compare", "live", change.revision.pk)

    @property
    def rows(self) -> list[tuple[QueuedChange, str]]:
        """Each change, with where it is compared with what readers see now."""
        live = self.subject.live
        return [(change, self.compare_url(change) if live else "") for change in self.changes]


def scheduled_changes(subject: Any, user: AbstractBaseUser) -> ScheduledChanges | None:
    if subject.pk is None:
        return None
    changes = queue.queued(subject)
    edited = any(change.edited_since for change in changes)
    return ScheduledChanges(
        subject,
        changes,
        may_publish=bool(changes) and may_publish(user, subject),
        obstacle=obstacle_to_newest(subject, user) if edited else "",
    )


def obstacle_to_newest(subject: Any, user: AbstractBaseUser) -> str:
    if subject.workflow_in_progress:
        return (
            "The newest version waits for an approval. "
            "Once approved, it goes live at the time that is set in it."
        )
    if not may_publish(user, subject):
        return "To have the newest version go live instead, submit it for approval."
    lock = subject.get_lock()
    if lock and lock.for_user(user):
        return "Someone has locked this. Once it is unlocked, the newest version can be scheduled."
    return ""


# What the buttons do


@require_POST
def cancel(request: HttpRequest, revision_id: int) -> HttpResponse:
    def cancelled(subject: Any) -> str:
        moment = queue.cancel(revision_id, user=request.user)
        return f"The change of “{subject}” for {local_moment(moment)} was cancelled."

    return changed(request, revision_id, cancelled)


@require_POST
def newest(request: HttpRequest, revision_id: int) -> HttpResponse:
    def rescheduled(subject: Any) -> str:
        obstacle = obstacle_to_newest(subject, request.user)
        if obstacle:
            raise NotInQueue(obstacle)
        revision = queue.reschedule_newest(revision_id, user=request.user)
        moment = local_moment(revision.approved_go_live_at)
        return f"The newest version of “{revision.object_str}” goes live on {moment}."

    return changed(request, revision_id, rescheduled)


def changed(request: HttpRequest, revision_id: int, change: Callable[[Any], str]) -> HttpResponse:
    """Change the queue that a revision stands in, and say what happened on the object's page."""
    revision = get_object_or_404(Revision, pk=revision_id)
    subject = revision.content_object
    if not isinstance(subject, DraftStateMixin) or not may_publish(request.user, subject):
        raise PermissionDenied
    try:
        messages.success(request, change(subject))
    except NotInQueue as problem:
        messages.error(request, str(problem))
    edit_url = AdminURLFinder(request.user).get_edit_url(subject)
    return redirect(edit_url or "wagtailadmin_home")
