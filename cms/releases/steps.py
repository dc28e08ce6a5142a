"""What people do with a release, each step in one transaction and in the audit log.

Every step locks the release, so that no two people, and no scheduler, take steps at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from wagtail.admin.utils import get_user_display_name
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from cms.database.advisory_lock import advisory_lock
from cms.perspective.objects import base_model, base_type_of
from cms.releases.checks import has_rights, may_publish_all, problems_of
from cms.releases.goes_live import CannotPutBack, published_since, take_back
from cms.releases.kind import RELEASE
from cms.releases.models import ItemAction, Release, ReleaseItem, ReleaseState
from cms.releases.taking_out import TAKEN_OUT, log_items
from cms.scheduling.addresses.taken import check_address, lock_addresses
from cms.scheduling.locks import keep_what_is_named, lock_rows
from cms.scheduling.models import FailedChange
from cms.scheduling.signals import about_to_take_back
from pages import clock
from pages.lifecycle.checks import NotPublishable

__all__ = [
    "ADDED",
    "APPROVED",
    "CANCELLED",
    "HANDED_OVER",
    "MOVED",
    "REOPENED",
    "NotPossible",
    "add_objects",
    "add_redirect",
    "approve",
    "can_be_approved",
    "can_be_cancelled",
    "can_be_deleted",
    "can_be_handed_over",
    "can_be_moved",
    "can_be_reopened",
    "can_be_reverted",
    "cancel",
    "contents_of",
    "delete",
    "describe",
    "failure_of",
    "hand_over",
    "move",
    "reopen",
    "revert",
    "take_out",
]

ADDED = "publishing.release.add"
APPROVED = "publishing.release.approve"
MOVED = "publishing.release.move"
CANCELLED = "publishing.release.cancel"
HANDED_OVER = "publishing.release.hand_over"
REOPENED = "publishing.release.reopen"


class NotPossible(Exception):
    """Why a step cannot be taken, in sentences for whoever tried."""

    def __init__(self, *reasons: str):
        super().__init__(*reasons)
        self.reasons = reasons


@contextmanager
def locked(release: Release) -> Iterator[Release]:
    """The release as it is now, while nobody else can change it."""
    with transaction.atomic():
        yield Release.objects.select_for_update().get(pk=release.pk)


@contextmanager
def locked_with_content(release: Release) -> Iterator[Release]:
    """As ``locked``, while nobody decides about another release or changes what is in this one.

    What else becomes of its objects is compared with it, and stays as it was compared. Objects come
    first, as when an editor adds some that their form holds already.
    """
    with transaction.atomic():
        advisory_lock()
        keys = objects_in(release)
        lock_rows(keys)
        with locked(release) as current:
            stop_unless(
                objects_in(current) == keys,
                f"“{current}” has just been changed: look at it again.",
            )
            yield current


def objects_in(release: Release) -> set[tuple[type[Model], str]]:
    """The base model and key of each."""
    items = release.items.of_objects().select_related("content_type")
    return {(base_model(item.model), item.object_id) for item in items if item.model}


@contextmanager
def locked_alone(release: Release) -> Iterator[Release]:
    """As ``locked``, while nobody decides about another release."""
    with transaction.atomic():
        advisory_lock()
        with locked(release) as current:
            yield current


def pages_in(release: Release) -> list[Page]:
    keys = [key for model, key in objects_in(release) if model is Page]
    return list(Page._base_manager.filter(pk__in=keys).order_by("path"))


def stop_unless(condition: bool, reason: str) -> None:
    if not condition:
        raise NotPossible(reason)


def stop_unless_open(release: Release) -> None:
    stop_unless(release.is_open, f"“{release}” is {release.get_state_display()}: reopen it first.")


def stop_who_may_not_publish(user: AbstractBaseUser, release: Release) -> None:
    stop_unless(
        may_publish_all(user, release),
        "Only someone who may publish everything in this release can do that.",
    )


# What is in it


def add_objects(
    release: Release, subjects: Iterable[Any], action: Any, user: AbstractBaseUser
) -> list[ReleaseItem]:
    """Add pages and snippets, or change what is to become of those that are in it already."""
    with locked(release) as current:
        stop_unless_open(current)
        items = [
            ReleaseItem.objects.update_or_create(
                release=current,
                base_content_type_id=base_type_of(type(subject)),
                object_id=str(subject.pk),
                defaults={
                    "action": action,
                    "content_type": type_of(subject),
                    "title": str(subject),
                },
            )[0]
            for subject in subjects
        ]
        log_items(ADDED, items, user)
        return items


def type_of(subject: Any) -> ContentType:
    """Of a page its own, also when it was loaded as any page."""
    if isinstance(subject, Page):
        return subject.cached_content_type
    return ContentType.objects.get_for_model(subject, for_concrete_model=False)


def add_redirect(item: ReleaseItem, user: AbstractBaseUser) -> ReleaseItem:
    with locked(item.release) as current:
        stop_unless_open(current)
        item.action = ItemAction.REDIRECT
        same = current.items.filter(old_path=item.old_path, site=item.site_id)
        same.filter(action=ItemAction.REDIRECT).delete()
        item.save()
        log_items(ADDED, [item], user)
        return item


def take_out(item: ReleaseItem, user: AbstractBaseUser) -> None:
    with locked(item.release) as current:
        stop_unless_open(current)
        log_items(TAKEN_OUT, [item], user)
        item.delete()


def describe(
    release: Release, user: AbstractBaseUser, *, name: str, note: str, go_live_at: datetime | None
) -> Release:
    """Another name or note; and another moment, as long as nobody has approved it."""
    with locked(release) as current:
        stop_unless(
            current.is_open or go_live_at == current.go_live_at,
            f"“{current}” is {current.get_state_display()}: move it instead.",
        )
        current.name, current.note, current.go_live_at = name, note, go_live_at
        current.save(update_fields=["name", "note", "go_live_at"])
        return current


def delete(release: Release, user: AbstractBaseUser) -> None:
    with locked(release) as current:
        stop_unless(
            can_be_deleted(current),
            f"“{current}” is {current.get_state_display()}: only what is being prepared, or was"
            " cancelled, can be deleted.",
        )
        log(instance=current, action="wagtail.delete", user=user)
        current.delete()


def contents_of(release: Release) -> str:
    """Tells whether what is in it, or a version of it, has changed since somebody looked at it."""
    columns = ("pk", "action", "shown_id", "written_at", "redirect_page", "redirect_link")
    items = release.items.with_newest().order_by("pk").values_list(*columns, "is_permanent")
    return sha256(repr(list(items)).encode()).hexdigest()


# Who is to approve it


def hand_over(release: Release, user: AbstractBaseUser, *, to: AbstractBaseUser | None) -> None:
    """Have it wait for someone who may publish all of it, or for nobody in particular."""
    with locked(release) as current:
        stop_unless_open(current)
        if to is not None:
            stop_unless(current.items.exists(), "There is nothing in it yet to approve.")
            stop_unless(
                has_rights(to, current),
                f"{get_user_display_name(to)} may not publish everything in it: choose someone"
                " else.",
            )
        is_handed(current, to, by=user)
        current.save(update_fields=["handed_to", "handed_by", "handed_at"])
        data = {"to": get_user_display_name(to)}
        log(instance=current, action=HANDED_OVER, user=user, data=data)


def is_handed(release: Release, to: Any, *, by: Any = None) -> None:
    release.handed_to = to
    release.handed_by, release.handed_at = (by, clock.now()) if to else (None, None)


# When it goes live


def failure_of(release: Release) -> FailedChange | None:
    """Why it is due and could not be made permanent, if so."""
    if not release.is_due:
        return None
    failures = FailedChange.objects.filter(action=RELEASE.name, object_id=str(release.pk))
    return failures.filter(due_at=release.go_live_at).first()


def can_be_approved(release: Release) -> bool:
    return release.is_open


def can_be_handed_over(release: Release) -> bool:
    return release.is_open


def can_be_deleted(release: Release) -> bool:
    return release.state in (ReleaseState.OPEN, ReleaseState.CANCELLED)


def can_be_moved(release: Release) -> bool:
    return release.is_approved and not release.is_due


def can_be_cancelled(release: Release) -> bool:
    return release.is_open or release.is_approved


def can_be_reopened(release: Release) -> bool:
    return not release.is_open and release.state != ReleaseState.LIVE


def can_be_reverted(release: Release) -> bool:
    return release.state == ReleaseState.LIVE


def approve(
    release: Release,
    user: AbstractBaseUser,
    *,
    now: bool = False,
    go_live_at: datetime | None = None,
    seen: str = "",
) -> None:
    """Fix what is in it, to go live at its moment, or at once. Raises ``NotPossible``.

    ``go_live_at`` is for one that had no moment to come; ``seen`` is of what was shown, see
    ``contents_of``.
    """
    with locked_with_content(release) as current:
        stop_unless(
            can_be_approved(current), f"“{current}” is {current.get_state_display()} already."
        )
        stop_unless(
            seen in ("", contents_of(current)),
            f"“{current}”, or something in it, has just been changed: look at it again.",
        )
        if now or go_live_at:
            current.go_live_at = clock.now() if now else go_live_at
        stop_unless(current.go_live_at is not None, "Say when it goes live, or publish it now.")
        stop_unless(
            now or current.go_live_at > clock.now(),
            "Its moment has passed: choose a later one, or publish it now.",
        )
        lock_addresses(pages_in(current))
        stop_for_problems(current, user)
        fixed = list(current.items.with_newest().filter(action=ItemAction.PUBLISH))
        for item in fixed:
            item.revision_id = item.newest_id
        keep_what_is_named(Revision.objects.filter(pk__in=[item.newest_id for item in fixed]))
        ReleaseItem.objects.bulk_update(fixed, ["revision"])
        current.state = ReleaseState.APPROVED
        current.approved_at, current.approved_by = clock.now(), user
        is_handed(current, None)
        current.save()
        log(
            instance=current,
            action=APPROVED,
            user=user,
            data={"go_live_at": current.go_live_at.isoformat(), "items": current.items.count()},
        )


def move(release: Release, to: datetime, user: AbstractBaseUser) -> None:
    """Have an approved release go live at another moment, with what was approved."""
    with locked_with_content(release) as current:
        stop_unless(
            can_be_moved(current),
            f"“{current}” can no longer be moved: look at it again.",
        )
        stop_unless(to > clock.now(), "Choose a moment that has not passed.")
        before, current.go_live_at = current.go_live_at, to
        lock_addresses(pages_in(current))
        stop_for_problems(current, user)
        current.save(update_fields=["go_live_at"])
        log(
            instance=current,
            action=MOVED,
            user=user,
            data={"from": before.isoformat(), "to": to.isoformat()},
        )


def stop_for_problems(release: Release, user: AbstractBaseUser) -> None:
    problems = problems_of(release, user)
    if problems:
        raise NotPossible(*(problem.text for problem in problems))


def cancel(release: Release, user: AbstractBaseUser) -> None:
    """Have it not go live. What is in it stays as it is written."""
    with locked_alone(release) as current:
        if current.is_approved:
            stop_who_may_not_publish(user, current)
        stop_unless(
            can_be_cancelled(current),
            f"“{current}” is live already: revert it instead.",
        )
        leave(current, ReleaseState.CANCELLED)
        log(instance=current, action=CANCELLED, user=user)


def reopen(release: Release, user: AbstractBaseUser) -> None:
    """Prepare it further: its items follow the newest versions again, and it has to be approved."""
    with locked_alone(release) as current:
        if current.is_approved:
            stop_who_may_not_publish(user, current)
        stop_unless(
            can_be_reopened(current),
            f"“{current}” cannot be reopened: look at it again.",
        )
        leave(current, ReleaseState.OPEN)
        log(instance=current, action=REOPENED, user=user)


def leave(release: Release, state: Any) -> None:
    """What readers see of it already, since it is due, they see as it was before."""
    if release.is_due:
        about_to_take_back({item.key for item in release.items.of_objects()})
    release.items.update(
        revision=None, previous_revision=None, was_live=None, previous_redirects=[]
    )
    was_approved = release.is_approved
    release.state, release.approved_at, release.approved_by = state, None, None
    is_handed(release, None)
    release.save()
    if was_approved:
        stop_for_addresses(release)


def stop_for_addresses(release: Release) -> None:
    """Pages of it stay where others are to take their addresses, which it was to free."""
    sentences = [sentence for page in pages_in(release) for sentence in check_address(page)]
    if sentences:
        raise NotPossible(*dict.fromkeys(sentences))


def revert(release: Release, user: AbstractBaseUser, *, also_since: bool = False) -> None:
    """Put back what was there before it went live.

    What was published again since is put back only if ``also_since``.
    """
    with locked_with_content(release) as current:
        stop_unless(
            can_be_reverted(current),
            f"“{current}” is not live: there is nothing to undo.",
        )
        stop_who_may_not_publish(user, current)
        if not also_since:
            for item in published_since(current):
                raise NotPossible(
                    f"“{item}” was changed after the release. Say that this is to be undone too."
                )
        try:
            take_back(current, user)
        except CannotPutBack as error:
            raise NotPossible(str(error)) from error
        except NotPublishable as error:
            raise NotPossible(
                f"“{error.subject}” cannot be put back. {' '.join(error.lines())}"
            ) from error
        stop_for_addresses(current)
