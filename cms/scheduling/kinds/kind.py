"""The kinds of scheduled change: going live, expiring, a release, and whatever is registered.

A kind is one class: what readers see once it is due, what is ready, what is still scheduled, how it
is made permanent, and who scheduled it. Nothing else enumerates kinds.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from wagtail.models import Revision

from cms.perspective.objects import base_model
from cms.perspective.sources import Source, register_source
from cms.scheduling.models import LONGEST_NAME, FailedChange
from pages import clock

__all__ = [
    "DueChange",
    "Plan",
    "PlannedPublication",
    "Preparation",
    "ScheduledKind",
    "WatchedTable",
    "Words",
    "kind_named",
    "kinds",
    "register_kind",
    "with_ready_at",
]


@dataclass(frozen=True)
class DueChange:
    """A change of some kind to an object; ``ready_at`` it can be attempted."""

    kind: str
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


@dataclass(frozen=True)
class Plan:
    """What is approved to become of one object at a moment."""

    kind: ScheduledKind
    # By which its kind finds it.
    key: int
    moment: datetime
    # None if the object is to be taken down.
    revision: Revision | None
    # In words, as editors know it: the release “Spring”.
    name: str

    @property
    def id(self) -> str:
        return f"{self.kind.slug}-{self.key}"


@dataclass(frozen=True)
class PlannedPublication:
    """That an object is published, as was approved; ``within`` a change of several, by its name."""

    base_content_type_id: int
    object_id: str
    title: str
    due_at: datetime
    within: str = ""

    @property
    def key(self) -> tuple[int, str]:
        return self.base_content_type_id, self.object_id

    @property
    def is_due(self) -> bool:
        return self.due_at <= clock.now()


@dataclass(frozen=True)
class Words:
    """What editors read of changes of a kind, each ready to stand in its place."""

    # It was scheduled to …
    does: str
    # Of what is to come, with what it means for readers.
    announced: str
    # In the calendar: before, after, and when it could not be done.
    goes: str
    went: str
    did_not_go: str
    # Of several, as a filter names them.
    plural: str
    # In a mail about one that failed: what readers see meanwhile, and what to do.
    when_failed: str


@dataclass(frozen=True)
class WatchedTable:
    """Rows that change the schedule, for PostgreSQL to tell schedulers: see ``triggers``."""

    table: str
    columns: tuple[str, ...]
    # Of ``NEW``, the row as it is written: whether there is something to do at a moment to come.
    condition: str


class Preparation:
    """What was read and checked before a row is locked. Some kinds have nothing to prepare."""

    # Whether rows of other objects are written too, which takes the advisory lock.
    reaches_others = True


class ScheduledKind(Source):
    # As ``CompletedChange`` and ``FailedChange`` store it.
    name: str
    # In addresses and in identifiers of calendar entries.
    slug: str
    icon: str
    words: Words
    # Under which the audit log has what the scheduler did.
    log_action: str
    # Whether the indexes of search and references are written later: see ``indexes``.
    is_indexed_later = False

    @abstractmethod
    def scheduled(self) -> Iterator[QuerySet]:
        """What is scheduled and not permanent, from each table that has some.

        Rows are annotated with ``type_id`` and ``key`` of their object, ``due_at``, ``version_id``
        (of a revision, or null) and ``ready_at`` (see ``with_ready_at``), and in the order in which
        they are to be made.
        """

    @abstractmethod
    def is_scheduled(self, change: DueChange, row: Any) -> bool:
        """Whether a change is still to be made, of the locked row of its object."""

    @abstractmethod
    def make_permanent(self, change: DueChange, row: Any, preparation: Any) -> None:
        """Write what readers see already; in a transaction that holds the row's lock."""

    @abstractmethod
    def who_scheduled(self, change: DueChange, subject: Any) -> AbstractBaseUser | None:
        """Who is told when it fails."""

    @abstractmethod
    def watched_tables(self) -> Iterator[WatchedTable]:
        """The tables that its schedule is in."""

    def plans_of(self, subject: Any) -> Iterable[Plan]:
        """What is approved to become of an object, and not permanent yet."""
        return ()

    def replace(self, plan: Plan, revision: Revision) -> None:
        """Let another revision go live in the place of what was approved, under the row's lock."""
        raise NotImplementedError

    def objects_of(self, keys: list[str]) -> dict[str, set[tuple[type[Model], str]]]:
        """The objects that changes write beside the one that they are of, by its key."""
        return {}

    def prepare(self, change: DueChange) -> Any | None:
        """A ``Preparation``; None if there is nothing to do any more."""
        return Preparation()

    def planned(self, objects: Q) -> Iterator[PlannedPublication]:
        """What was approved to publish of some objects, named by base content type and key."""
        yield from ()

    def end_plans(self, subject: Any, *, due_only: bool, user: AbstractBaseUser | None) -> None:
        """Let what was approved of an object not be published; of someone who holds its lock."""

    def joins(self, objects: Q) -> bool:
        """Whether some objects are part of one change of several, which locks all of them."""
        return False

    def failures_of(self, change: DueChange) -> QuerySet:
        """One at most."""
        return FailedChange.objects.filter(
            action=self.name, content_type=change.content_type_id, object_id=change.object_id
        )

    def waits_for_retry(self, change: DueChange) -> bool:
        failures = self.failures_of(change)
        return failures.filter(due_at=change.due_at, retry_at__gt=clock.now()).exists()

    def still_scheduled(self) -> Q:
        """Of failures: those of what is scheduled as it was when it failed."""
        wanted = Q(pk__in=[])
        for rows in self.scheduled():
            same = rows.annotate(key_text=Cast("key", CharField())).filter(
                type_id=OuterRef("content_type_id"),
                key_text=OuterRef("object_id"),
                due_at=OuterRef("due_at"),
            )
            wanted |= Q(Exists(same))
        return wanted & Q(action=self.name)


def with_ready_at(kind: ScheduledKind, rows: QuerySet) -> QuerySet:
    """Rows as they are annotated by ``scheduled``, each with when it can be attempted.

    A version that has failed does not hold up another that is approved for the same moment.
    """
    failed = FailedChange.objects.filter(
        Q(revision=None) | Q(revision=OuterRef("version_id")),
        action=kind.name,
        content_type_id=OuterRef("type_id"),
        object_id=Cast(OuterRef("key"), CharField()),
        due_at=OuterRef("due_at"),
    )
    retry_at = Subquery(failed.values("retry_at")[:1])
    return rows.annotate(ready_at=Coalesce(retry_at, F("due_at")))


registered: dict[str, ScheduledKind] = {}


def register_kind(kind: ScheduledKind) -> None:
    """Have a kind of change scheduled, shown to readers and made permanent."""
    if len(kind.name) > LONGEST_NAME:
        raise ValueError(f"The name of {kind.name!r} is longer than {LONGEST_NAME} letters.")
    if kind.name in registered:
        raise ValueError(f"There is a kind of scheduled change named {kind.name!r} already.")
    registered[kind.name] = kind
    register_source(kind)


def kinds() -> Iterator[ScheduledKind]:
    yield from registered.values()


def kind_named(name: str) -> ScheduledKind:
    return registered[name]
