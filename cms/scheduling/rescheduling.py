"""Moves what is scheduled to another moment, for as long as readers have not met it.

The moment stands in several places: in what was approved, in the rows, and in the revisions that
the editor is shown and that are published next. Wherever it stands it is moved, so that nothing
brings the old one back; a revision that has another moment keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from wagtail.locks import BasicLock
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from cms.admin.permissions import may_publish
from cms.perspective.objects import base_model, moment_in
from cms.scheduling.addresses.taken import stop_taken_address
from cms.scheduling.locks import locked_object
from cms.scheduling.permanent import rows_and_aliases
from cms.scheduling.plans import moved
from pages import clock

__all__ = [
    "MOVED_EXPIRY",
    "MOVED_GO_LIVE",
    "CannotMove",
    "changed",
    "move_expiry",
    "move_go_live",
]

MOVED_GO_LIVE = "publishing.move_go_live"
MOVED_EXPIRY = "publishing.move_expiry"


class CannotMove(Exception):
    """Why something stays where it is, in a sentence for whoever tried to move it."""


def changed() -> CannotMove:
    return CannotMove("This has changed meanwhile: look at the calendar anew, then try again.")


@transaction.atomic
def move_go_live(revision_id: int, *, old: datetime, new: datetime, user: AbstractBaseUser) -> None:
    """Let an approved revision go live at another moment. Raises ``CannotMove``."""
    revision = Revision.objects.filter(pk=revision_id).first()
    if revision is None:
        raise changed()
    subject = locked(revision.content_type, revision.object_id)
    stop_who_may_not(user, subject)
    revision.refresh_from_db()
    if revision.approved_go_live_at != old:
        raise changed()
    if old <= clock.now():
        raise CannotMove("This has gone live already, so it cannot be moved: unpublish it instead.")
    stop_past(new)
    expires = moment_in(revision, "expire_at")
    if expires and expires <= new:
        raise CannotMove("It would go live only after it expires: move its expiry first.")
    revision.approved_go_live_at = new
    latest = Revision.objects.filter(pk=subject.latest_revision_id).exclude(pk=revision.pk)
    write("go_live_at", new, [revision, *carrying("go_live_at", old, latest)])
    subject_rows(subject).filter(go_live_at=old).update(go_live_at=new)
    log(
        instance=subject,
        action=MOVED_GO_LIVE,
        user=user,
        revision=revision,
        data={"from": old, "to": new},
    )
    moved(subject, revision)
    if isinstance(subject, Page):
        stop_taken_address(subject)


@transaction.atomic
def move_expiry(
    content_type: ContentType,
    object_id: str,
    *,
    old: datetime,
    new: datetime,
    user: AbstractBaseUser,
) -> None:
    """Let what is live, or has been approved to go live, expire at another moment.

    Raises ``CannotMove``.
    """
    subject = locked(content_type, object_id)
    stop_who_may_not(user, subject)
    if getattr(subject, "alias_of_id", None):
        raise CannotMove("This page mirrors another one: move that one, and this one follows.")
    approved = Q(approved_go_live_at__isnull=False)
    in_use = Q(pk__in=[subject.latest_revision_id, subject.live_revision_id])
    revisions = carrying("expire_at", old, subject.revisions.filter(in_use | approved))
    coming = [revision for revision in revisions if revision.approved_go_live_at]
    expires = subject.live and subject.expire_at == old
    if not expires and not coming:
        raise changed()
    if old <= clock.now():
        raise CannotMove("This has expired already: publish it again instead.")
    stop_past(new)
    if any(revision.approved_go_live_at >= new for revision in coming):
        raise CannotMove("It would expire before it goes live: move its go-live first.")
    write("expire_at", new, revisions)
    for rows in rows_and_aliases(subject):
        rows.filter(expire_at=old).update(expire_at=new)
    log(
        instance=subject,
        action=MOVED_EXPIRY,
        user=user,
        revision=subject.live_revision if expires else coming[0],
        data={"from": old, "to": new},
    )


def locked(content_type: ContentType, object_id: str) -> Any:
    """The object, once whoever is changing it has finished, such as the scheduler."""
    subject = locked_object(content_type.model_class(), object_id)
    if subject is None:
        raise changed()
    return subject


def stop_who_may_not(user: AbstractBaseUser, subject: Any) -> None:
    if not may_publish(user, subject):
        raise PermissionDenied
    if subject.locked and BasicLock(subject).for_user(user):
        raise CannotMove("Someone has locked this: ask them to unlock it first.")


def stop_past(moment: datetime) -> None:
    if moment <= clock.now():
        raise CannotMove("This moment has passed: choose one in the future.")


def carrying(name: str, moment: datetime, revisions: Iterable[Revision]) -> list[Revision]:
    return [revision for revision in revisions if moment_in(revision, name) == moment]


def write(name: str, moment: datetime, revisions: Iterable[Revision]) -> None:
    for revision in revisions:
        revision.content = {**revision.content, name: moment.astimezone(UTC)}
        # Bumping `created_at` invalidates the cached overlay. The order of revisions stays.
        revision.created_at += timedelta(microseconds=1)
        revision.save(update_fields=["approved_go_live_at", "content", "created_at"])


def subject_rows(subject: Any) -> Any:
    return base_model(type(subject))._base_manager.filter(pk=subject.pk)
