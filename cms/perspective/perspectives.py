"""From which perspective a request sees the site, and what that changes about what is published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db.models import Q
from wagtail.models import Page, Revision

from cms.perspective.changes import FACTS, Change, Changes, NewRedirect, change_by_publishing
from cms.perspective.objects import base_type_of, models_with_drafts
from cms.perspective.sources import PendingChange, in_order, sources
from pages import clock

__all__ = [
    "DRAFTS",
    "PUBLISHED_NOW",
    "UNKNOWN",
    "AlsoSeen",
    "Perspective",
    "published_at",
]

# Before any moment: when nobody has said when something goes live, it may be due.
UNKNOWN = datetime.min.replace(tzinfo=UTC)


class AlsoSeen(Protocol):
    """What a perspective shows besides what is published, such as a release. Hashable."""

    def changes(self, moment: datetime) -> Changes: ...


@dataclass(frozen=True)
class Perspective:
    """Sees what is published at a moment, now unless it says when; and more, as the names say.

    With ``page_id`` it differs from what readers see now in that page alone.
    """

    at: datetime | None = None
    also: AlsoSeen | None = None
    drafts: bool = False
    page_id: int | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether it shows one moment whatever the clock says."""
        return self.at is not None and self.page_id is None

    def moment(self) -> datetime:
        """The moment of all but the one page that a perspective may be limited to."""
        return self.at if self.at and self.is_fixed else clock.now()

    def changes(
        self, moment: datetime, *, earliest_go_live: datetime | None = UNKNOWN
    ) -> tuple[Change | NewRedirect, ...]:
        """What is to be seen in the place of published versions, each object once.

        Who knows when the first approved change goes live, if any does, saves the statements that
        look for those that are due.
        """
        if self.page_id is None:
            return tuple(self.changes_to_all(moment, earliest_go_live).values())
        page = (base_type_of(Page), str(self.page_id))
        changes = PUBLISHED_NOW.changes_to_all(moment, earliest_go_live)
        wanted = self.changes_to_all(self.at or moment, UNKNOWN)
        if self.at is not None:
            changes[page] = outlasting(self.at, wanted.get(page), page)
        elif page in wanted:
            changes[page] = wanted[page]
        return tuple(changes.values())

    def changes_to_all(self, moment: datetime, earliest_go_live: datetime | None) -> Changes:
        if self.drafts:
            return drafts(moment)
        changes: Changes = {}
        if earliest_go_live is not None and earliest_go_live <= moment:
            changes = due(moment)
        if self.also is not None:
            for key, change in self.also.changes(moment).items():
                changes[key] = replace(change, before=changes.get(key))
        return changes


def outlasting(
    moment: datetime, change: Change | NewRedirect | None, key: tuple[int, str]
) -> Change | NewRedirect:
    """A change, or what is published, seen unless it has expired by a moment."""
    if change is None:
        return Change(*key, live=None, outlasts=moment)
    change = replace(change, before=outlasting(moment, change.before, key))
    return replace(change, outlasts=moment) if isinstance(change, Change) else change


PUBLISHED_NOW = Perspective()
DRAFTS = Perspective(drafts=True)


def published_at(moment: datetime) -> Perspective:
    return Perspective(at=moment)


# What is due


def due(moment: datetime) -> Changes:
    """What was approved and has come; of the changes to one object the latest."""
    changes: Changes = {}
    found = [each for source in sources() for each in source.due(moment)]
    for _, key, change in in_order(found, moment_of):
        changes[key] = after(changes.get(key), change)
    return changes


def after(before: Change | NewRedirect | None, change: Change | NewRedirect) -> Any:
    """A change on top of another to the same object, which is first published only once."""
    if before is None:
        return change
    change = replace(change, before=before)
    if isinstance(before, Change) and isinstance(change, Change) and before.first_published_at:
        return replace(change, first_published_at=before.first_published_at)
    return change


def moment_of(found: PendingChange) -> datetime:
    return found[0]


# Drafts


def drafts(moment: datetime) -> Changes:
    """Every object that is not live as it was last written, shown as if it were, for good."""
    unpublished = Q(has_unpublished_changes=True) | Q(live=False) | Q(expire_at__lte=moment)
    changes: Changes = {}
    latest: list[int] = []
    for model in models_with_drafts():
        base = base_type_of(model)
        own = "content_type_id" if issubclass(model, Page) else None
        rows = model._base_manager.filter(unpublished).values(
            "pk", "has_unpublished_changes", "latest_revision_id", *([own] if own else [])
        )
        for row in rows:
            key = (base, str(row["pk"]))
            changes[key] = Change(row[own] if own else base, key[1], expires=False)
            if row["has_unpublished_changes"] and row["latest_revision_id"]:
                latest.append(row["latest_revision_id"])
    for facts in Revision.objects.filter(pk__in=latest).values_list(*FACTS):
        # What was never live shows when it was written as the moment it was published.
        key, change = change_by_publishing(*facts, at=facts[-1])
        changes[key] = replace(change, expires=False, may_have_gaps=True, before=changes.get(key))
    return changes
