"""What is live expires at its moment. Readers miss it from then on: see ``visibility``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, IntegerField, QuerySet, Value
from wagtail.models import Page

from cms.perspective.audience import Audience
from cms.perspective.next_change import first_moment, last_moment
from cms.perspective.objects import as_own_type, models_with_drafts
from cms.perspective.sources import PendingChange
from cms.scheduling.approvals import who_approved
from cms.scheduling.kinds.kind import DueChange, ScheduledKind, WatchedTable, Words, with_ready_at
from cms.scheduling.permanent import unpublish

__all__ = ["EXPIRY", "Expiry"]


class Expiry(ScheduledKind):
    name = "unpublish"
    slug = "expiry"
    icon = "no-view"
    words = Words(
        does="expire",
        announced="Expires: readers no longer see it",
        goes="Expires",
        went="Expired",
        did_not_go="Did not expire",
        plural="Expiries",
        when_failed="Readers no longer see it. It is unpublished as soon as that is possible.",
    )
    log_action = "wagtail.unpublish.scheduled"

    # What readers see

    def due(self, moment: datetime) -> Iterable[PendingChange]:
        return ()

    def go_live_moments(self) -> None:
        return None

    def moments(self, after: datetime, audience: Audience) -> Iterable[datetime | None]:
        yield first_moment(expiring(audience, expire_at__gt=after), "expire_at")

    def past_moments(self, until: datetime, audience: Audience) -> Iterable[datetime | None]:
        yield last_moment(expiring(audience, expire_at__lte=until), "expire_at")

    # What is scheduled

    def scheduled(self) -> Iterator[QuerySet]:
        for model in models_with_drafts():
            rows = model._base_manager.filter(live=True, expire_at__isnull=False).annotate(
                type_id=type_of_rows(model),
                key=F("pk"),
                due_at=F("expire_at"),
                version_id=Value(None, IntegerField()),
            )
            yield with_ready_at(self, rows).order_by("expire_at")

    def who_scheduled(self, change: DueChange, subject: Any) -> AbstractBaseUser | None:
        """Who published what is live, or whoever wrote it."""
        revision = subject.live_revision
        return revision and who_approved(subject, revision, "wagtail.publish")

    def watched_tables(self) -> Iterator[WatchedTable]:
        for model in models_with_drafts():
            yield WatchedTable(
                model._meta.db_table,
                ("live", "expire_at"),
                "NEW.live AND NEW.expire_at IS NOT NULL",
            )

    # Making it permanent

    def is_scheduled(self, change: DueChange, row: Any) -> bool:
        scheduled = row.live and row.expire_at == change.due_at
        return scheduled and not self.waits_for_retry(change)

    def make_permanent(self, change: DueChange, row: Any, preparation: Any) -> None:
        unpublish(as_own_type(row), expired=True)


def expiring(audience: Audience, **when: datetime) -> Iterator[QuerySet]:
    """What these readers see, of each model, that expires then."""
    for model in models_with_drafts():
        live = model._base_manager.filter(live=True, **when)
        yield audience.pages(live) if model is Page else live


def type_of_rows(model: type[Any]) -> Any:
    """The content type of each row: of a page its own."""
    if model is Page:
        return F("content_type_id")
    own = ContentType.objects.get_for_model(model, for_concrete_model=False)
    return Value(own.pk, IntegerField())


EXPIRY = Expiry()
