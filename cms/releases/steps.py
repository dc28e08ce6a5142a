"""What people do with a release, each step in one transaction and in the audit log.

Every step locks the release, so that no two people, and no scheduler, take steps at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from wagtail.log_actions import log
from wagtail.models import Page

from cms.database.advisory_lock import advisory_lock
from cms.perspective.objects import base_model, base_type_of
from cms.releases.checks import may_publish_all, problems_of
from cms.releases.goes_live import CannotPutBack, published_since, take_back
from cms.releases.kind import RELEASE
from cms.releases.models import ItemAction, Release, ReleaseItem, ReleaseState
from cms.scheduling.locks import lock_rows
from cms.scheduling.models import FailedChange
from pages import clock

__all__ = [
    "ADDED",
    "APPROVED",
    "CANCELLED",
    "MOVED",
    "REOPENED",
    "TAKEN_OUT",
    "NotPossible",
    "add_objects",
    "add_redirect",
    "approve",
    "can_be_approved",
    "can_be_cancelled",
    "can_be_moved",
    "can_be_reopened",
    "can_be_reverted",
    "cancel",
    "delete",
    "describe",
    "failure_of",
    "move",
    "reopen",
    "revert",
    "take_out",
]

ADDED = "publishing.release.add"
TAKEN_OUT = "publishing.release.take_out"
APPROVED = "publishing.release.approve"
MOVED = "publishing.release.move"
CANCELLED = "publishing.release.cancel"
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


def log_items(action: str, items: list[ReleaseItem], user: AbstractBaseUser) -> None:
    """One entry: Wagtail's history shows only one of each kind that a request makes."""
    if items:
        log(
            instance=items[0].release,
            action=action,
            user=user,
            data={
                "items": [str(item) for item in items],
                "action": items[0].get_action_display(),
            },
        )


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
            current.state in (ReleaseState.OPEN, ReleaseState.CANCELLED),
            f"“{current}” is {current.get_state_display()}: only what is being prepared, or was"
            " cancelled, can be deleted.",
        )
        log(instance=current, action="wagtail.delete", user=user)
        current.delete()


# When it goes live


def failure_of(release: Release) -> FailedChange | None:
    """Why it is due and could not be made permanent, if so. It is not left to its fate then."""
    if not release.is_due:
        return None
    failures = FailedChange.objects.filter(action=RELEASE.name, object_id=str(release.pk))
    return failures.filter(due_at=release.go_live_at).first()


def is_seen(release: Release) -> bool:
    """Whether readers see it before it is permanent; not if it has failed to become so."""
    return release.is_due and failure_of(release) is None


def can_be_approved(release: Release) -> bool:
    return release.is_open


def can_be_moved(release: Release) -> bool:
    return release.is_approved and not release.is_due


def can_be_cancelled(release: Release) -> bool:
    return release.is_open or (release.is_approved and not is_seen(release))


def can_be_reopened(release: Release) -> bool:
    return not release.is_open and release.state != ReleaseState.LIVE and not is_seen(release)


def can_be_reverted(release: Release) -> bool:
    return release.state == ReleaseState.LIVE


def approve(release: Release, user: AbstractBaseUser, *, now: bool = False) -> None:
    """Fix what is in it, to go live at its moment, or at once. Raises ``NotPossible``."""
    with locked_with_content(release) as current:
        stop_unless(
            can_be_approved(current), f"“{current}” is {current.get_state_display()} already."
        )
        if now:
            current.go_live_at = clock.now()
        stop_unless(current.go_live_at is not None, "Say when it goes live, or publish it now.")
        stop_unless(
            now or current.go_live_at > clock.now(),
            "Its moment has passed: choose a later one, or publish it now.",
        )
        stop_for_problems(current, user)
        fixed = list(current.items.with_newest().filter(action=ItemAction.PUBLISH))
        for item in fixed:
            item.revision_id = item.newest_id
        ReleaseItem.objects.bulk_update(fixed, ["revision"])
        current.state = ReleaseState.APPROVED
        current.approved_at, current.approved_by = clock.now(), user
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
    with locked(release) as current:
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
    with locked(release) as current:
        if current.is_approved:
            stop_who_may_not_publish(user, current)
        stop_unless(
            can_be_reopened(current),
            f"“{current}” cannot be reopened: look at it again.",
        )
        leave(current, ReleaseState.OPEN)
        log(instance=current, action=REOPENED, user=user)


def leave(release: Release, state: Any) -> None:
    release.items.update(
        revision=None, previous_revision=None, was_live=None, previous_redirects=[]
    )
    release.state, release.approved_at, release.approved_by = state, None, None
    release.save()


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
