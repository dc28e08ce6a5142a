"""A translation beside its original: what that says, and what has changed in it since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.log_actions import registry as log_registry
from wagtail.models import Page, Revision

from cms.admin.subjects import rows_shown_to
from cms.perspective.objects import base_model, base_type_of
from cms.translation.languages import own_language
from cms.translation.models import UpToDateNote
from cms.translation.whole_texts import comparisons, has_parts, whole_text

__all__ = ["Beside", "note_of", "original_shown_to"]

PUBLISHED = ("wagtail.publish", "wagtail.publish.schedule")


def original_shown_to(user: Any, translation: Any) -> Any:
    """The same in the site's own language; None for what is in that, or who may not see it."""
    own = own_language()
    if own is None or translation.locale_id == own:
        return None
    model = base_model(type(translation))
    same = model._base_manager.filter(translation_key=translation.translation_key, locale=own)
    original = rows_shown_to(user, same).first()
    return original.specific if isinstance(original, Page) else original


def note_of(translation: Any) -> UpToDateNote | None:
    notes = UpToDateNote.objects.select_related("noted_by", "revision")
    return notes.filter(
        content_type=base_type_of(base_model(type(translation))), object_id=str(translation.pk)
    ).first()


@dataclass(frozen=True)
class Field:
    """``changes`` are what was taken out and put in since, None where nothing was; of blocks and
    rows they are those parts alone, beside which ``text`` is to be shown as well."""

    label: str
    text: SafeString
    changes: Any
    changes_are_parts: bool


class Beside:
    """What stands beside the form of a translation."""

    def __init__(self, translation: Any, original: Any, request: Any):
        self.translation = translation
        self.original = original
        self.request = request
        self.user = request.user

    @cached_property
    def note(self) -> UpToDateNote | None:
        """If it holds still."""
        found = note_of(self.translation)
        return found if found and found.original_published_at == self.published_at else None

    @property
    def published_at(self) -> datetime | None:
        return self.original.last_published_at

    @property
    def has_changed(self) -> bool:
        """Whether the original was published after what readers see of the translation."""
        translated_at = self.translation.last_published_at
        is_live = bool(self.translation.live and translated_at and self.original.live)
        return bool(is_live and self.published_at and self.published_at > translated_at)

    @property
    def is_outdated(self) -> bool:
        return self.has_changed and self.note is None

    @property
    def edit_url(self) -> str | None:
        return AdminURLFinder(self.user).get_edit_url(self.original)

    @cached_property
    def looked_at(self) -> Any:
        """The original as it was when somebody last made the translation say the same; None if
        that is not known, or it has not changed."""
        if not self.is_outdated:
            return None
        kept = note_of(self.translation)
        translated_at = self.translation.last_published_at
        if kept and kept.revision and kept.original_published_at > translated_at:
            return kept.revision.as_object()
        revision = live_at(self.original, translated_at)
        return revision and revision.as_object()

    @property
    def fields(self) -> Iterator[Field]:
        now, before = self.original, self.looked_at
        texts = comparisons(self.request, now, now)
        changes = comparisons(self.request, before, now) if before is not None else texts
        for same, change in zip(texts, changes, strict=True):
            changed = change is not same and change.has_changed()
            text = whole_text(same)
            if text or changed:
                shown = change if changed else None
                yield Field(same.field_label(), text, shown, has_parts(same))


def live_at(original: Any, moment: datetime) -> Revision | None:
    """The version that was published last until a moment, as the history tells."""
    entries = log_registry.get_logs_for_instance(original).filter(
        action__in=PUBLISHED, timestamp__lte=moment, revision__isnull=False
    )
    entry = entries.order_by("-timestamp", "-pk").first()
    return entry and entry.revision
