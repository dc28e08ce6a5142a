"""A release goes live at its moment, as one change of all that is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, IntegerField, Model, Q, QuerySet, Value
from wagtail.models import Revision

from cms.admin.times.time_zones import local_moment
from cms.perspective.audience import Audience
from cms.perspective.objects import moment_written
from cms.perspective.sources import PendingChange
from cms.releases.goes_live import WENT_LIVE, go_live
from cms.releases.models import (
    ITEM_ORDER,
    ORDER,
    DueItems,
    ItemAction,
    Release,
    ReleaseItem,
    changes_of,
)
from cms.releases.taking_out import take_out_of_approved
from cms.scheduling.kinds import (
    DueChange,
    Plan,
    PlannedPublication,
    ScheduledKind,
    WatchedTable,
    Words,
    with_ready_at,
)

__all__ = ["RELEASE", "ReleaseGoesLive", "release_in_words"]


class ReleaseGoesLive(ScheduledKind):
    name = "release"
    slug = "release"
    icon = "folder-open-1"
    words = Words(
        does="go live",
        announced="Goes live",
        goes="Goes live",
        went="Went live",
        did_not_go="Did not go live",
        plural="Releases",
        when_failed="Readers may see it already, since it was approved. It is not permanent before"
        " it is published.\nCorrect what is named above, and schedule it again or publish it.",
    )
    log_action = WENT_LIVE

    # What readers see

    def due(self, moment: datetime) -> Iterator[PendingChange]:
        return changes_of(DueItems().ask(moment=moment))

    def go_live_moments(self) -> QuerySet:
        return Release.objects.approved().order_by("go_live_at").values("go_live_at")

    def moments(self, after: datetime, audience: Audience) -> Iterable[datetime | None]:
        """When what is approved goes live, and when what is in it expires."""
        items = ReleaseItem.objects.filter(release__in=Release.objects.approved())
        moments = ("release__go_live_at", "revision__content__expire_at")
        of_objects = [*items.of_objects().values_list("base_content_type", "object_id", *moments)]
        told = audience.keys((base, key) for base, key, *_ in of_objects)
        for base, key, moment, expiry in of_objects:
            if (base, key) in told:
                yield from (moment, moment_written(expiry))
        redirects = items.filter(Q(site=audience.site) | Q(site=None), action=ItemAction.REDIRECT)
        yield from redirects.values_list("release__go_live_at", flat=True)

    def past_moments(self, until: datetime, audience: Audience) -> Iterable[datetime | None]:
        return self.moments(until, audience)

    # What is scheduled

    def scheduled(self) -> Iterator[QuerySet]:
        rows = Release.objects.approved().annotate(
            type_id=Value(ContentType.objects.get_for_model(Release).pk, IntegerField()),
            key=F("pk"),
            due_at=F("go_live_at"),
            version_id=Value(None, IntegerField()),
        )
        yield with_ready_at(self, rows).order_by(*ORDER)

    def who_scheduled(self, change: DueChange, subject: Release) -> AbstractBaseUser | None:
        return subject.approved_by

    def planned(self, objects: Q) -> Iterator[PlannedPublication]:
        items = in_approved().filter(objects, action=ItemAction.PUBLISH)
        columns = ("base_content_type", "object_id", "title", "release__go_live_at")
        for row in items.values_list(*columns, "release__name"):
            yield PlannedPublication(*row)

    def end_plans(self, subject: Any, *, due_only: bool, user: AbstractBaseUser | None) -> None:
        take_out_of_approved(subject, ItemAction.PUBLISH, due_only=due_only, user=user)

    def joins(self, objects: Q) -> bool:
        return in_approved().filter(objects).exists()

    def plans_of(self, subject: Any) -> Iterator[Plan]:
        items = ReleaseItem.objects.of(subject).filter(release__in=Release.objects.approved())
        for item in items.select_related("release", "revision").order_by(*ITEM_ORDER):
            at = item.release.go_live_at
            yield Plan(self, item.pk, at, item.revision, release_in_words(item.release))

    def replace(self, plan: Plan, revision: Revision) -> None:
        ReleaseItem.objects.filter(pk=plan.key).update(revision=revision)

    def objects_of(self, keys: list[str]) -> dict[str, set[tuple[type[Model], str]]]:
        found: dict[str, set[tuple[type[Model], str]]] = defaultdict(set)
        items = ReleaseItem.objects.of_objects().filter(release__in=keys)
        columns = items.values_list("release_id", "base_content_type_id", "object_id")
        for release_id, base_type_id, object_id in columns:
            model = ContentType.objects.get_for_id(base_type_id).model_class()
            if model is not None:
                found[str(release_id)].add((model, object_id))
        return found

    def watched_tables(self) -> Iterator[WatchedTable]:
        yield WatchedTable(
            Release._meta.db_table, ("state", "go_live_at"), "NEW.state = 'approved'"
        )

    # Making it permanent

    def is_scheduled(self, change: DueChange, row: Release) -> bool:
        scheduled = row.is_approved and row.go_live_at == change.due_at
        return scheduled and not self.waits_for_retry(change)

    def make_permanent(self, change: DueChange, row: Release, preparation: Any) -> None:
        go_live(row)


def in_approved() -> QuerySet:
    return ReleaseItem.objects.of_objects().filter(release__in=Release.objects.approved())


def release_in_words(release: Release) -> str:
    """One that is approved, so that it can be told from others of its name."""
    return f"the release “{release}” on {local_moment(release.go_live_at)}"


RELEASE = ReleaseGoesLive()
