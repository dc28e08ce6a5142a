"""Scheduled changes that could not be made: why, when they are tried again, and who is told."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.template.loader import render_to_string
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.log_actions import registry as log_registry
from wagtail.models import Revision

from cms.publishing import clock
from cms.publishing.due import DueChange, all_expiries, approved_releases
from cms.publishing.models import Action, FailedChange
from pages.models.base import NotPublishable

__all__ = [
    "approvers_of",
    "failures_of",
    "forget_unscheduled",
    "record_failure",
    "still_scheduled",
    "tell_editor",
    "waits_for_retry",
    "who_approved",
]

logger = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
UNEXPECTED = "Something went wrong in the system. Whoever runs it finds the reason in its log."


def failures_of(change: DueChange) -> QuerySet:
    """One at most."""
    if change.action == Action.PUBLISH:
        return FailedChange.objects.filter(revision=change.revision_id)
    return FailedChange.objects.filter(
        action=change.action,
        content_type=change.content_type_id,
        object_id=change.object_id,
    )


def waits_for_retry(change: DueChange) -> bool:
    return failures_of(change).filter(due_at=change.due_at, retry_at__gt=clock.now()).exists()


def record_failure(change: DueChange, subject: Any, error: Exception) -> FailedChange:
    failures_of(change).exclude(due_at=change.due_at).delete()
    failure = failures_of(change).first() or FailedChange(
        action=change.action,
        content_type_id=change.content_type_id,
        object_id=change.object_id,
        revision_id=change.revision_id,
        due_at=change.due_at,
        scheduled_by=who_scheduled(change, subject),
    )
    failure.attempts += 1
    failure.title = str(subject)
    failure.reason = in_words(error)
    failure.failed_at = clock.now()
    failure.retry_at = failure.failed_at + pause_after(failure.attempts)
    failure.save()
    expected = isinstance(error, ValidationError)
    logger.error(
        "Attempt %s failed. %s. %s",
        failure.attempts,
        failure,
        failure.reason,
        exc_info=None if expected else error,
    )
    return failure


def pause_after(attempts: int) -> timedelta:
    doublings = min(attempts - 1, 10)
    return min(FIRST_RETRY * 2**doublings, LONGEST_WAIT)


def in_words(error: Exception) -> str:
    if isinstance(error, NotPublishable):
        return "\n".join(error.lines())
    if isinstance(error, ValidationError):
        return "\n".join(error.messages)
    return UNEXPECTED


def who_scheduled(change: DueChange, subject: Any) -> AbstractBaseUser | None:
    """Who approved the revision, or whoever wrote it."""
    if change.action == Action.RELEASE:
        return subject.approved_by
    if change.action == Action.PUBLISH:
        revision = Revision.objects.get(pk=change.revision_id)
        action = "wagtail.publish.schedule"
    else:
        revision = subject.live_revision
        action = "wagtail.publish"
    return revision and who_approved(subject, revision, action)


def who_approved(subject: Any, revision: Revision, action: str) -> AbstractBaseUser | None:
    """Whose step the log has for a revision, or whoever wrote it."""
    # The log also keeps the steps of those whose accounts are deleted.
    return approvers_of(subject, [revision], action).get(revision.pk) or revision.user


def approvers_of(
    subject: Any, revisions: list[Revision], action: str
) -> dict[int, AbstractBaseUser]:
    """Whose step was the last that the log has for each revision, in one statement."""
    steps = log_registry.get_logs_for_instance(subject).filter(
        revision__in=revisions, action__startswith=action, user__isnull=False
    )
    in_order = steps.select_related("user").order_by("timestamp", "pk")
    return {step.revision_id: step.user for step in in_order}


# Until it succeeds, or is no longer scheduled


def still_scheduled() -> QuerySet:
    """The failures of what is scheduled as it was when it failed."""
    approved = Revision.objects.filter(
        pk=OuterRef("revision_id"), approved_go_live_at=OuterRef("due_at")
    )
    wanted = Q(Exists(approved))
    for expiries in all_expiries():
        expiring = expiries.annotate(key=Cast("pk", CharField())).filter(
            type_id=OuterRef("content_type_id"),
            key=OuterRef("object_id"),
            expire_at=OuterRef("due_at"),
        )
        wanted |= Q(Exists(expiring), action=Action.UNPUBLISH)
    releases = approved_releases().annotate(key=Cast("pk", CharField()))
    waiting = releases.filter(key=OuterRef("object_id"), go_live_at=OuterRef("due_at"))
    wanted |= Q(Exists(waiting), action=Action.RELEASE)
    return FailedChange.objects.filter(wanted)


def forget_unscheduled() -> None:
    FailedChange.objects.exclude(pk__in=still_scheduled().values("pk")).delete()


# Mail


def tell_editor(failure: FailedChange) -> None:
    """Mail whoever scheduled it, once; what may pass by itself only after the second attempt."""
    editor = failure.scheduled_by
    may_pass = failure.reason == UNEXPECTED and failure.attempts == 1
    if may_pass or editor is None or not (editor.is_active and editor.email):
        return
    # Taken before it is sent, so that no two schedulers send it.
    this = FailedChange.objects.filter(pk=failure.pk)
    if not this.filter(mailed_at__isnull=True).update(mailed_at=clock.now()):
        return
    try:
        send_mail(subject_of(failure), text_for(failure, editor), None, [editor.email])
    except Exception:
        logger.exception("%s could not be told by mail, and will be after the next attempt", editor)
        this.update(mailed_at=None)


def subject_of(failure: FailedChange) -> str:
    did_not = "did not expire" if failure.action == Action.UNPUBLISH else "did not go live"
    return " ".join(f"“{failure.title}” {did_not}".split())


def text_for(failure: FailedChange, editor: AbstractBaseUser) -> str:
    model = failure.content_type.model_class()
    edit_url = AdminURLFinder(editor).get_edit_url(model._base_manager.get(pk=failure.object_id))
    return render_to_string(
        "publishing/mail/failed_change.txt",
        {
            "failure": failure,
            "expires": failure.action == Action.UNPUBLISH,
            "site": settings.WAGTAIL_SITE_NAME,
            "address": f"{settings.WAGTAILADMIN_BASE_URL}{edit_url}" if edit_url else "",
        },
    )
