"""What is scheduled and has not been made permanent yet, and when there is something to do.

A change that has failed waits for its next attempt. It does not hold up what else is scheduled for
the same object: a later revision replaces an earlier one that cannot be published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from wagtail.models import DraftStateMixin, Page, Revision

from cms.publishing.changes import base_model, models_with_drafts
from cms.publishing.models import Action, FailedChange
from cms.publishing.releases import Release
from cms.publishing.schedule import first_moment

__all__ = [
    "DueChange",
    "all_expiries",
    "approved_in_order",
    "approved_releases",
    "due_changes",
    "next_moment",
]

# In the order in which they go live: of two at one moment the newer comes last, and stays.
ORDER = ("approved_go_live_at", "created_at", "pk")


@dataclass(frozen=True)
class DueChange:
    """An object that goes live or expires, or a release; ``ready_at`` it can be attempted."""

    action: Any
    content_type_id: int
    object_id: str
    due_at: datetime
    ready_at: datetime
    revision_id: int | None = None

    @property
    def model(self) -> type[Model]:
        return ContentType.objects.get_for_id(self.content_type_id).model_class()

    @property
    def has_failed(self) -> bool:
        """In an earlier attempt."""
        return self.ready_at != self.due_at

    @property
    def subject(self) -> tuple[type[Model], str]:
        return base_model(self.model), self.object_id


def due_changes(now: datetime, *, limit: int) -> list[DueChange]:
    """The first that can be made now, earliest first, and of each object only one."""
    go_lives = approved_in_order().filter(approved_go_live_at__lte=now, ready_at__lte=now)
    changes = [
        DueChange(Action.PUBLISH, *values)
        for values in go_lives.values_list(
            "content_type_id", "object_id", "approved_go_live_at", "ready_at", "pk"
        )[:limit]
    ]
    for expiries in all_expiries():
        due = expiries.filter(expire_at__lte=now, ready_at__lte=now).order_by("expire_at")
        changes += [
            DueChange(Action.UNPUBLISH, content_type, str(key), *moments)
            for content_type, key, *moments in due.values_list(
                "type_id", "pk", "expire_at", "ready_at"
            )[:limit]
        ]
    releases = approved_releases().filter(go_live_at__lte=now, ready_at__lte=now)
    release_type = ContentType.objects.get_for_model(Release).pk
    changes += [
        DueChange(Action.RELEASE, release_type, str(key), *moments)
        for key, *moments in releases.order_by("go_live_at").values_list(
            "pk", "go_live_at", "ready_at"
        )[:limit]
    ]
    return list(first_of_each(sorted(changes, key=lambda change: change.due_at)))[:limit]


def first_of_each(changes: Iterable[DueChange]) -> Iterator[DueChange]:
    seen = set()
    for change in changes:
        if change.subject not in seen:
            seen.add(change.subject)
            yield change


def next_moment() -> datetime | None:
    """When something can be done next, which may be past; asked in one statement."""
    return first_moment([approved_in_order(), *all_expiries(), approved_releases()], "ready_at")


def approved_in_order() -> QuerySet:
    """Approved revisions of what this site knows, each with when it can be published."""
    known = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
    types = ContentType.objects.get_for_models(*known, for_concrete_models=False)
    failed = FailedChange.objects.filter(
        revision_id=OuterRef("pk"), due_at=OuterRef("approved_go_live_at")
    )
    return (
        Revision.objects.filter(approved_go_live_at__isnull=False, content_type__in=types.values())
        .annotate(ready_at=retry_at(failed, or_else="approved_go_live_at"))
        .order_by(*ORDER)
    )


def all_expiries() -> Iterator[QuerySet]:
    """For each base model what is live and expires: its type, and when it can be unpublished."""
    for model in models_with_drafts():
        if model is Page:
            type_id: Any = F("content_type_id")
        else:
            type_id = Value(ContentType.objects.get_for_model(model, for_concrete_model=False).pk)
        failed = FailedChange.objects.filter(
            action=Action.UNPUBLISH,
            content_type_id=OuterRef("type_id"),
            object_id=Cast(OuterRef("pk"), CharField()),
            due_at=OuterRef("expire_at"),
        )
        yield (
            model._base_manager.filter(live=True, expire_at__isnull=False)
            .annotate(type_id=type_id)
            .annotate(ready_at=retry_at(failed, or_else="expire_at"))
        )


def approved_releases() -> QuerySet:
    """Approved releases, each with when it can be made permanent."""
    failed = FailedChange.objects.filter(
        action=Action.RELEASE,
        object_id=Cast(OuterRef("pk"), CharField()),
        due_at=OuterRef("go_live_at"),
    )
    return Release.objects.approved().annotate(ready_at=retry_at(failed, or_else="go_live_at"))


def retry_at(failed: QuerySet, *, or_else: str) -> Coalesce:
    return Coalesce(Subquery(failed.values("retry_at")[:1]), F(or_else))
