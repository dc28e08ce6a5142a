"""What names something and is not in Wagtail's index: versions to come, drafts and settings.

The index knows what is stored of objects, which such versions are not. They are read as they
are kept: one statement for each sort, however many there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, ProtectedError, Q, QuerySet
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.models import DraftStateMixin, Page, Revision

from cms.admin.refusals.refusal import Refusal
from cms.admin.subjects import Subject
from cms.admin.times.time_zones import local_moment
from cms.perspective.objects import base_model, base_type_of, models_with_drafts
from cms.perspective.references import references_in, references_in_revision
from cms.releases.models import ItemAction, Release, ReleaseItem, ReleaseState
from media.models import Document, Image
from pages.setting_translations import translated_settings

__all__ = [
    "Naming",
    "StillNamed",
    "check_not_named_soon",
    "deleted_together",
    "guarded_models",
    "naming",
    "settings_naming",
]

Reference = tuple[type[Model], str]
FACTS = ("content_type", "base_content_type", "object_id", "object_str", "content")


@dataclass(frozen=True)
class Version:
    """What names something that goes, and when it goes live if that was approved."""

    subject: Subject
    at: datetime | None = None
    release: str = ""

    def __str__(self) -> str:
        with_release = f" with the release “{self.release}”" if self.release else ""
        when = f" goes live on {local_moment(self.at)}" if self.at else ""
        return f"“{self.subject.title}”{when}{with_release}"


@dataclass(frozen=True)
class Naming:
    soon: list[Version]
    # Releases that will lead readers here from an address.
    redirects: list[tuple[str, str]]
    drafts: list[Version]

    @property
    def forbids(self) -> bool:
        return bool(self.soon or self.redirects)

    def reasons(self) -> Iterator[str]:
        for version in self.soon:
            yield f"{version}, and names it: take it out there, or cancel that, before."
        for release, path in self.redirects:
            yield f"The release “{release}” will lead there from {path}: reopen it before."


class StillNamed(Refusal, ProtectedError):
    """Something that is deleted is named by what goes live soon; says by what, in sentences."""

    code = "STILL_NAMED"

    def __init__(self, subject: Any, naming: Naming):
        self.reasons = [f"“{subject}” cannot be deleted yet.", *naming.reasons()]
        super().__init__(" ".join(self.reasons), set())


def naming(going: QuerySet, *, with_drafts: bool = True) -> Naming:
    """What names objects of one model, but for each other."""
    model = base_model(going.model)
    keys = {str(key) for key in going.values_list("pk", flat=True)}
    targets = {(model, key) for key in keys}
    own = Q(base_content_type=base_type_of(model), object_id__in=keys)
    found = Naming(
        soon=[*scheduled(targets, own), *in_releases(targets, own)],
        redirects=redirects_to(keys) if model is Page else [],
        drafts=[],
    )
    if with_drafts:
        approved = {version.subject for version in found.soon}
        drafts = (each for each in newest(targets, own) if each.subject not in approved)
        found.drafts.extend(drafts)
    return found


def scheduled(targets: Collection[Reference], own: Q) -> Iterator[Version]:
    rows = Revision.objects.filter(approved_go_live_at__isnull=False).exclude(own)
    rows = rows.order_by("approved_go_live_at", "pk")
    for at, *facts in rows.values_list("approved_go_live_at", *FACTS):
        yield from version_naming(targets, facts, at=at)


def in_releases(targets: Collection[Reference], own: Q) -> Iterator[Version]:
    items = ReleaseItem.objects.filter(
        action=ItemAction.PUBLISH, release__in=Release.objects.approved(), revision__isnull=False
    ).exclude(own)
    columns = [f"revision__{name}" for name in FACTS]
    for at, release, *facts in items.order_by("release__go_live_at", "pk").values_list(
        "release__go_live_at", "release__name", *columns
    ):
        yield from version_naming(targets, facts, at=at, release=release)


def newest(targets: Collection[Reference], own: Q) -> Iterator[Version]:
    """Drafts, which releases that are being prepared follow as well."""
    wanted = Q(pk__in=[])
    for model in models_with_drafts():
        unpublished = model._base_manager.filter(Q(live=False) | Q(has_unpublished_changes=True))
        wanted |= Q(pk__in=unpublished.order_by().values("latest_revision"))
    for facts in Revision.objects.filter(wanted).exclude(own).order_by("pk").values_list(*FACTS):
        yield from version_naming(targets, facts)


def version_naming(
    targets: Collection[Reference], facts: Iterable[Any], **when: Any
) -> Iterator[Version]:
    content_type, _base, key, title, content = facts
    kind = ContentType.objects.get_for_id(content_type)
    model = kind.model_class()
    if model is None or not issubclass(model, DraftStateMixin):
        return
    if not references_in_revision(model, content).isdisjoint(targets):
        yield Version(Subject.of(kind, key, title), **when)


def settings_naming(model: type[Model]) -> Iterator[tuple[Any, set[str]]]:
    """Settings of sites, in each language, with what each names: Wagtail does not index them."""
    for setting in [*settings_registry, *translated_settings()]:
        for row in setting._base_manager.all():
            found = {str(key) for target, key in references_in(row) if base_model(target) is model}
            if found:
                yield row, found


def redirects_to(keys: Collection[str]) -> list[tuple[str, str]]:
    items = ReleaseItem.objects.filter(
        action=ItemAction.REDIRECT, redirect_page__in=keys, release__state=ReleaseState.APPROVED
    )
    return list(items.order_by("pk").values_list("release__name", "old_path"))


# When something is deleted, in whatever way


def guarded_models() -> list[Any]:
    """What a version can name, of pages all as one."""
    return [*models_with_drafts(), Image, Document]


def deleted_together(instance: Any, origin: Any) -> QuerySet | None:
    """All of one model that go at once, such as a page with those beneath it; None from the second.

    Their rows are locked, as they are for who deletes them.
    """
    model = base_model(type(instance))
    whole = origin if isinstance(origin, QuerySet) else None
    if whole is None or base_model(whole.model) is not model:
        going = model._base_manager.filter(pk=instance.pk)
    elif getattr(whole, "was_checked", False):
        return None
    else:
        going = model._base_manager.filter(pk__in=list(whole.values_list("pk", flat=True)))
        whole.was_checked = True
    list(going.order_by("pk").select_for_update().values_list("pk"))
    return going


def check_not_named_soon(instance: Any, going: QuerySet) -> None:
    """Refuse it under the lock under which it is deleted. Raises ``StillNamed``."""
    found = naming(going, with_drafts=False)
    if found.forbids:
        raise StillNamed(instance, found)
