"""A release goes live at its moment, as one change of all that is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, IntegerField, QuerySet, Value

from cms.perspective.objects import moment_written
from cms.perspective.sources import PendingChange
from cms.releases.goes_live import WENT_LIVE, go_live
from cms.releases.models import Release, ReleaseItem
from cms.scheduling.kinds import DueChange, ScheduledKind, WatchedTable, Words, with_ready_at

__all__ = ["RELEASE", "ReleaseGoesLive"]


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
        releases = Release.objects.approved().filter(go_live_at__lte=moment)
        return ReleaseItem.objects.filter(release__in=releases).changes()

    def go_live_moments(self) -> QuerySet:
        return Release.objects.approved().order_by("go_live_at").values("go_live_at")

    def moments(self, after: datetime) -> Iterable[datetime | None]:
        """When what is approved goes live, and when what is in it expires."""
        items = ReleaseItem.objects.filter(release__in=Release.objects.approved())
        for moment, expiry in items.values_list(
            "release__go_live_at", "revision__content__expire_at"
        ):
            yield from (moment, moment_written(expiry))

    # What is scheduled

    def scheduled(self) -> Iterator[QuerySet]:
        rows = Release.objects.approved().annotate(
            type_id=Value(ContentType.objects.get_for_model(Release).pk, IntegerField()),
            key=F("pk"),
            due_at=F("go_live_at"),
            version_id=Value(None, IntegerField()),
        )
        yield with_ready_at(self, rows).order_by("go_live_at")

    def who_scheduled(self, change: DueChange, subject: Release) -> AbstractBaseUser | None:
        return subject.approved_by

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


RELEASE = ReleaseGoesLive()
