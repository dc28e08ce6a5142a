"""What readers see in the place of published versions: one change for each object or address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.dateparse import parse_datetime
from wagtail.models import DraftStateMixin, Page, Revision

from cms.publishing.statements import Given, Question

__all__ = [
    "FACTS",
    "Change",
    "Changes",
    "NewRedirect",
    "as_own_type",
    "base_model",
    "base_type_of",
    "locked_object",
    "locked_row",
    "models_with_drafts",
    "moment_in",
    "publication",
]


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
class NewRedirect:
    """A redirect that readers meet, and nobody has written yet; without a site it is of all."""

    old_path: str
    site_id: int | None
    page_id: int | None
    link: str
    is_permanent: bool
    at: datetime


# By the object's base content type and key, or by the address.
Changes = dict[tuple[int, str], Change | NewRedirect]

# Of a revision, in the order of the arguments of ``publication``.
FACTS = ("pk", "content_type_id", "base_content_type_id", "object_id", "created_at")


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


def base_model(model: type[Model]) -> type[Model]:
    """The model whose table has one row for each object: Page, for a type of page."""
    return (model._meta.get_parent_list() or [model])[-1]


def base_type_of(model: type[Model]) -> int:
    """The content type under which Wagtail keeps what belongs to objects of a model: Page's."""
    return ContentType.objects.get_for_model(base_model(model), for_concrete_model=False).pk


@dataclass(frozen=True)
class LockedRow(Question):
    model: type[Model]
    skip_locked: bool

    def queryset(self):
        rows = self.model._base_manager.filter(pk=Given("key", self.model._meta.pk))
        return rows.select_for_update(skip_locked=self.skip_locked, no_key=True)


def locked_row(model: type[Model], key: Any, *, skip_locked: bool = False) -> Any | None:
    """An object as its base model, while nobody else can change it.

    None if there is none, or if it is skipped since someone is changing it now.
    """
    found = LockedRow(base_model(model), skip_locked).ask(key=key)
    return found[0] if found else None


def locked_object(model: type[Model], key: Any) -> Any | None:
    """An object as its own type, while nobody else can change it. None if there is none."""
    return as_own_type(locked_row(model, key))


def as_own_type(row: Any) -> Any:
    return row.specific if isinstance(row, Page) else row


def moment_in(revision: Revision, name: str) -> datetime | None:
    """What an editor entered in a field of a revision."""
    text = revision.content.get(name)
    return parse_datetime(text) if text else None


def models_with_drafts() -> Iterator[Any]:
    """Pages as one, then every other model that has drafts."""
    yield Page
    for model in apps.get_models():
        if is_snippet(model):
            yield model


def is_snippet(model: type[Model]) -> bool:
    return issubclass(model, DraftStateMixin) and not issubclass(model, Page)
