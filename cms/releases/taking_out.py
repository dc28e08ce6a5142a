"""Takes objects out of releases; also out of approved ones, when someone takes an object down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from wagtail.log_actions import log

from cms.releases.models import ItemAction, Release, ReleaseItem
from pages import clock

__all__ = [
    "TAKEN_OUT",
    "log_items",
    "take_out",
    "take_out_of_approved",
    "take_out_what_is_corrected",
]

TAKEN_OUT = "publishing.release.take_out"


def take_out_of_approved(
    subject: Any, *actions: Any, due_only: bool, user: AbstractBaseUser | None
) -> None:
    """Let the other objects of a release go live without this one, whose lock the caller holds."""
    items = ReleaseItem.objects.of(subject).filter(
        action__in=actions, release__in=Release.objects.approved()
    )
    if due_only:
        items = items.filter(release__go_live_at__lte=clock.now())
    take_out(items, user)


def take_out(items: Iterable[ReleaseItem], user: AbstractBaseUser | None) -> None:
    for item in sorted(items, key=lambda item: item.release_id):
        release = Release.objects.select_for_update(no_key=True).get(pk=item.release_id)
        if release.is_approved:
            log_items(TAKEN_OUT, [item], user)
            item.delete()


def take_out_what_is_corrected(subject: Any) -> None:
    """Nothing that is due goes on hiding, or undoes later, what someone publishes by hand."""
    if subject.live and subject.as_of is None:
        actions = (ItemAction.PUBLISH, ItemAction.UNPUBLISH)
        take_out_of_approved(subject, *actions, due_only=True, user=None)


def log_items(action: str, items: list[ReleaseItem], user: AbstractBaseUser | None) -> None:
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
