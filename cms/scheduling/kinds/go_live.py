"""An approved version goes live at its moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import DateTimeField, Exists, F, IntegerField, OuterRef, Q, QuerySet
from wagtail.models import DraftStateMixin, Revision

from cms.admin.times.time_zones import local_moment
from cms.database.statements import Given, Question
from cms.perspective.audience import Audience
from cms.perspective.changes import FACTS, change_by_publishing
from cms.perspective.objects import as_own_type, base_model, base_type_of, moment_written
from cms.perspective.readable import NotReadable, can_be_key
from cms.perspective.sources import PendingChange
from cms.scheduling.approvals import who_approved
from cms.scheduling.kinds.kind import (
    DueChange,
    Plan,
    PlannedPublication,
    ScheduledKind,
    WatchedTable,
    Words,
    with_ready_at,
)
from cms.scheduling.models import FailedChange
from cms.scheduling.permanent import Publication
from pages import clock

__all__ = ["GO_LIVE", "SCHEDULE", "GoLive", "cancel"]

# As the log has it that a revision was approved.
SCHEDULE = "wagtail.publish.schedule"

# In the order in which they go live: of two at one moment the newer comes last, and stays.
ORDER = ("approved_go_live_at", "created_at", "pk")


@dataclass(frozen=True)
class Approved(Question):
    """The revision, if it is approved for a moment."""

    def queryset(self):
        approved_for = {"approved_go_live_at": Given("at", DateTimeField())}
        return Revision.objects.filter(pk=Given("key", IntegerField()), **approved_for).values_list(
            "pk"
        )


@dataclass(frozen=True)
class ApprovedBy(Question):
    """The facts of what is approved for a moment, or for one before it."""

    def queryset(self):
        due_by = Given("moment", DateTimeField())
        revisions = Revision.objects.filter(approved_go_live_at__lte=due_by).order_by(*ORDER)
        return revisions.values_list(*FACTS, "approved_go_live_at")


class GoLive(ScheduledKind):
    name = "publish"
    slug = "go-live"
    icon = "upload"
    words = Words(
        does="go live",
        announced="Goes live",
        goes="Goes live",
        went="Went live",
        did_not_go="Did not go live",
        plural="Go-lives",
        when_failed="Readers may see it already, since it was approved. It is not permanent before"
        " it is published.\nCorrect what is named above, and schedule it again or publish it.",
    )
    log_action = "wagtail.publish.scheduled"
    is_indexed_later = True

    # What readers see

    def due(self, moment: datetime) -> Iterator[PendingChange]:
        for *facts, at in ApprovedBy().ask(moment=moment):
            key, change = change_by_publishing(*facts, at=at)
            yield at, key, change

    def go_live_moments(self) -> QuerySet:
        return approved().order_by("approved_go_live_at").values("approved_go_live_at")

    def moments(self, after: datetime, audience: Audience) -> Iterable[datetime | None]:
        """When what is approved goes live, and when that expires."""
        rows = list(
            approved().values_list(
                "base_content_type", "object_id", "approved_go_live_at", "content__expire_at"
            )
        )
        told = audience.keys((base, key) for base, key, *_ in rows)
        for base, key, moment, expiry in rows:
            if (base, key) in told:
                yield from (moment, moment_written(expiry))

    def past_moments(self, until: datetime, audience: Audience) -> Iterable[datetime | None]:
        return self.moments(until, audience)

    # What is scheduled

    def scheduled(self) -> Iterator[QuerySet]:
        """Of what this site knows: the code of others is gone."""
        known = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
        types = ContentType.objects.get_for_models(*known, for_concrete_models=False)
        rows = approved().filter(content_type__in=types.values())
        rows = rows.annotate(
            type_id=F("content_type_id"),
            key=F("object_id"),
            due_at=F("approved_go_live_at"),
            version_id=F("pk"),
        )
        yield with_ready_at(self, rows).order_by(*ORDER)

    def planned(self, objects: Q) -> Iterator[PlannedPublication]:
        columns = ("base_content_type", "object_id", "object_str", "approved_go_live_at")
        for row in approved().filter(objects).order_by(*ORDER).values_list(*columns):
            yield PlannedPublication(*row)

    def end_plans(self, subject: Any, *, due_only: bool, user: AbstractBaseUser | None) -> None:
        ending = approved().filter(
            base_content_type=base_type_of(type(subject)), object_id=str(subject.pk)
        )
        if due_only:
            ending = ending.filter(approved_go_live_at__lte=clock.now())
        for revision in ending:
            cancel(revision, user)

    def plans_of(self, subject: Any) -> Iterator[Plan]:
        revisions = Revision.objects.for_instance(subject) & approved()
        for revision in revisions.order_by(*ORDER):
            at = revision.approved_go_live_at
            yield Plan(self, revision.pk, at, revision, f"what is scheduled for {local_moment(at)}")

    def replace(self, plan: Plan, revision: Revision) -> None:
        Revision.objects.filter(pk=plan.key).update(approved_go_live_at=None)
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=plan.moment)

    def failures_of(self, change: DueChange) -> QuerySet:
        return FailedChange.objects.filter(revision=change.revision_id)

    def still_scheduled(self) -> Q:
        same = Revision.objects.filter(
            pk=OuterRef("revision_id"), approved_go_live_at=OuterRef("due_at")
        )
        return Q(Exists(same))

    def who_scheduled(self, change: DueChange, subject: Any) -> AbstractBaseUser | None:
        """Who approved the revision, or whoever wrote it."""
        revision = Revision.objects.get(pk=change.revision_id)
        return who_approved(subject, revision, SCHEDULE)

    def watched_tables(self) -> Iterator[WatchedTable]:
        yield WatchedTable(
            Revision._meta.db_table,
            ("approved_go_live_at",),
            "NEW.approved_go_live_at IS NOT NULL",
        )

    # Making it permanent

    def is_scheduled(self, change: DueChange, row: Any) -> bool:
        return is_approved(change)

    def prepare(self, change: DueChange) -> Publication | None:
        """What reaches other objects is checked under the lock."""
        if not is_approved(change):
            return None
        revision = Revision.objects.get(pk=change.revision_id)
        subject = subject_of(change)
        if subject is None:
            forget_schedule_of_deleted(change)
            return None
        publication = Publication(revision, subject, at=change.due_at)
        if not publication.reaches_others:
            publication.check()
        return publication

    def make_permanent(self, change: DueChange, row: Any, preparation: Publication) -> None:
        if not preparation.is_of(row):
            revision = Revision.objects.get(pk=change.revision_id)
            preparation = Publication(revision, as_own_type(row), at=change.due_at)
        preparation.execute()


def subject_of(change: DueChange) -> Any | None:
    """None if it was deleted, or never there. Raises ``NotReadable`` if it is of another type."""
    if not can_be_key(change.model, change.object_id):
        return None
    found = change.model._base_manager.filter(pk=change.object_id).first()
    if (
        found is None
        and base_model(change.model)._base_manager.filter(pk=change.object_id).exists()
    ):
        raise NotReadable
    return found


def approved() -> QuerySet:
    return Revision.objects.filter(approved_go_live_at__isnull=False)


def cancel(revision: Revision, user: AbstractBaseUser | None) -> None:
    """Wagtail writes to the object's history that the schedule was cancelled."""
    revision.approved_go_live_at = None
    revision.save(user=user, update_fields=["approved_go_live_at"])


def is_approved(change: DueChange) -> bool:
    return bool(Approved().ask(key=change.revision_id, at=change.due_at))


def forget_schedule_of_deleted(change: DueChange) -> None:
    """Wagtail deletes the revisions of what it deletes; other ways to delete leave them behind."""
    Revision.objects.filter(pk=change.revision_id).update(approved_go_live_at=None)


GO_LIVE = GoLive()
