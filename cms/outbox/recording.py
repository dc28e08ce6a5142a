"""Writes what readers see changed, in the transaction that changes it.

What is public now is compared with what is known to have been, so that it does not matter how it
came to be: published, moved with a section, put under a restriction, deleted with what is above it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import DateTimeField, F, IntegerField, Model, Q, QuerySet, Value
from wagtail.models import Collection as CollectionOfFiles
from wagtail.models import (
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    Site,
)

from cms.database.statements import AmongGiven, Given, Question
from cms.outbox.models import ContentEvent, CurrentTransaction, PublicObject
from cms.perspective.objects import base_type_of
from cms.perspective.perspectives import PUBLISHED_NOW
from cms.perspective.projection import projection_of
from cms.perspective.references import may_use
from cms.perspective.visibility import visible
from media.models import Document, Image
from pages import clock

__all__ = [
    "record_collection_restriction",
    "record_deleted_page",
    "record_new_start",
    "record_page_restriction",
    "record_pages",
    "record_saved_page",
    "record_setting",
    "record_setting_translation",
    "record_snippet",
    "record_taken_back",
    "record_users_of",
]

BATCH_SIZE = 500
# Columns of which readers see nothing: saving a draft writes these alone.
DRAFT_COLUMNS = {
    "draft_title",
    "expired",
    "go_live_at",
    "has_unpublished_changes",
    "latest_revision",
    "latest_revision_created_at",
    "locked",
    "locked_at",
    "locked_by",
    "owner",
}


MOMENT = Given("moment", DateTimeField())


@dataclass(frozen=True)
class PublicPages(Question):
    """Those of the pages given that readers may see."""

    def queryset(self):
        pages = Page._base_manager.filter(AmongGiven("pk", "keys"))
        return visible(pages, at=MOMENT).values_list("pk", "content_type_id", "url_path", "depth")


@dataclass(frozen=True)
class KnownObjects(Question):
    """Those of the objects given that readers could see when they were last written."""

    def queryset(self):
        known = PublicObject.objects.filter(
            AmongGiven("object_id", "keys"), base_content_type=Given("base", IntegerField())
        )
        return known.values_list("object_id", "content_type_id", "url_path")


class Public(NamedTuple):
    """What tells a reader of an object."""

    content_type_id: int
    url_path: str


Key = str


# Pages


@transaction.atomic(savepoint=False)
def record_saved_page(page: Page, update_fields: Iterable[str] | None) -> None:
    if update_fields is not None and DRAFT_COLUMNS.issuperset(update_fields):
        return
    keys, saved = [str(page.pk)], {str(page.pk)}
    if page.numchild:
        known = PublicObject.objects.filter(
            base_content_type=base_type_of(Page), object_id=page.pk
        ).first()
        if known and known.url_path != page.url_path and page.is_site_root():
            for site in Site.objects.filter(root_page=page.pk):
                record_new_start(site)
        beneath = Page._base_manager.filter(path__startswith=page.path, depth__gt=page.depth)
        if beneath.exclude(url_path__startswith=page.url_path).exists():
            keys += keys_of(beneath)
    record_pages(keys, saved, above=page)


def record_loaded_page(key: int) -> None:
    """A row of it comes from a file, the others perhaps later: only the database knows it."""
    record_pages([str(key)], {str(key)})


def keys_of(pages: QuerySet) -> list[Key]:
    return [str(key) for key in pages.values_list("pk", flat=True)]


def record_pages(keys: list[Key], saved: Collection[Key] = (), above: Page | None = None) -> None:
    """``saved`` may have changed in whatever readers see; of the others only what is compared.

    Wagtail gives pages beneath one that has moved their new addresses after that page is saved.
    """
    for some in chunks(keys):
        present = {
            str(key): Public(content_type, address(above, url_path, depth))
            for key, content_type, url_path, depth in PublicPages().ask(
                keys=map(int, some), moment=clock.now()
            )
        }
        record(Page, some, present, saved)


def address(above: Page | None, url_path: str, depth: int) -> str:
    if above is None:
        return url_path
    slugs = url_path.strip("/").split("/")[-(depth - above.depth) :] if depth > above.depth else []
    return above.url_path + "".join(f"{slug}/" for slug in slugs)


@transaction.atomic
def record_deleted_page(page: Page) -> None:
    record(Page, [str(page.pk)], {}, set())


@transaction.atomic
def record_page_restriction(restriction: PageViewRestriction, origin: Any) -> None:
    """What stands under a restriction; unless it goes because its page does."""
    if isinstance(origin, Page) or getattr(origin, "model", PageViewRestriction) is not (
        PageViewRestriction
    ):
        return
    place = path_of(Page, restriction.page_id)
    if place is None:
        return
    # Aliases anywhere are as private as what they mirror.
    concerned = Q(path__startswith=place) | Q(alias_of__isnull=False)
    beneath = Page._base_manager.filter(concerned)
    # Who is publishing one of them has to end first, or to see the restriction.
    record_pages(keys_of(beneath.select_for_update(no_key=True)))


# Snippets, settings and files


@transaction.atomic
def record_snippet(snippet: Any, update_fields: Iterable[str] | None) -> None:
    if update_fields is not None and DRAFT_COLUMNS.issuperset(update_fields):
        return
    model, key = type(snippet), str(snippet.pk)
    is_public = visible(model._base_manager.filter(pk=snippet.pk), at=clock.now()).exists()
    record(model, [key], {key: Public(base_type_of(model), "")} if is_public else {}, {key})


def record_setting(setting: Model) -> None:
    write_events([event_of(ContentType.objects.get_for_model(setting).pk, setting.pk)])


@transaction.atomic
def record_setting_translation(translation: Any, *, is_deleted: bool) -> None:
    """It is the setting that says something else. One that nobody has saved is there from now on.

    Whatever is deleted may go with its site.
    """
    settings = translation.setting.objects
    if is_deleted:
        setting = settings.filter(site=translation.site_id).first()
    else:
        setting, _ = settings.get_or_create(site_id=translation.site_id)
    if setting is not None:
        record_setting(setting)


@transaction.atomic
def record_users_of(model: type[Model], keys: Iterable[Any]) -> None:
    """Files are seen where they are used."""
    users: dict[int, list[Key]] = {}
    for base, key in sorted(may_use(model, keys)):
        users.setdefault(base, []).append(key)
    for base, own in users.items():
        for some in chunks(own):
            known = PublicObject.objects.filter(base_content_type=base, object_id__in=some)
            write_events(
                event_of(row.content_type_id, row.object_id, row.url_path) for row in known
            )


def record_collection_restriction(restriction: CollectionViewRestriction) -> None:
    place = path_of(CollectionOfFiles, restriction.collection_id)
    if place is None:
        return
    for model in (Document, Image):
        files = model._base_manager.filter(collection__path__startswith=place)
        record_users_of(model, files.values_list("pk", flat=True))


def path_of(model: type[Model], key: int) -> str | None:
    """None of what is loaded from a file, but after the restriction that it is under."""
    return model._base_manager.filter(pk=key).values_list("path", flat=True).first()


def record_new_start(site: Site) -> None:
    write_events([event_of(ContentType.objects.get_for_model(Site).pk, site.pk)])


# What readers see by the clock alone


@transaction.atomic
def record_taken_back(objects: Iterable[tuple[int, str]]) -> None:
    """That what is due is not shown any more; before it is taken back.

    Until it is permanent nothing is stored of it, and nobody would hear of it.
    """
    by_type: dict[int, list[Key]] = {}
    for base, key in objects:
        by_type.setdefault(base, []).append(key)
    now = clock.now()
    overlay = projection_of(PUBLISHED_NOW.changes(now)).overlay
    for base, keys in by_type.items():
        model: Any = ContentType.objects.get_for_id(base).model_class()
        own_type = F("content_type_id") if model is Page else Value(base, IntegerField())
        path = F("url_path") if model is Page else Value("")
        seen = visible(model._base_manager.filter(pk__in=keys), at=now)
        with overlay.in_force():
            known = list(seen.values_list(own_type, "pk", path))
        write_events(event_of(*row) for row in known)


# What was and what is


def record(
    model: type[Model], keys: list[Key], present: dict[Key, Public], saved: Collection[Key]
) -> None:
    base = base_type_of(model)
    known = {
        key: Public(content_type, url_path)
        for key, content_type, url_path in KnownObjects().ask(keys=keys, base=base)
    }
    changed = [key for key in keys if known.get(key) != present.get(key)]
    gone = [key for key in changed if key not in present]
    if gone:
        PublicObject.objects.filter(base_content_type=base, object_id__in=gone).delete()
    new = [
        PublicObject(
            base_content_type_id=base,
            object_id=key,
            content_type_id=present[key].content_type_id,
            url_path=present[key].url_path,
        )
        for key in changed
        if key in present
    ]
    if new:
        PublicObject.objects.bulk_create(
            new,
            update_conflicts=True,
            unique_fields=["base_content_type", "object_id"],
            update_fields=["content_type", "url_path"],
        )
    write_events(
        event_between(key, known.get(key), present.get(key))
        for key in keys
        if key in changed or (key in saved and key in present)
    )


def event_between(key: Key, before: Public | None, after: Public | None) -> ContentEvent:
    told: Any = after or before
    return ContentEvent(
        transaction=CurrentTransaction(),
        content_type_id=told.content_type_id,
        object_id=key,
        was_public=before is not None,
        is_public=after is not None,
        old_url_path=before.url_path if before else "",
        url_path=after.url_path if after else "",
    )


def event_of(content_type_id: int, key: Any, url_path: str = "") -> ContentEvent:
    """Of something that is public as before."""
    public = Public(content_type_id, url_path)
    return event_between(str(key), public, public)


def write_events(events: Iterable[ContentEvent]) -> None:
    ContentEvent.objects.bulk_create(events)


def chunks(keys: list[Key]) -> Iterator[list[Key]]:
    return (keys[place : place + BATCH_SIZE] for place in range(0, len(keys), BATCH_SIZE))
