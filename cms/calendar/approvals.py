"""Who wrote, approved and moved what the calendar shows, as the log has it.

Read for all entries at once: what concerns pages and what concerns other objects are in two tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, F, QuerySet
from django.db.models.functions import Cast
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from cms.admin.subjects import keys_of
from cms.perspective.objects import moment_written
from cms.releases import steps as release_steps
from cms.releases.models import Release
from cms.scheduling.kinds.expiry import EXPIRY
from cms.scheduling.models import CompletedChange
from cms.scheduling.rescheduling import MOVED_EXPIRY, MOVED_GO_LIVE

__all__ = ["ApprovalsOfChanges", "ApprovalsOfReleases", "ApprovalsOfRevisions", "Step", "facts"]

MOVES = (MOVED_GO_LIVE, MOVED_EXPIRY, release_steps.MOVED)
STEPS = ("wagtail.publish", "wagtail.publish.schedule", release_steps.APPROVED, *MOVES)


@dataclass(frozen=True)
class Step:
    """An entry of the log: someone published something, scheduled, approved or moved it."""

    action: str
    at: datetime
    user_id: int | None
    author_id: int | None
    revision_id: int | None
    data: dict[str, Any]

    @property
    def moment(self) -> datetime | None:
        """For when, if it was for later."""
        scheduled = self.data.get("revision", self.data).get("go_live_at")
        return moment_written(self.data.get("to", scheduled))


FIELDS = ("action", "timestamp", "user_id", "author_id", "revision_id", "data")


def read(entries: QuerySet, *keys: str) -> Iterator[tuple[tuple, Step]]:
    entries = entries.filter(action__in=STEPS).annotate(author_id=F("revision__user_id"))
    for row in entries.order_by("timestamp", "pk").values_list(*keys, *FIELDS):
        yield row[: len(keys)], Step(*row[len(keys) :])


def facts(
    steps: Iterable[Step], *, author_id: int | None = None, written_at: datetime
) -> dict[str, Any]:
    """What an entry says of those behind it: whoever decided last comes first."""
    steps = list(steps)
    deciders = [step.user_id for step in reversed(steps)]
    people = [*deciders, *(step.author_id for step in steps), author_id]
    return {
        "people": tuple(dict.fromkeys(person for person in people if person)),
        "changed_at": max([written_at, *(step.at for step in steps)]),
        "times_moved": sum(step.action in MOVES for step in steps),
    }


# Of what is scheduled


class ApprovalsOfRevisions:
    def __init__(self, revisions: QuerySet):
        keys = revisions.order_by().values("pk")
        self.steps: dict[int, list[Step]] = defaultdict(list)
        for model in (PageLogEntry, ModelLogEntry):
            for _key, step in read(model.objects.filter(revision__in=keys)):
                if step.revision_id:
                    self.steps[step.revision_id].append(step)

    def of(
        self, revision_id: int | None, *, author_id: int | None, written_at: datetime
    ) -> dict[str, Any]:
        steps = self.steps.get(revision_id, []) if revision_id else []
        return facts(steps, author_id=author_id, written_at=written_at)


class ApprovalsOfReleases:
    def __init__(self, releases: QuerySet):
        entries = ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Release),
            object_id__in=keys_of(releases),
        )
        self.steps: dict[str, list[Step]] = defaultdict(list)
        for (key,), step in read(entries, "object_id"):
            self.steps[key].append(step)

    def of(self, release: Release) -> dict[str, Any]:
        return facts(
            self.steps[str(release.pk)],
            author_id=release.created_by_id,
            written_at=release.created_at,
        )


# Of what was done


class ApprovalsOfChanges:
    def __init__(self, changes: QuerySet):
        page_types = ContentType.objects.get_for_models(
            *(model for model in apps.get_models() if issubclass(model, Page))
        )
        of_pages = changes.filter(content_type__in=page_types.values()).order_by()
        numbers = of_pages.annotate(number=Cast("object_id", BigIntegerField())).values("number")
        others = changes.exclude(content_type__in=page_types.values()).order_by()
        self.steps: dict[tuple[int, str], list[Step]] = defaultdict(list)
        entries = [
            (PageLogEntry.objects.filter(page_id__in=numbers), "page_id"),
            (ModelLogEntry.objects.filter(object_id__in=others.values("object_id")), "object_id"),
        ]
        for found, name in entries:
            for (content_type, key), step in read(found, "content_type_id", name):
                self.steps[content_type, str(key)].append(step)

    def steps_before(self, change: CompletedChange) -> list[Step]:
        """Those that led to a change: the last was for this moment, or set an expiry."""
        steps = self.steps[change.content_type_id, change.object_id]
        led_to = [step for step in steps if step.moment == change.due_at]
        if change.action == EXPIRY.name and not led_to:
            led_to = [step for step in steps if step.at <= change.completed_at]
        if not led_to:
            return []
        last = led_to[-1]
        return [
            step for step in steps if step.revision_id == last.revision_id and step.at <= last.at
        ]
