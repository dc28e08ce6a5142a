"""Makes a release permanent, all of it in the transaction of whoever calls, and takes it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db.models import Q
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from cms.perspective.objects import base_model, slug_in
from cms.releases.making_room import make_room
from cms.releases.models import ItemAction, Release, ReleaseItem, ReleaseState
from cms.releases.taking_out import take_out_of_approved
from cms.scheduling import plans
from cms.scheduling.indexes import index
from cms.scheduling.locks import locked_object
from cms.scheduling.permanent import Publication, unpublish
from cms.scheduling.takedown import end_what_is_due
from pages import clock

__all__ = [
    "PUBLISHED",
    "REVERTED",
    "TAKEN_BACK",
    "UNPUBLISHED",
    "WENT_LIVE",
    "CannotPutBack",
    "go_live",
    "published_since",
    "take_back",
]

WENT_LIVE = "publishing.release.go_live"
REVERTED = "publishing.release.revert"
# Of the objects in it.
PUBLISHED = "publishing.publish_in_release"
UNPUBLISHED = "publishing.unpublish_in_release"
TAKEN_BACK = "publishing.take_back_release"


class CannotPutBack(Exception):
    """What was there before a release is not any more; in a sentence for whoever tried."""


def go_live(release: Release) -> None:
    """Make all of an approved release permanent, as of its moment, under the caller's lock."""
    at: datetime = release.go_live_at
    subjects, deleted = lock_subjects(release)
    for item in deleted:
        raise ValidationError(
            f"“{item.title}” has been deleted. Reopen the release and take it out."
        )
    room_for(release, subjects)
    for item in in_order(release, subjects):
        if item.leads_nowhere:
            raise ValidationError(
                f"The page that {item.old_path} was to lead to has been deleted. Reopen the release"
                " and take the redirect out."
            )
        if item.action == ItemAction.REDIRECT:
            replace_redirect(item)
        else:
            make(item, subjects[item.pk], at)
    release.state = ReleaseState.LIVE
    release.save(update_fields=["state"])
    log(instance=release, action=WENT_LIVE, user=release.approved_by)


def room_for(release: Release, subjects: dict[int, Any], *, back: bool = False) -> None:
    """Let the pages that a release publishes, or puts back, find their addresses free."""
    moving, hidden = [], []
    for item in release.items.of_objects().select_related("revision", "previous_revision"):
        page = subjects.get(item.pk)
        if not isinstance(page, Page):
            continue
        hides = not item.was_live if back else item.action == ItemAction.UNPUBLISH
        revision = item.previous_revision if back else item.revision
        if hides:
            hidden.append(page)
        elif revision is not None:
            slug = slug_in(revision)
            if slug and slug != page.slug:
                moving.append((page, slug))
    make_room(moving, hidden)


def lock_subjects(release: Release) -> tuple[dict[int, Any], list[ReleaseItem]]:
    """The objects by their item's key, as they are while nobody else can change them.

    And the items whose objects have been deleted, or are of a kind that is gone.
    """
    subjects, deleted = {}, []
    for item in release.items.of_objects().order_by("base_content_type", "object_id"):
        subject = locked_object(item.model, item.object_id) if item.model else None
        if subject is None:
            deleted.append(item)
        else:
            subjects[item.pk] = subject
    return subjects, deleted


def in_order(release: Release, subjects: dict[int, Any]) -> list[ReleaseItem]:
    """Snippets first, for pages to show them, then pages from the top, and redirects last."""

    def place(item: ReleaseItem) -> tuple[bool, str]:
        path = subjects[item.pk].path if item.is_page else ""
        return item.action == ItemAction.REDIRECT, path

    items = release.items.select_related("release", "revision")
    return sorted((item for item in items if is_there(item, subjects)), key=place)


def is_there(item: ReleaseItem, subjects: dict[int, Any]) -> bool:
    return item.action == ItemAction.REDIRECT or item.pk in subjects


def make(item: ReleaseItem, subject: Any, at: datetime) -> None:
    item.was_live = subject.live
    item.previous_revision = published_version(subject) if subject.live else None
    item.save(update_fields=["was_live", "previous_revision"])
    user = item.release.approved_by
    if item.action == ItemAction.UNPUBLISH:
        unpublish(subject, expired=False, user=user, log_action=UNPUBLISHED)
    elif item.revision is None:
        raise ValidationError(
            f"The approved version of “{item.title}” is gone. Reopen the release, then approve it."
        )
    else:
        publish(item.revision, subject, at=at, user=user, log_action=PUBLISHED)


def published_version(subject: Any) -> Revision:
    """What is live, as a revision; imported content has none, and is written down as it is."""
    if subject.live_revision_id:
        return subject.live_revision
    return Revision.objects.create(
        content_object=subject,
        base_content_type=ContentType.objects.get_for_model(base_model(type(subject))),
        content=subject.serializable_data(),
        object_str=str(subject),
        created_at=subject.last_published_at or clock.now(),
    )


def publish(revision: Revision, subject: Any, **details: Any) -> None:
    Publication(revision, subject, **details).execute()
    index(subject)


def replace_redirect(item: ReleaseItem) -> None:
    """One for all sites also takes the place of what pages left behind on a site of theirs."""
    replaced = Q(site=item.site_id)
    if item.site_id is None:
        replaced |= Q(automatically_created=True)
    there = Redirect.objects.filter(replaced, old_path=item.old_path)
    item.previous_redirects = serializers.serialize("python", there)
    item.save(update_fields=["previous_redirects"])
    there.delete()
    Redirect.objects.create(
        old_path=item.old_path,
        site_id=item.site_id,
        redirect_page_id=item.redirect_page_id,
        redirect_link=item.redirect_link,
        is_permanent=item.is_permanent,
    )


# Back


def take_back(release: Release, user: AbstractBaseUser) -> None:
    """Put back what was there before a release went live, whatever was published since.

    Under the caller's lock. Raises ``CannotPutBack``.
    """
    now = clock.now()
    subjects, deleted = lock_subjects(release)
    for item in filter(was_there_before, deleted):
        raise CannotPutBack(
            f"“{item.title}” has been deleted, so the release cannot be put back as a whole."
            " Change what else is in it by hand."
        )
    for item in release.items.of_objects().select_related("previous_revision"):
        if item.pk in subjects:
            subject = subjects[item.pk]
            end_what_is_due(subject, user=user)
            take_out_of_approved(subject, ItemAction.UNPUBLISH, due_only=True, user=user)
            plans.put_back(subject, item.previous_revision)
    room_for(release, subjects, back=True)
    for item in reversed(in_order(release, subjects)):
        if item.action == ItemAction.REDIRECT:
            put_back_redirects(item)
        else:
            put_back(item, subjects[item.pk], now, user)
    release.state = ReleaseState.REVERTED
    release.save(update_fields=["state"])
    log(instance=release, action=REVERTED, user=user)


def put_back(item: ReleaseItem, subject: Any, now: datetime, user: AbstractBaseUser) -> None:
    if not item.was_live:
        unpublish(subject, expired=False, user=user, log_action=TAKEN_BACK)
    elif item.previous_revision is None:
        raise CannotPutBack(
            f"The version of “{item.title}” from before the release is gone. Publish it by hand."
        )
    else:
        publish(item.previous_revision, subject, at=now, user=user, log_action=TAKEN_BACK)


def put_back_redirects(item: ReleaseItem) -> None:
    at_its_path = Redirect.objects.filter(old_path=item.old_path)
    at_its_path.filter(site=item.site_id).delete()
    made_since = set(at_its_path.values_list("site_id", flat=True))  # Those stay.
    for made in serializers.deserialize("python", item.previous_redirects, ignorenonexistent=True):
        if made.object.site_id not in made_since:
            made.object.pk = None
            made.object.save()


def published_since(release: Release) -> list[ReleaseItem]:
    """The items that taking the release back would undo more of than the release did."""
    return [item for item in release.items.of_objects() if has_changed_since(item)]


def was_there_before(item: ReleaseItem) -> bool:
    """Whether readers saw its object before the release; of another that is gone nothing is left
    to undo."""
    return bool(item.was_live)


def has_changed_since(item: ReleaseItem) -> bool:
    subject = item.subject()
    if subject is None:
        return was_there_before(item)
    if any(plan.moment <= clock.now() for plan in plans.plans_of(subject)):
        return True  # Readers see it, permanent or not.
    if item.action == ItemAction.UNPUBLISH:
        return subject.live
    return not subject.live or subject.live_revision_id != item.revision_id
