"""What a release changes of what readers see, item by item, for whoever approves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from cms.admin.history.differences import differences
from cms.admin.subjects import Subject
from cms.releases.checks import Check
from cms.releases.models import ItemAction, Release, ReleaseItem

__all__ = ["ItemChange", "changes_with"]


@dataclass(frozen=True)
class ItemChange:
    item: ReleaseItem
    # In a few words.
    says: str
    subject: Subject | None = None
    differences: tuple[Any, ...] = ()


def changes_with(request: HttpRequest, release: Release) -> list[ItemChange]:
    check = Check(release, request.user)
    return [change for item in check.items for change in changes_of(request, check, item)]


def changes_of(request: HttpRequest, check: Check, item: ReleaseItem) -> Iterator[ItemChange]:
    if item.action == ItemAction.REDIRECT:
        target = item.redirect_page or item.redirect_link or "a page that has been deleted"
        yield ItemChange(item, f"leads to {target}")
        return
    stored, model = check.subjects.get(item.pk), item.model
    if stored is None or model is None:
        return  # It is among the problems.
    subject = Subject(model, item.object_id, item.title)
    if item.action == ItemAction.UNPUBLISH:
        says = "readers no longer see it" if stored.live else "readers do not see it now either"
        yield ItemChange(item, says, subject)
    elif not stored.live:
        yield ItemChange(item, "is new: readers see nothing of it now", subject)
    elif item.pk in check.versions:
        found = tuple(differences(request, stored, check.versions[item.pk]))
        says = "changes" if found else "says what readers see already"
        yield ItemChange(item, says, subject, found)
