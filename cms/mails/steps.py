"""Which steps are told to whom: those in the audit log, and expiries a day before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, Revision

from cms.mails.models import EXPIRES_SOON, Notification
from cms.mails.notifications import notify
from cms.perspective.objects import moment_written
from cms.releases.goes_live import REVERTED, WENT_LIVE
from cms.releases.models import Release
from cms.releases.steps import APPROVED, CANCELLED, HANDED_OVER, MOVED
from cms.releases.workflow import APPROVED_FOR
from cms.scheduling.approvals import CARRIED_OVER, who_approved
from cms.scheduling.kinds.expiry import EXPIRY
from cms.scheduling.kinds.go_live import SCHEDULE
from pages import clock

__all__ = ["tell_of", "warn_of_expiries"]

PUBLISHED = "wagtail.publish.scheduled"
EXPIRED = "wagtail.unpublish.scheduled"
WARNED_BEFORE = timedelta(days=1)

OF_RELEASES = {
    APPROVED: "The release {what} is approved and goes live",
    MOVED: "The release {what} was moved and goes live",
    WENT_LIVE: "The release {what} went live",
    CANCELLED: "The release {what} was cancelled",
    REVERTED: "The release {what} was reverted",
}
WITH_MOMENT = (APPROVED, MOVED, WENT_LIVE)


def tell_of(entry: Any) -> None:
    """Tell those concerned of a step that has just been logged, but for whoever took it."""
    if entry.action in OF_RELEASES:
        tell_of_release(entry)
    elif entry.action == HANDED_OVER:
        tell_of_hand_over(entry)
    elif entry.action == SCHEDULE:
        tell_of_schedule(entry)
    elif entry.action == CARRIED_OVER:
        tell_of_newer_edit(entry)
    elif entry.action == PUBLISHED:
        tell_of_going_live(entry)
    elif entry.action == APPROVED_FOR:
        tell_of_approval(entry)


def subject_of(entry: Any) -> Any:
    """What an entry is about; of a page the log knows its own type."""
    return entry.page.specific if hasattr(entry, "page") else object_of(entry)


def object_of(entry: Any) -> Any:
    return entry.content_type.model_class()._base_manager.get(pk=entry.object_id)


def others(entry: Any, users: Iterable[Any]) -> list[Any]:
    return [user for user in users if user is not None and user != entry.user]


def tell_of_schedule(entry: Any) -> None:
    revision = entry.revision
    notify(
        others(entry, [revision.user]),
        subject_of(entry),
        SCHEDULE,
        says="{what} is approved and goes live",
        moment=Revision.objects.get(pk=revision.pk).approved_go_live_at,
    )


def tell_of_newer_edit(entry: Any) -> None:
    subject, revision = subject_of(entry), entry.revision
    notify(
        others(entry, [who_approved(subject, revision, SCHEDULE), revision.user]),
        subject,
        CARRIED_OVER,
        says="{what} has a newer edit in it and goes live",
        moment=moment_written(entry.data["at"]),
    )


def tell_of_going_live(entry: Any) -> None:
    subject, revision = subject_of(entry), entry.revision
    notify(
        [who_approved(subject, revision, SCHEDULE), revision.user],
        subject,
        PUBLISHED,
        says="{what} went live",
    )


def tell_of_approval(entry: Any) -> None:
    subject = subject_of(entry)
    notify(
        others(entry, [subject.get_latest_revision().user]),
        subject,
        APPROVED_FOR,
        says="{what} is approved",
        why=f"It goes live with the release “{entry.data['release']}”.",
    )


def tell_of_release(entry: Any) -> None:
    """It goes live by itself, as whoever approved it had it: that is news to them as well."""
    release = object_of(entry)
    concerned = [release.created_by, release.approved_by, *authors(release)]
    notify(
        concerned if entry.action == WENT_LIVE else others(entry, concerned),
        release,
        entry.action,
        says=OF_RELEASES[entry.action],
        moment=release.go_live_at if entry.action in WITH_MOMENT else None,
    )


def tell_of_hand_over(entry: Any) -> None:
    release = object_of(entry)
    notify(
        others(entry, [release.handed_to]),
        release,
        HANDED_OVER,
        says="The release {what} waits for you to approve it",
        why=f"It was handed to you by {get_user_display_name(entry.user)}." if entry.user else "",
    )


def authors(release: Release) -> Iterable[Any]:
    """Those who wrote what is in it."""
    shown = release.items.with_newest().values_list("shown_id", flat=True)
    revisions = Revision.objects.filter(pk__in=list(shown)).defer("content")
    return [revision.user for revision in revisions.select_related("user")]


# Expiries


def warn_of_expiries() -> None:
    """Tell who published and who wrote what expires within a day, once for each expiry."""
    now = clock.now()
    told = Notification.objects.filter(
        step=EXPIRES_SOON,
        content_type=OuterRef("type_id"),
        object_id=Cast(OuterRef("pk"), CharField()),
        moment=OuterRef("expire_at"),
    )
    for expiries in EXPIRY.scheduled():
        soon = expiries.filter(expire_at__gt=now, expire_at__lte=now + WARNED_BEFORE)
        for made in soon.exclude(Exists(told)):
            warn(made.specific if isinstance(made, Page) else made)


def warn(subject: Any) -> None:
    revision = subject.live_revision
    if revision is None:
        return  # It was imported: nobody here wrote it.
    notify(
        [who_approved(subject, revision, "wagtail.publish"), revision.user],
        subject,
        EXPIRES_SOON,
        says="{what} expires soon",
        moment=subject.expire_at,
        why="Readers no longer see it then. Change the date if they should.",
        once=True,
    )
