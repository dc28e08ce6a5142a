"""What can be a draft, pages and snippets, and by what Wagtail tells one object from another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import DraftStateMixin, Page, Revision

from pages import clock

__all__ = [
    "as_own_type",
    "base_model",
    "base_type_of",
    "is_snippet",
    "models_with_drafts",
    "moment_in",
    "moment_written",
    "slug_in",
]


def base_model(model: type[Model]) -> type[Model]:
    """The model whose table has one row for each object: Page, for a type of page."""
    return (model._meta.get_parent_list() or [model])[-1]


def base_type_of(model: type[Model]) -> int:
    """The content type under which Wagtail keeps what belongs to objects of a model: Page's."""
    return ContentType.objects.get_for_model(base_model(model), for_concrete_model=False).pk


def as_own_type(row: Any) -> Any:
    return row.specific if isinstance(row, Page) else row


def moment_in(revision: Revision, name: str) -> datetime | None:
    """What an editor entered in a field of a revision."""
    content = revision.content
    return moment_written(content.get(name)) if isinstance(content, dict) else None


def slug_in(revision: Revision) -> str | None:
    """Of a page, as a revision has it."""
    content = revision.content
    slug = content.get("slug") if isinstance(content, dict) else None
    return slug if isinstance(slug, str) else None


def moment_written(value: Any) -> datetime | None:
    """The moment that a revision or an entry of the log has as text.

    None for what is none, which an import can have left: one object must not hide the others.
    """
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None or not clock.is_near(moment):
        return None
    if timezone.is_naive(moment):
        return timezone.make_aware(moment, timezone.get_default_timezone())
    return moment


def models_with_drafts() -> Iterator[Any]:
    """Pages as one, then every other model that has drafts."""
    yield Page
    for model in apps.get_models():
        if is_snippet(model):
            yield model


def is_snippet(model: type[Model]) -> bool:
    return issubclass(model, DraftStateMixin) and not issubclass(model, Page)
