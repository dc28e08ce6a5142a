"""What changed since a cursor, for frontends that build pages ahead of time.

The log in ``cms.outbox`` tells what was made permanent. What is due shows before that, so it is
told as well, again and again until it is permanent: nothing is missed, and some is told twice.

An event says what readers knew before it; what they see now is asked in the same way as everything
else. Whoever knew nothing of an object and may not see it now is told nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

import graphene
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, IntegerField, Model, Q, TextChoices, Value
from django.db.models.functions import Cast
from grapple.registry import registry
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.models import Page, Site

from cms.api.engine.errors import BadArgument, CursorExpired
from cms.api.reading.connections import window_of
from cms.api.reading.content import Content
from cms.api.reading.cursors import opened, sealed
from cms.api.reading.ids import id_for
from cms.api.reading.questions import Objects, Pages, Settings
from cms.outbox.models import ContentEvent, Position, PublicObject
from cms.perspective.changes import Change
from cms.perspective.objects import base_type_of, models_with_drafts
from pages import clock
from pages.types import choice_enum

__all__ = ["CHANGES"]

Key = tuple[int, str]
FIRST_KEY: Key = (0, "")


class ContentChangeKind(TextChoices):
    """What happened to something, seen from outside."""

    PUBLISHED = "published", "It was not public, and is now."
    UPDATED = "updated", "It has other content, or something it shows has."
    MOVED = "moved", "It has another path, and perhaps other content."
    UNPUBLISHED = "unpublished", "It is not public any more: expired, taken down or deleted."


class ContentChange(graphene.ObjectType):
    """Something that readers see differently now."""

    kind = choice_enum(ContentChangeKind)(required=True, description="What happened to it.")
    type = graphene.String(
        required=True, description="The GraphQL type: `ArticlePage`, `Person`, `Navigation`."
    )
    node_id = graphene.ID(required=True, description="Its `id`, by which it is found.")
    path = graphene.String(description="Path of a page now; null when it is not public any more.")
    previous_path = graphene.String(
        description="Path of a page at the time of the cursor; null when it was not public."
    )
    at = graphene.DateTime(required=True, description="When it last changed.")


class ContentChanges(graphene.ObjectType):
    """What changed since a cursor, each thing once, as it is now."""

    nodes = graphene.List(
        graphene.NonNull(ContentChange), required=True, description="What changed."
    )
    cursor = graphene.String(required=True, description="Pass it as `since` the next time.")
    has_more = graphene.Boolean(
        required=True, description="Whether there is more to be read at once, from `cursor`."
    )


@dataclass(frozen=True)
class Cursor:
    """How far someone has read: the log, and when; and of what is due, behind which object."""

    position: Position
    read_at: datetime
    due_after: Key = FIRST_KEY

    def text(self) -> str:
        parts = [
            "changes",
            self.position.transaction,
            self.position.event,
            self.read_at.isoformat(),
            *self.due_after,
        ]
        return sealed(parts)

    def behind(self, events: list[ContentEvent], due: Iterable[Touched] = ()) -> Cursor:
        """The same reading, further on."""
        position = self.position
        if events:
            position = Position(events[-1].transaction, events[-1].pk)
        return Cursor(position, self.read_at, max([self.due_after, *(each.key for each in due)]))

    @classmethod
    def of(cls, text: str) -> Cursor:
        try:
            name, transaction, event, read_at, *key = opened(text)
            moment = clock.exact_moment(read_at)
            content_type, object_id = key
            numbers = (transaction, event, content_type)
            if name != "changes" or moment is None or not isinstance(object_id, str):
                raise ValueError(text)
            if any(type(each) is not int or not 0 <= each < 2**63 for each in numbers):
                raise ValueError(text)
        except (ValueError, TypeError, RecursionError, AttributeError) as error:
            raise BadArgument("This cursor is not one of `changes`.") from error
        return cls(Position(transaction, event), moment, (content_type, object_id))

    def check(self, present: Position, now: datetime) -> None:
        if self.read_at < now - timedelta(days=settings.CONTENT_EVENTS_DAYS):
            raise CursorExpired("This cursor is too old.")
        if self.position > present:
            # Numbers began anew: the database was brought back from a copy.
            raise CursorExpired("This cursor is not of this database.")


@dataclass
class Touched:
    """An object that something happened to, and what readers knew of it before."""

    content_type_id: int
    object_id: str
    was_public: bool
    old_url_path: str
    at: datetime

    @property
    def model(self) -> Any:
        """None when its code is gone."""
        return ContentType.objects.get_for_id(self.content_type_id).model_class()

    @property
    def key(self) -> Key:
        model = self.model
        return (base_type_of(model) if model else self.content_type_id, self.object_id)


def resolve_changes(root, info, since: str | None = None, first: int | None = None) -> dict:
    limit = window_of(first=first).limit
    now, present = clock.now(), ContentEvent.objects.present_position()
    if since is None:
        return {"nodes": [], "cursor": Cursor(present, now).text(), "has_more": False}
    cursor = Cursor.of(since)
    cursor.check(present, now)
    events = list(ContentEvent.objects.between(cursor.position, present)[: limit + 1])
    read, has_more = events[:limit], len(events) > limit
    touched = of_events(read)
    due = [] if has_more else [each for each in of_due(info.context) if each.key not in touched]
    wanted = [*touched.values(), *(each for each in due if each.key > cursor.due_after)]
    told = list(ChangeList(info.context.content, wanted).told())
    # Counted when it is known what is told, or `hasMore` would betray what is due and hidden.
    due_told = [each for each, _ in told if each.key not in touched]
    room = limit - len(read)
    left = due_told[room:]
    has_more = has_more or bool(left)
    following = cursor.behind(read, due_told[:room]) if has_more else Cursor(present, now)
    nodes = [node for _, node in told[: len(told) - len(left)]]
    return {"nodes": nodes, "cursor": following.text(), "has_more": has_more}


def of_events(events: Iterable[ContentEvent]) -> dict[Key, Touched]:
    """Each object once, with what was known of it before the first event and when the last was."""
    touched: dict[Key, Touched] = {}
    for event in events:
        before = Touched(
            event.content_type_id, event.object_id, event.was_public, event.old_url_path, event.at
        )
        touched.setdefault(before.key, before).at = event.at
    return touched


# What is due


def of_due(context: Any) -> list[Touched]:
    """What readers see differently than is stored, in the order of its keys."""
    found = dict(due_keys(context))
    if not found:
        return []
    known = {
        (row.base_content_type_id, row.object_id): row
        for row in PublicObject.objects.filter(among(found))
    }
    due = {
        key: touched_by_clock(content_type, key, known.get(key), at)
        for key, (content_type, at) in found.items()
    }
    for row, at in beneath_moved(due, context):
        key = (row.base_content_type_id, row.object_id)
        due.setdefault(key, touched_by_clock(row.content_type_id, key, row, at))
    return [due[key] for key in sorted(due)]


def due_keys(context: Any) -> Iterator[tuple[Key, tuple[int, datetime]]]:
    for change in context.changes:
        if isinstance(change, Change):
            model = ContentType.objects.get_for_id(change.content_type_id).model_class()
            if model is not None:
                key = (base_type_of(model), change.object_id)
                yield key, (change.content_type_id, change.published_at or context.moment)
    first, *others = (
        model._base_manager.filter(live=True, expire_at__lte=context.moment)
        .order_by()
        .values_list(
            Value(base_type_of(model), IntegerField()),
            F("content_type_id") if model is Page else Value(base_type_of(model), IntegerField()),
            Cast("pk", CharField()),
            "expire_at",
        )
        for model in models_with_drafts()
    )
    for base, content_type, key, at in first.union(*others, all=True):
        yield (base, key), (content_type, at)


def among(keys: Iterable[Key]) -> Q:
    by_type: dict[int, list[str]] = defaultdict(list)
    for base, key in keys:
        by_type[base].append(key)
    return reduce(
        or_, (Q(base_content_type=base, object_id__in=own) for base, own in by_type.items())
    )


def touched_by_clock(
    content_type: int, key: Key, known: PublicObject | None, at: datetime
) -> Touched:
    return Touched(content_type, key[1], known is not None, known.url_path if known else "", at)


def beneath_moved(due: dict[Key, Touched], context: Any) -> Iterator[tuple[PublicObject, datetime]]:
    """What is public beneath pages that get another address."""
    pages = [each for each in due.values() if each.old_url_path]
    now = {str(page.pk): page.url_path for page in pages_seen(context.content, pages)}
    moved = [
        each for each in pages if now.get(each.object_id, each.old_url_path) != each.old_url_path
    ]
    if moved:
        beneath = reduce(or_, (Q(url_path__startswith=each.old_url_path) for each in moved))
        at = max(each.at for each in moved)
        yield from ((row, at) for row in PublicObject.objects.filter(beneath))


def pages_seen(content: Content, pages: Iterable[Touched]) -> list[Page]:
    ids = [int(each.object_id) for each in pages]
    return Pages().ask(ids=ids, places=[], moment=content.moment) if ids else []


# What readers are told


class ChangeList:
    """What readers see now of what was touched, on the site they ask."""

    def __init__(self, content: Content, touched: Iterable[Touched]):
        self.content = content
        self.touched = [each for each in touched if each.model is not None]
        self.roots = content.sites.own_roots() if self.touched else []

    def told(self) -> Iterator[tuple[Touched, dict[str, Any]]]:
        objects = self.present()
        for each in self.touched:
            if each.model is Site:
                if each.object_id == str(self.content.site.pk):
                    raise CursorExpired("The site as a whole has changed.")
            elif each.model in registry.models:
                node = self.node(each, objects.get((each.model, each.object_id)))
                if node is not None:
                    yield each, node

    def present(self) -> dict[tuple[type[Model], str], Any]:
        """The objects that readers may see, with one statement for all pages and for each kind."""
        by_model: dict[Any, list[Touched]] = defaultdict(list)
        for each in self.touched:
            by_model[Page if issubclass(each.model, Page) else each.model].append(each)
        found: dict[tuple[type[Model], str], Any] = {}
        for model, some in by_model.items():
            keys = {each.object_id: each.model for each in some}
            for visible in self.visible(model, some):
                key = str(visible.pk)
                found[keys[key], key] = visible
        return found

    def visible(self, model: Any, touched: list[Touched]) -> Iterable[Any]:
        if model is Page:
            return [page for page in pages_seen(self.content, touched) if self.path(page.url_path)]
        if issubclass(model, BaseSiteSetting):
            own = Settings().by_kind(self.content.site.pk)[model]
            return [own] if own and any(each.object_id == str(own.pk) for each in touched) else []
        if model not in registry.models:
            return []
        keys = [model._meta.pk.to_python(each.object_id) for each in touched]
        return Objects(model).by_key(keys, self.content.moment).values()

    def node(self, touched: Touched, present: Any) -> dict[str, Any] | None:
        model: Any = touched.model
        is_page = issubclass(model, Page)
        path = self.path(present.url_path) if is_page and present else None
        before = self.path(touched.old_url_path) if is_page and touched.was_public else None
        was_public = before is not None if is_page else touched.was_public
        if issubclass(model, BaseSiteSetting):
            was_public = present is not None
        if present is None and not was_public:
            return None
        return {
            "kind": kind_of(was_public, present is not None, path != before),
            "type": registry.models[model]._meta.name,
            "node_id": self.id_of(touched),
            "path": path,
            "previous_path": before,
            "at": touched.at,
        }

    def id_of(self, touched: Touched) -> str:
        is_setting = issubclass(touched.model, BaseSiteSetting)
        return id_for(touched.model, self.content.site.pk if is_setting else touched.object_id)

    def path(self, url_path: str) -> str | None:
        """The path on the own site; None of what stands elsewhere."""
        for root in self.roots:
            if url_path.startswith(root.url_path):
                return root.path_of(url_path)
        return None


def kind_of(was_public: bool, is_public: bool, has_moved: bool) -> Any:
    if not is_public:
        return ContentChangeKind.UNPUBLISHED
    if not was_public:
        return ContentChangeKind.PUBLISHED
    return ContentChangeKind.MOVED if has_moved else ContentChangeKind.UPDATED


CHANGES = graphene.Field(
    ContentChanges,
    since=graphene.String(
        description="The `cursor` of an earlier answer. Without it you get one to begin with."
    ),
    first=graphene.Int(description="How many events to read at most."),
    description=(
        "What changed since a cursor, so that only that has to be built anew. Nothing is missed; a"
        " change can be told twice."
    ),
    resolver=resolve_changes,
)
