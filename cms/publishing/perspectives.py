"""From which perspective a request sees the site, and what that changes about what is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from wagtail.models import DraftStateMixin, Page, Revision

from cms.publishing import clock

__all__ = [
    "DRAFTS",
    "PUBLISHED_NOW",
    "UNKNOWN",
    "Change",
    "Perspective",
    "Publication",
    "Withdrawal",
    "base_model",
    "base_type_of",
    "limited_to",
    "models_with_drafts",
    "published_at",
    "with_release",
]

# Before any moment: when nobody has said when something goes live, it may be due.
UNKNOWN = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Change:
    """What readers are to see of one object in the place of its published version.

    Without a revision the object is as it is published, but for whether it is live.
    """

    content_type_id: int
    object_id: str
    live: bool = True
    revision_id: int | None = None
    # Wagtail can overwrite a revision while it is being written, and then changes this moment.
    written_at: datetime | None = None
    first_published_at: datetime | None = None
    published_at: datetime | None = None
    expires: bool = True


@dataclass(frozen=True)
class Publication:
    """Of a release: publish a revision."""

    revision_id: int


@dataclass(frozen=True)
class Withdrawal:
    """Of a release: unpublish an object."""

    content_type_id: int
    object_id: str


Changes = dict[tuple[int, str], Change]


@dataclass(frozen=True)
class Perspective:
    """Sees what is published at a moment, now unless it says when; and more, as the names say.

    With ``page_id`` it differs from what readers see now in that page alone.
    """

    at: datetime | None = None
    release: tuple[Publication | Withdrawal, ...] = ()
    drafts: bool = False
    page_id: int | None = None

    def moment(self) -> datetime:
        """The moment of all but the one page that a perspective may be limited to."""
        return self.at if self.at and self.page_id is None else clock.now()

    def changes(
        self, moment: datetime, *, earliest_go_live: datetime | None = UNKNOWN
    ) -> tuple[Change, ...]:
        """What is to be seen in the place of published versions, each object once.

        Who knows when the first approved revision goes live, if any does, saves the statement that
        looks for those that are due.
        """
        if self.page_id is None:
            return tuple(self.changes_to_all(moment, earliest_go_live).values())
        page = (base_type_of(Page), str(self.page_id))
        changes = PUBLISHED_NOW.changes_to_all(moment, earliest_go_live)
        wanted = self.changes_to_all(self.at or moment, UNKNOWN)
        if page in wanted:
            changes[page] = wanted[page]
        return tuple(changes.values())

    def changes_to_all(self, moment: datetime, earliest_go_live: datetime | None) -> Changes:
        if self.drafts:
            return drafts(moment)
        changes: Changes = {}
        if earliest_go_live is not None and earliest_go_live <= moment:
            changes = due(moment)
        if self.release:
            changes = apply_release(changes, self.release, moment)
        return changes


PUBLISHED_NOW = Perspective()
DRAFTS = Perspective(drafts=True)


def published_at(moment: datetime) -> Perspective:
    return Perspective(at=moment)


def limited_to(page_id: int, perspective: Perspective) -> Perspective:
    """One page as the perspective shows it, and all others as readers see them."""
    return replace(perspective, page_id=page_id)


def with_release(
    entries: Iterable[Publication | Withdrawal], *, at: datetime | None = None
) -> Perspective:
    """What is published once a release has gone live; of its entries, later ones win."""
    return Perspective(at=at, release=tuple(entries))


# What is due


FACTS = ("pk", "content_type_id", "base_content_type_id", "object_id", "created_at")


def due(moment: datetime) -> Changes:
    """The approved revisions whose moment has come; of those of one object the latest."""
    revisions = Revision.objects.filter(approved_go_live_at__lte=moment).order_by(
        "approved_go_live_at", "created_at", "pk"
    )
    changes: Changes = {}
    for *facts, at in revisions.values_list(*FACTS, "approved_go_live_at"):
        key, change = publication(*facts, at=at)
        before = changes.get(key)
        first = before.first_published_at if before else at
        changes[key] = replace(change, first_published_at=first)
    return changes


def publication(
    revision_id: int,
    content_type_id: int,
    base_content_type_id: int,
    object_id: str,
    created_at: datetime,
    *,
    at: datetime,
) -> tuple[tuple[int, str], Change]:
    """The change that publishing a revision at a moment makes, and to which object."""
    change = Change(
        content_type_id,
        object_id,
        revision_id=revision_id,
        written_at=created_at,
        first_published_at=at,
        published_at=at,
    )
    return (base_content_type_id, object_id), change


# A release


def apply_release(
    changes: Changes, entries: tuple[Publication | Withdrawal, ...], moment: datetime
) -> Changes:
    keys = [entry.revision_id for entry in entries if isinstance(entry, Publication)]
    rows = Revision.objects.filter(pk__in=keys).values_list(*FACTS)
    facts = {row[0]: row for row in rows}
    changes = dict(changes)
    for entry in entries:
        if isinstance(entry, Withdrawal):
            withdrawn = Change(entry.content_type_id, entry.object_id, live=False)
            model = ContentType.objects.get_for_id(entry.content_type_id).model_class()
            changes[base_type_of(model), entry.object_id] = withdrawn
        elif entry.revision_id in facts:
            key, change = publication(*facts[entry.revision_id], at=moment)
            changes[key] = change
    return changes


def base_model(model: type[Model]) -> type[Model]:
    """The model whose table has one row for each object: Page, for a type of page."""
    return (model._meta.get_parent_list() or [model])[-1]


def base_type_of(model: type[Model]) -> int:
    """The content type under which Wagtail keeps what belongs to objects of a model: Page's."""
    return ContentType.objects.get_for_model(base_model(model), for_concrete_model=False).pk


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
        key, change = publication(*facts, at=facts[-1])
        changes[key] = replace(change, expires=False)
    return changes


def models_with_drafts() -> Iterator[Any]:
    """Pages as one, then every other model that has drafts."""
    yield Page
    for model in apps.get_models():
        if is_snippet(model):
            yield model


def is_snippet(model: type[Model]) -> bool:
    return issubclass(model, DraftStateMixin) and not issubclass(model, Page)
