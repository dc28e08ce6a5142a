"""Pictures and documents in use: without drafts, so that readers see a change of them at once.

Who may not publish what uses a file leaves alone what readers see of it. The rule stands where rows
are written: whatever view, bulk action or form writes them for someone in the admin, signals ask
here first. Nobody acts in commands and in the scheduler.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.utils.text import get_text_list
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.log_actions import get_active_log_context
from wagtail.models import Collection, Page

from cms.admin.refusals.refusal import Refusal
from cms.admin.subjects import Subject, pages_publishable_by, snippet_models_publishable_by
from cms.perspective.objects import base_type_of, models_with_drafts
from cms.perspective.references import (
    indexed_users,
    objects_not_indexed,
    references_in_revision,
)
from cms.removal.naming import Version, naming, settings_naming
from media.models import Document, Image

__all__ = [
    "FILES",
    "InUse",
    "Uses",
    "check_collection_moved",
    "check_moved",
    "check_uses",
    "check_uses_in",
    "check_written",
    "is_forbidden",
    "is_private_otherwise",
    "uses_in",
    "uses_of",
]

# What readers see of a file, beside whether its collection is private.
FILES: dict[type[Model], tuple[str, ...]] = {
    Image: (
        *("title", "file", "credit", "copyright_notice", "licence", "digital_source_type"),
        *(f"focal_point_{each}" for each in ("x", "y", "width", "height")),
    ),
    Document: ("title", "file", "credit", "licence"),
}
SHOWN = 10
NAMED = 3


@dataclass(frozen=True)
class Use:
    """Something that shows a file to readers, or soon will."""

    title: str
    kind: str
    edit_url: str
    may_publish: bool
    # If it is what goes live soon that uses the file.
    version: Version | None = None


@dataclass(frozen=True)
class Uses:
    found: list[Use]

    @property
    def shown(self) -> list[Use]:
        """First what forbids a change."""
        return sorted(self.found, key=lambda use: use.may_publish)[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.found) - len(self.shown)

    @property
    def forbidding(self) -> list[Use]:
        return [use for use in self.found if not use.may_publish]

    @property
    def forbids(self) -> bool:
        return bool(self.forbidding)


class InUse(Refusal):
    """Someone changes what readers see of a file, and may not publish what uses it."""

    code = "USED_BY_LIVE_CONTENT"
    status = 403

    def __init__(self, uses: Uses):
        names = [f"“{use.title}”" for use in uses.forbidding[:NAMED]]
        left = len(uses.forbidding) - len(names)
        if left:
            names.append(f"{left} more")
        self.reasons = [
            "Nothing was changed, since readers would see it at once on "
            f"{get_text_list(names, 'and')}, which you may not publish.",
            "Upload another file, choose it there, and submit that for approval.",
        ]
        super().__init__(" ".join(self.reasons))


def uses_of(files: QuerySet, user: Any) -> Uses:
    """What shows files of one model to readers, in as many statements however many there are."""
    keys = list(files.values_list("pk", flat=True))
    if not keys:
        return Uses([])
    rows = list(published(files.model, keys))
    versions = naming(files.model._base_manager.filter(pk__in=keys), with_drafts=False).soon
    subjects: list[tuple[Subject, Version | None]] = [(subject_of(row), None) for row in rows]
    subjects += [(version.subject, version) for version in versions]
    may = Publishable(user, [subject for subject, _ in subjects])
    found = [
        Use(subject.title, subject.kind, subject.edit_url, may.publish(subject), version)
        for subject, version in subjects
    ]
    return Uses([*found, *uses_in_settings(files.model, keys, user)])


def subject_of(row: Any) -> Subject:
    model = row.content_type.model_class() if isinstance(row, Page) else type(row)
    return Subject(model, str(row.pk), str(row))


def published(model: type[Model], keys: Iterable[Any]) -> Iterator[Any]:
    """What is live and uses a file. Also what is private: someone reads it."""
    indexed = indexed_users(model, keys)
    waiting = objects_not_indexed() - indexed
    targets = {(model, str(key)) for key in keys}
    for kind in models_with_drafts():
        live = kind._base_manager.filter(live=True)
        live = live.select_related("content_type") if kind is Page else live
        yield from live.filter(pk__in=keys_of_type(kind, indexed)).order_by("pk")
        for row in live.filter(pk__in=keys_of_type(kind, waiting)).select_related("live_revision"):
            if not references_published(row).isdisjoint(targets):
                yield row


def keys_of_type(model: type[Model], objects: Iterable[tuple[int, str]]) -> list[str]:
    base_type = base_type_of(model)
    return [key for found, key in objects if found == base_type]


def references_published(row: Any) -> set[Any]:
    """Of what the index does not have yet, since it went live by schedule a moment ago."""
    revision = row.live_revision
    if revision is None:
        return set()
    kind = ContentType.objects.get_for_id(revision.content_type_id)
    return references_in_revision(kind.model_class(), revision.content)


def uses_in_settings(model: type[Model], keys: Iterable[Any], user: Any) -> Iterator[Use]:
    """Of the site's settings, which have no drafts either."""
    finder = AdminURLFinder(user)
    wanted = {str(key) for key in keys}
    for row, named in settings_naming(model):
        if named & wanted:
            setting: Any = type(row)
            policy = setting.get_permission_policy()
            yield Use(
                title=str(row),
                kind=setting._meta.verbose_name,
                edit_url=finder.get_edit_url(row) or "",
                may_publish=policy.user_has_permission_for_instance(user, "change", row),
            )


class Publishable:
    """Which of some subjects someone may publish, in one statement."""

    def __init__(self, user: AbstractBaseUser, subjects: Iterable[Subject]):
        keys = {subject.key for subject in subjects if issubclass(subject.model, Page)}
        pages = pages_publishable_by(user).filter(pk__in=keys) if keys else Page.objects.none()
        self.pages = {str(key) for key in pages.values_list("pk", flat=True)}
        self.models = snippet_models_publishable_by(user)

    def publish(self, subject: Subject) -> bool:
        if issubclass(subject.model, Page):
            return subject.key in self.pages
        return subject.model in self.models


def files_in(collection: Collection) -> list[QuerySet]:
    """The files of a collection and of those beneath it, of each model."""
    return [
        model._base_manager.filter(collection__path__startswith=collection.path) for model in FILES
    ]


def uses_in(collection: Collection, user: Any) -> Uses:
    return Uses([use for files in files_in(collection) for use in uses_of(files, user).found])


# What the signals and views ask


def who_acts() -> Any | None:
    """Who has to be asked about; superusers may publish everything."""
    user = get_active_log_context().user
    return None if user is None or user.is_superuser else user


def is_forbidden(files: QuerySet) -> bool:
    """Whether ``check_uses`` would refuse, for screens that have not written anything yet."""
    user = who_acts()
    return user is not None and uses_of(files, user).forbids


def check_uses(files: QuerySet) -> None:
    """Refuse, under the lock of its row, what readers would see of a file. Raises ``InUse``.

    Who approves something that names the file waits for the same lock.
    """
    user = who_acts()
    if user is None:
        return
    list(files.order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    uses = uses_of(files, user)
    if uses.forbids:
        raise InUse(uses)


def check_written(file: Any) -> None:
    """Before a picture or a document is saved."""
    if who_acts() is None:
        return
    same = type(file)._base_manager.filter(pk=file.pk)
    for stored in same:
        is_seen = any(getattr(stored, name) != getattr(file, name) for name in FILES[type(file)])
        if is_seen or is_private_otherwise(stored.collection, file.collection):
            check_uses(same)


def check_moved(files: Iterable[Any], collection: Collection) -> None:
    """Before files of one model are put into a collection."""
    moved = [file for file in files if is_private_otherwise(file.collection, collection)]
    if moved:
        check_uses(type(moved[0])._base_manager.filter(pk__in=[file.pk for file in moved]))


def check_uses_in(collection: Collection) -> None:
    """Before a collection becomes private or public, or another may see it."""
    for files in files_in(collection):
        check_uses(files)


def check_collection_moved(collection: Collection, parent: Collection) -> None:
    """Before a collection is put beneath another."""
    if is_private_otherwise(collection.get_parent(), parent):
        check_uses_in(collection)


def is_private_otherwise(one: Collection, other: Collection) -> bool:
    """Whether other people see what is in one collection than what is in another."""
    if one == other:
        return False
    return restrictions_above(one) != restrictions_above(other)


def restrictions_above(collection: Collection) -> set[int]:
    return set(collection.get_view_restrictions().values_list("pk", flat=True))
