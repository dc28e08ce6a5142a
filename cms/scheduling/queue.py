"""The changes to come of one object, each a version that was approved for a moment.

Whoever writes here takes the object's row first, as the scheduler does, so that nothing goes live
while its schedule changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import Page, Revision

from cms.perspective.objects import moment_in
from cms.perspective.readable import NotReadable, check_readable, reading
from cms.scheduling.addresses.taken import stop_taken_address
from cms.scheduling.approvals import approvers_of
from cms.scheduling.kinds import go_live
from cms.scheduling.kinds.go_live import SCHEDULE
from cms.scheduling.locks import locked_object
from cms.scheduling.signals import about_to_take_back
from pages import clock

__all__ = [
    "SCHEDULE_NEWEST",
    "NotInQueue",
    "QueuedChange",
    "cancel",
    "queued",
    "reschedule_newest",
    "with_edited_since",
]

SCHEDULE_NEWEST = "publishing.schedule_newest"


class NotInQueue(Exception):
    """The change cannot be changed any more, or not in this way; the message says why."""


@dataclass(frozen=True)
class QueuedChange:
    """A version that goes live at a moment."""

    revision: Revision
    moment: datetime
    approved_by: AbstractBaseUser | None
    edited_since: bool
    due: bool

    @property
    def title(self) -> str:
        return self.revision.object_str

    @property
    def written_at(self) -> datetime:
        return self.revision.created_at

    @property
    def expires_at(self) -> datetime | None:
        return moment_in(self.revision, "expire_at")


def with_edited_since(approved: QuerySet) -> QuerySet:
    """Approved revisions, each with whether its object was edited after it, as ``edited_since``.

    What was written after it and goes live after it is the next step, and no such edit. Asked with
    the revisions themselves, of however many objects.
    """
    later = Q(approved_go_live_at__gte=OuterRef("approved_go_live_at"))
    newer = newer_than_outer()
    return approved.alias(
        is_overwritten=Exists(newer), is_followed=Exists(newer.filter(later))
    ).annotate(edited_since=Q(is_overwritten=True) & Q(is_followed=False))


def newer_than_outer() -> QuerySet:
    return Revision.objects.filter(
        Q(created_at__gt=OuterRef("created_at"))
        | Q(created_at=OuterRef("created_at"), pk__gt=OuterRef("pk")),
        base_content_type=OuterRef("base_content_type"),
        object_id=OuterRef("object_id"),
    )


def queued(subject: Any) -> list[QueuedChange]:
    """What is to go live of an object, soonest first; in two statements."""
    approved = Revision.objects.for_instance(subject).filter(approved_go_live_at__isnull=False)
    revisions = with_edited_since(approved).order_by("approved_go_live_at", "created_at", "pk")
    found = list(revisions)
    approvers = approvers_of(subject, found, SCHEDULE)
    return [
        QueuedChange(
            revision=revision,
            moment=revision.approved_go_live_at,
            approved_by=approvers.get(revision.pk),
            edited_since=revision.edited_since,
            due=revision.approved_go_live_at <= clock.now(),
        )
        for revision in found
    ]


# Changes


@contextmanager
def held(revision_id: int) -> Iterator[tuple[Revision, Any]]:
    """An approved revision and its object, while nobody else can publish or change it."""
    with transaction.atomic():
        revision = Revision.objects.select_related("content_type").get(pk=revision_id)
        subject = locked_object(revision.content_type.model_class(), revision.object_id)
        revision.refresh_from_db(fields=["approved_go_live_at"])
        if revision.approved_go_live_at is None:
            raise NotInQueue(
                "This change is no longer scheduled: it has gone live, or was cancelled."
            )
        yield revision, subject


def cancel(revision_id: int, *, user: AbstractBaseUser) -> datetime:
    """Take one change out of the queue, and leave the others; returns when it was to go live.

    Readers who see it already, since its moment has come, see what they saw before it.
    """
    with held(revision_id) as (revision, subject):
        moment = revision.approved_go_live_at
        if moment <= clock.now():
            about_to_take_back({(revision.base_content_type_id, revision.object_id)})
        go_live.cancel(revision, user)
        if isinstance(subject, Page):
            stop_taken_address(subject)
    return moment


def reschedule_newest(revision_id: int, *, user: AbstractBaseUser) -> Revision:
    """Let the newest version go live in the place of an older one, at the same moment.

    Raises ``NotPublishable`` when it is incomplete; then nothing has changed.
    """
    with held(revision_id) as (revision, subject):
        moment = revision.approved_go_live_at
        if moment <= clock.now():
            raise NotInQueue("The moment has passed. Publish the newest version instead.")
        latest = subject.get_latest_revision()
        try:
            with reading(type(subject), latest.content):
                newest = latest.as_object()
            check_readable(newest, may_have_gaps=True)
        except NotReadable as error:
            raise NotInQueue(f"The newest version: {error.message}") from error
        if newest.expire_at and newest.expire_at <= moment:
            raise NotInQueue("The newest version expires before it would go live: change that.")
        newest.go_live_at = moment
        scheduled = newest.save_revision(user=user, log_action=SCHEDULE_NEWEST, clean=False)
        # It takes the place of what was scheduled for the same moment.
        scheduled.publish(user=user, skip_permission_checks=True)
    return scheduled
