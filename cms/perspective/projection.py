"""The rows that publishing would write, worked out without writing anything.

This follows ``Revision.as_object`` and ``PublishRevisionAction`` of Wagtail, which ask the database
several times for each object; here all objects together cost a fixed number of statements.

What cannot be shown is left out, by itself or with the release that it is part of, and reported to
the log once. The scheduler cannot publish it either, which is what editors are told.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import Error, connection
from django.db.models import Field, Model, Q
from modelcluster.models import get_all_child_relations
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from cms.database.overlay import Overlay, Sql, TableOverlay, one_of
from cms.perspective.addresses import SLUG, AddressTaken, address_of, slugs_in
from cms.perspective.changes import Change, NewRedirect
from cms.perspective.objects import base_model
from cms.perspective.readable import (
    NotReadable,
    can_be_key,
    check_readable,
    children_of,
    label_of,
    reading,
)
from cms.perspective.redirects import Move, redirects_after

__all__ = ["Projection", "projection_of"]

logger = logging.getLogger(__name__)

# What belongs to an object as a whole, whatever a revision of it says.
KEPT_COLUMNS = (
    "path",
    "depth",
    "numchild",
    "content_type_id",
    "translation_key",
    "locale_id",
    "alias_of_id",
    "owner_id",
    "draft_title",
    "latest_revision_id",
    "latest_revision_created_at",
    "has_unpublished_changes",
    "locked",
    "locked_at",
    "locked_by_id",
)
READ_COLUMNS = ("slug", "url_path", "first_published_at", *KEPT_COLUMNS)


@dataclass(frozen=True)
class Row:
    """What is published of an object, as far as it matters for what replaces it."""

    model: type[Model]
    pk: Any
    values: tuple[tuple[str, Any], ...]

    def __getitem__(self, name: str) -> Any:
        return dict(self.values)[name]


@dataclass(frozen=True)
class Projection:
    """What stands in the place of what is published, and the changes that it comes from.

    Those are what was asked for, but for what cannot be shown.
    """

    overlay: Overlay
    changes: tuple[Change | NewRedirect, ...]


def projection_of(found: tuple[Change | NewRedirect, ...]) -> Projection:
    """The rows in the place of what is published, which is read now."""
    written = written_by(found, tuple(rows_concerned(found)))
    redirects = [change for change in written.changes if isinstance(change, NewRedirect)]
    later: dict[str, Callable[[], TableOverlay]] = {}
    if written.renames or redirects:
        later[Redirect._meta.db_table] = partial(
            redirects_after, written.renames, written.went_live, redirects
        )
    return Projection(Overlay(written.tables, later, written.moved), written.changes)


def rows_concerned(found: tuple[Change | NewRedirect, ...]) -> list[Row]:
    """What is published of the objects, in a statement for each base model.

    And of the pages whose addresses some of them may be about to take.
    """
    keys: dict[type[Model], list[str]] = defaultdict(list)
    for change in found:
        if isinstance(change, Change):
            model = base_model_of(change.content_type_id)
            # Its code may be gone, and an import can have written anything.
            if model is not None and can_be_key(model, change.object_id):
                keys[model].append(change.object_id)
    rows: list[Row] = []
    for model, own in keys.items():
        if model is Page:
            rows += pages_and_aliases(own, slugs_in(contents_of(found).values()))
        else:
            rows += rows_of(model, Q(pk__in=own))
    return rows


def base_model_of(content_type_id: int) -> Any:
    model = ContentType.objects.get_for_id(content_type_id).model_class()
    return model and base_model(model)


def rows_of(model: type[Model], condition: Q) -> list[Row]:
    known = {each.attname for each in model._meta.concrete_fields}
    names = [name for name in READ_COLUMNS if name in known]
    found = model._base_manager.filter(condition).order_by("pk").values_list("pk", *names)
    return [Row(model, pk, tuple(zip(names, values, strict=True))) for pk, *values in found]


def pages_and_aliases(keys: list[str], slugs: Iterable[str]) -> list[Row]:
    """Pages, and those that repeat them elsewhere in the tree, of which there may be others yet."""
    found: dict[int, Row] = {}
    wanted = Q(pk__in=keys) | Q(alias_of__in=keys) | Q(slug__in=sorted(slugs))
    while wanted:
        new = [row for row in rows_of(Page, wanted) if row.pk not in found]
        found.update((row.pk, row) for row in new)
        aliases = [row.pk for row in new if row["alias_of_id"]]
        wanted = Q(alias_of__in=aliases) if aliases else Q()
    return [*found.values()]


@lru_cache(maxsize=8)
def written_by(found: tuple[Change | NewRedirect, ...], rows: tuple[Row, ...]) -> Writer:
    """Kept until something it is made from changes, all of which is among the arguments.

    Where a change fails, all is written anew without it, and without the release it is part of:
    nothing of what was written by then is left, in rows, child rows, references and addresses.
    """
    contents = contents_of(found)
    changes, left_out = found, LeftOut()
    while True:
        writer = Writer(rows, contents)
        writer.write(changes)
        if not writer.failed:
            return writer
        left_out.add(writer.failed)
        changes = tuple(left_out.rest_of(found))


@lru_cache(maxsize=8)
def contents_of(found: tuple[Change | NewRedirect, ...]) -> dict[int, Any]:
    """What the revisions hold, also of those that are seen only if a later one cannot be."""
    keys = {
        each.revision_id
        for change in found
        for each in chain_of(change)
        if isinstance(each, Change) and each.revision_id
    }
    return dict(Revision.objects.filter(pk__in=keys).values_list("pk", "content"))


def chain_of(change: Change | NewRedirect | None) -> Iterator[Change | NewRedirect]:
    """A change, and then what is seen in its place if it cannot be shown."""
    while change is not None:
        yield change
        change = change.before


class LeftOut:
    """The changes that cannot be shown, with the releases of which they would leave a part."""

    def __init__(self) -> None:
        self.changes: set[Change | NewRedirect] = set()
        self.releases: set[int] = set()

    def add(self, failed: Iterable[Change | NewRedirect]) -> None:
        self.changes.update(failed)
        self.releases.update(each.release_id for each in failed if each.release_id)

    def rest_of(self, found: Iterable[Change | NewRedirect]) -> Iterator[Change | NewRedirect]:
        for change in found:
            shown = next((each for each in chain_of(change) if not self.has(each)), None)
            if shown is not None:
                yield shown

    def has(self, change: Change | NewRedirect) -> bool:
        return change in self.changes or change.release_id in self.releases


reported: set[tuple[Any, ...]] = set()


def report(change: Change | NewRedirect, error: Exception) -> None:
    """Say why a change is left out; once, however many requests meet it."""
    this = (*named(change), str(error))
    if this in reported:
        return
    reported.add(this)
    what = (
        f"The redirect from {change.old_path}"
        if isinstance(change, NewRedirect)
        else f"Revision {change.revision_id}"
    )
    with_release = ", nor is the rest of its release" if change.release_id else ""
    expected = isinstance(error, NotReadable | AddressTaken | PartIsGone)
    why = " ".join(getattr(error, "messages", ())) if expected else "See why:"
    logger.error(
        "%s is not shown to readers%s. %s",
        what,
        with_release,
        why,
        exc_info=None if expected else error,
    )


def named(change: Change | NewRedirect) -> tuple[Any, ...]:
    if isinstance(change, NewRedirect):
        return change.old_path, change.site_id, change.release_id
    return change.content_type_id, change.object_id, change.revision_id, change.written_at


class PartIsGone(ValidationError):
    """Of a release, so that all of it waits. The scheduler cannot make it permanent either."""

    def __init__(self) -> None:
        super().__init__(
            "It is gone, or what it leads to is. Reopen the release, and see to it or take it out."
        )


class Writer:
    """Writes as publishing does, into overlays of the tables.

    ``failed`` are the changes that it could not write, or not as a whole.
    """

    def __init__(self, rows: tuple[Row, ...], contents: dict[int, Any]):
        self.contents = contents
        self.changes: tuple[Change | NewRedirect, ...] = ()
        self.failed: list[Change | NewRedirect] = []
        self.rows = {(row.model, str(row.pk)): row for row in rows}
        self.aliases: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            if row.model is Page and row["alias_of_id"]:
                self.aliases[row["alias_of_id"]].append(row)
        self.tables: dict[str, TableOverlay] = {}
        self.moves: list[Move] = []
        # The same with all that pages were called in between.
        self.renames: list[Move] = []
        self.went_live: dict[int, datetime] = {}
        # Pages that releases take down, by their keys.
        self.hidden_by: dict[int, int | None] = {}

    def write(self, changes: tuple[Change | NewRedirect, ...]) -> None:
        self.changes = changes
        instances: list[tuple[Change, Row, Any]] = []
        for change in changes:
            if change.is_gone:
                self.fail(change, PartIsGone())
            if isinstance(change, NewRedirect) or change.is_gone:
                continue  # It is written when a statement asks for redirects.
            model = base_model_of(change.content_type_id)
            row = self.rows.get((model, change.object_id))
            if row is None:
                with self.noting_failure(change):
                    self.check_deleted(model, change)
                continue
            if change.revision_id is None:
                if row.model is Page and change.live is False:
                    self.hidden_by[row.pk] = change.release_id
                self.set_live([row, *self.aliases_of(row)], change)
                continue
            if row.model is Page and change.first_published_at:
                self.went_live[row.pk] = change.first_published_at
            with self.noting_failure(change):
                published = self.published(change, row)
                instances += [(change, *each) for each in published]
        self.keep_addresses_apart(instances)
        instances.sort(key=lambda each: dict(each[1].values).get("path", ""))
        for change, row, instance in instances:
            with self.noting_failure(change):
                self.place(change, row, instance)
                self.write_object(row, instance)
        self.move_descendants()

    @contextmanager
    def noting_failure(self, change: Change) -> Iterator[None]:
        """Go on with the others, to learn at once of all that fail."""
        try:
            yield
        except Error:
            raise  # Of the database: the change is not to blame.
        except Exception as error:
            self.fail(change, error)

    def fail(self, change: Change | NewRedirect, error: Exception) -> None:
        report(change, error)
        self.failed.append(change)

    def check_deleted(self, model: type[Model] | None, change: Change) -> None:
        """What was scheduled of an object ends with it, and a release does not go live without."""
        if model is None or not can_be_key(model, change.object_id):
            raise NotReadable
        if change.release_id and not change.may_have_gaps:
            raise PartIsGone

    def keep_addresses_apart(self, instances: list[tuple[Change, Row, Any]]) -> None:
        """Of pages that want one address the first to go live has it. A draft stays where it is.

        A page that a release takes down gives way to another that the release publishes.
        """
        pages = [each for each in instances if each[1].model is Page]
        moving = {row.pk for _, row, page in pages if page.slug != row["slug"]}
        taken = {
            address_of(row["path"], row["slug"]): self.hidden_by.get(row.pk)
            for row in self.rows.values()
            if row.model is Page and row.pk not in moving
        }
        for change, row, page in sorted(pages, key=lambda each: each[2].last_published_at):
            if row.pk not in moving:
                continue
            address = address_of(row["path"], page.slug)
            gives_way = change.release_id and taken.get(address) == change.release_id
            if address in taken and not gives_way:
                if not change.may_have_gaps:
                    self.fail(change, AddressTaken(page.slug))
                page.slug = row["slug"]
            taken[address_of(row["path"], page.slug)] = None

    # Objects

    def published(self, change: Change, row: Row) -> list[tuple[Row, Model]]:
        """An object as it is once the revision has been published, and its aliases."""
        content = self.contents.get(change.revision_id or 0)
        instances = [(row, as_published(change, row, content))]
        for alias in self.aliases_of(row):
            instance = as_published(change, alias, content)
            instance.slug = alias["slug"]
            for relation in get_all_child_relations(type(instance)):
                for child in children_of(instance, relation) or []:
                    child.pk = None
            instances.append((alias, instance))
        return instances

    def aliases_of(self, row: Row) -> Iterator[Row]:
        for alias in self.aliases[row.pk] if row.model is Page else []:
            yield alias
            yield from self.aliases_of(alias)

    def place(self, change: Change, row: Row, instance: Any) -> None:
        """Give a page its address, which follows from its own slug and the addresses above."""
        if row.model is not Page:
            return
        if not SLUG.fullmatch(instance.slug):
            raise NotReadable(label_of(Page._meta.get_field("slug")))
        old = row["url_path"]
        parent = self.moved(row["path"], old.rsplit("/", 2)[0] + "/")
        instance.url_path = f"{parent}{instance.slug}/"
        slug = row["slug"]
        for name, at in self.slugs_in_turn(change, row, instance):
            if name != slug:
                slug = name
                self.renames.append(Move(row["path"], name, old, instance.url_path, at))
        if instance.slug != row["slug"]:
            self.moves.append(self.renames[-1])

    def slugs_in_turn(self, change: Change, row: Row, page: Any) -> Iterator[tuple[str, datetime]]:
        """What readers know a page by, one after the other, until it is made permanent."""
        is_its_own = str(row.pk) == change.object_id  # And not that of an alias.
        before = reversed([*chain_of(change.before)]) if is_its_own else ()
        for each in before:
            if isinstance(each, Change) and each.revision_id and each.published_at:
                for slug in slugs_in([self.contents.get(each.revision_id)]):
                    yield slug, each.published_at
        yield page.slug, page.last_published_at

    def moved(self, path: str, url_path: str) -> str:
        for move in reversed(self.moves):  # Of those above each other the deepest is the last.
            if path.startswith(move.path):
                return move.new_url_path + url_path[len(move.old_url_path) :]
        return url_path

    # Tables

    def table(self, model: type[Model], key: Field) -> TableOverlay:
        name = model._meta.db_table
        if name not in self.tables:
            self.tables[name] = TableOverlay(model, key)
        return self.tables[name]

    def table_of_objects(self, model: type[Model]) -> TableOverlay:
        """The table of a model of which every object has a row, be it a draft."""
        table = self.table(model, model._meta.pk)
        table.unchanging = frozenset({table.key.column, *KEPT_COLUMNS})
        return table

    def write_object(self, row: Row, instance: Model) -> None:
        """The rows of an object: one in each table of its model, and its child rows."""
        for model in [type(instance), *instance._meta.get_parent_list()]:
            own = self.table_of_objects(model)
            own.replaced.add(row.pk)
            own.add(instance)
        for relation in get_all_child_relations(type(instance)):
            children = children_of(instance, relation)
            if children is None:
                continue  # The revision does not know of them.
            table = self.table(relation.related_model, relation.field)
            table.replaced.add(row.pk)
            for child in children:
                setattr(child, relation.field.attname, row.pk)
                if child.pk is None:
                    table.add_new(child)  # Publishing will give it another key.
                else:
                    table.add(child)

    def set_live(self, rows: list[Row], change: Change) -> None:
        """Show or hide what is published as it stands."""
        for row in rows:
            table = self.table_of_objects(row.model)
            this = one_of(table.key, {row.pk})
            table.amend("live", this, live_by(change))
            if not change.expires:
                table.amend("expire_at", this, ("NULL", []))

    def move_descendants(self) -> None:
        for move in reversed(self.moves):
            beneath: Sql = ('"path" LIKE %s', [f"{move.path}%"])
            rest = f'substr("url_path", {len(move.old_url_path) + 1})'
            value: Sql = (f"CAST(%s AS text) || {rest}", [move.new_url_path])
            self.table_of_objects(Page).amend("url_path", beneath, value)


def as_published(change: Change, row: Row, content: Any) -> Any:
    model = ContentType.objects.get_for_id(change.content_type_id).model_class()
    if row.model is Page and row["content_type_id"] != change.content_type_id:
        raise NotReadable  # It is of another type than its page.
    with reading(model, content):
        instance = model.from_serializable_data(content, check_fks=False)
    check_readable(instance, may_have_gaps=True)
    derive_all_fields(instance)
    if not change.may_have_gaps:
        check_readable(instance, may_have_gaps=False)
    for each in [model, *model._meta.get_parent_list()]:
        setattr(instance, each._meta.pk.attname, row.pk)
    for name, value in row.values:
        if name in KEPT_COLUMNS:
            setattr(instance, name, value)
    first = row["first_published_at"]
    if row.model is Page:
        first = instance.first_published_at or first
    if first is None:
        first = change.first_published_at
    instance.first_published_at = first
    instance.last_published_at = change.published_at
    instance.live_revision_id = change.revision_id
    instance.live, instance.expired = True, False
    if not change.expires:
        instance.expire_at = None
    if change.outlasts and instance.expire_at and instance.expire_at <= change.outlasts:
        instance.live = False
    return instance


def live_by(change: Change) -> Sql:
    """Whether what is published is seen as live."""
    live = {True: "TRUE", False: "FALSE", None: '"live"'}[change.live]
    if change.outlasts is None:
        return live, []
    moment = connection.ops.adapt_datetimefield_value(change.outlasts)
    return f'{live} AND ("expire_at" IS NULL OR "expire_at" > %s)', [moment]


def derive_all_fields(instance: Model) -> None:
    """Fill in what models work out when they are saved, of an object and its child rows."""
    derive_fields(instance)
    for relation in get_all_child_relations(type(instance)):
        for child in children_of(instance, relation) or []:
            derive_fields(child)


def derive_fields(instance: Any) -> None:
    derive = getattr(instance, "derive_fields", None)
    if derive is not None:
        derive()
