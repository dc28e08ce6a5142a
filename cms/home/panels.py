"""The first page of the admin: common jobs, what is mine, what is scheduled, what was published.

Every panel reads revisions and log entries, which know their object's title and type, so that the
number of SQL statements does not depend on how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.admin.utils import get_user_display_name
from wagtail.models import (
    ModelLogEntry,
    Page,
    PageLogEntry,
    Revision,
    TaskState,
    WorkflowState,
)

from cms.admin.permissions import may_publish_pages
from cms.admin.subjects import (
    Subject,
    keys_of,
    pages_shown_to,
    publishable_by,
    shown_to,
    snippet_models_shown_to,
)
from cms.home.jobs import jobs_of
from cms.perspective.objects import base_type_of
from cms.releases.admin.items import CHANGE
from cms.releases.goes_live import PUBLISHED as PUBLISHED_IN_RELEASE
from cms.releases.models import Release, ReleaseItem, ReleaseState
from cms.scheduling.admin.planned import planned
from cms.scheduling.failures import still_scheduled
from cms.scheduling.kinds import ScheduledKind, kind_named, kinds
from cms.scheduling.kinds.go_live import GO_LIVE
from cms.scheduling.models import CompletedChange
from cms.scheduling.process.heartbeat import last_beat, silent
from cms.scheduling.queue import with_edited_since
from pages import clock

__all__ = [
    "PANELS",
    "CommonJobs",
    "GoesLiveNext",
    "MyDrafts",
    "NeedsAttention",
    "PublishedLast",
    "WaitsForMe",
]

ROWS = 15
LATE_IS_SHOWN_FOR = timedelta(days=7)
PUBLICATIONS = ("wagtail.publish", "wagtail.publish.scheduled", PUBLISHED_IN_RELEASE)


# Panels


class HomePanel(Component):
    """A panel of the admin's first page."""

    order: int

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return self.content_for(parent_context["request"].user)

    def content_for(self, user: AbstractBaseUser) -> dict[str, Any]:
        raise NotImplementedError


class CommonJobs(HomePanel):
    """Buttons for those jobs that this person may do."""

    order = 80
    template_name = "home/common_jobs.html"

    def content_for(self, user):
        return {"jobs": list(jobs_of(user))}


class WaitsForMe(HomePanel):
    """Approvals this person can give, and what became of what they submitted."""

    order = 100
    template_name = "home/waits_for_me.html"

    def content_for(self, user):
        sent_back: list[dict[str, Any]] = []
        submitted: list[dict[str, Any]] = []
        for state in self.own_submissions(user):
            rejected = state.status == WorkflowState.STATUS_NEEDS_CHANGES
            (sent_back if rejected else submitted).append(self.submission(state))
        approvals = list(self.approvals(user))
        return {
            "approvals": approvals[:ROWS],
            "more_approvals": len(approvals) > ROWS,
            "releases": [handed_over(release) for release in self.releases(user)],
            "sent_back": sent_back,
            "submitted": submitted,
        }

    def releases(self, user) -> QuerySet:
        handed = Release.objects.handed_to(user).select_related("handed_by")
        return handed.order_by("handed_at")[:ROWS]

    def approvals(self, user) -> Iterable[dict[str, Any]]:
        states = (
            TaskState.objects.reviewable_by(user)
            .select_related("revision__content_type", "revision__user", "task")
            .defer("revision__content")
            .order_by("started_at")[: ROWS + 1]
        )
        actions_of_tasks: dict[int, list] = {}
        for state in states:
            if state.task_id not in actions_of_tasks:
                # The task asks who the person is; none of ours looks at the object.
                actions_of_tasks[state.task_id] = state.task.specific.get_actions(None, user)
            revision = state.revision
            subject = Subject.of(revision.content_type, revision.object_id, revision.object_str)
            yield {
                "subject": subject,
                "sent_by": get_user_display_name(revision.user) if revision.user else "",
                "since": state.started_at,
                # Approved is what was looked at, on a screen of its own.
                "review_url": reverse("review", args=(state.pk,)),
                "actions": [
                    {
                        "label": label,
                        "url": subject.url_of("workflow_action", name, state.pk),
                        "asks_for_comment": asks_for_comment,
                    }
                    for name, label, asks_for_comment in actions_of_tasks[state.task_id]
                    if name != "approve"
                ],
            }

    def own_submissions(self, user) -> QuerySet:
        return (
            WorkflowState.objects.active()
            .filter(requested_by=user)
            .select_related(
                "current_task_state__revision__content_type", "current_task_state__finished_by"
            )
            .defer("current_task_state__revision__content")
            .order_by("-current_task_state__started_at")[:ROWS]
        )

    def submission(self, state: WorkflowState) -> dict[str, Any]:
        step = state.current_task_state
        revision = step.revision
        return {
            "subject": Subject.of(revision.content_type, revision.object_id, revision.object_str),
            "since": step.started_at,
            "comment": step.comment,
            "sent_back_at": step.finished_at,
            "sent_back_by": get_user_display_name(step.finished_by) if step.finished_by else "",
        }


class MyDrafts(HomePanel):
    """What this person wrote or saved last, that nobody approves or publishes as it stands.

    What was sent for approval or came back is above; what is scheduled is below.
    """

    order = 105
    template_name = "home/my_drafts.html"

    def content_for(self, user):
        pages = Page.objects.filter(pk__in=pages_shown_to(user).values("pk"), alias_of=None)
        mine = Q(owner=user) | Q(latest_revision__user=user)
        found = [*self.rows(pages.filter(mine), user, title="draft_title")]
        for model in snippet_models_shown_to(user):
            snippets = model._default_manager.filter(latest_revision__user=user)
            found += self.rows(snippets, user, title="latest_revision__object_str")
        found.sort(key=lambda row: row["at"], reverse=True)
        colleagues = {row["saved_by"] for row in found} - {user.pk}
        names = get_user_model()._default_manager.in_bulk(colleagues)
        for row in found:
            colleague = names.get(row["saved_by"])
            row["by"] = get_user_display_name(colleague) if colleague else ""
        return {"drafts": found[:ROWS], "more": len(found) > ROWS}

    def rows(self, objects: QuerySet, user: Any, *, title: str) -> Iterable[dict[str, Any]]:
        base_type = base_type_of(objects.model)
        key = Cast(OuterRef("pk"), CharField())
        submitted = WorkflowState.objects.active().filter(
            base_content_type=base_type, object_id=key
        )
        scheduled = Revision.objects.filter(
            base_content_type=base_type, object_id=key, approved_go_live_at__isnull=False
        )
        drafts = objects.filter(
            ~Exists(submitted), ~Exists(scheduled), has_unpublished_changes=True
        ).order_by("-latest_revision__created_at")
        revision = "latest_revision"
        for found in drafts.values(
            "pk",
            "live",
            title,
            f"{revision}__content_type",
            f"{revision}__created_at",
            f"{revision}__user",
        )[: ROWS + 1]:
            content_type = ContentType.objects.get_for_id(found[f"{revision}__content_type"])
            yield {
                "subject": Subject.of(content_type, found["pk"], found[title]),
                "live": found["live"],
                "at": found[f"{revision}__created_at"],
                "saved_by": found[f"{revision}__user"],
            }


def handed_over(release: Release) -> dict[str, Any]:
    return {
        "subject": Subject(Release, str(release.pk), release.name),
        "by": get_user_display_name(release.handed_by) if release.handed_by else "",
        "since": release.handed_at,
        "approve_url": reverse("releases:approve", args=(release.pk,)),
    }


class NeedsAttention(HomePanel):
    """Changes that failed or came late, or no scheduler, for those who may publish; else gone."""

    order = 90
    template_name = "home/needs_attention.html"

    def content_for(self, user):
        mine = publishable_by(user)
        beaten_at = last_beat()
        failures = still_scheduled().filter(mine).select_related("content_type")
        late = CompletedChange.objects.late().filter(
            mine, completed_at__gte=clock.now() - LATE_IS_SHOWN_FOR
        )
        return {
            "silent": silent(beaten_at) and may_publish_pages(user),
            "silent_since": beaten_at,
            "failures": [failed(failure) for failure in failures.order_by("due_at")[:ROWS]],
            "late": [
                came_late(change)
                for change in late.select_related("content_type").order_by("-completed_at")[:ROWS]
            ],
        }

    def render_html(self, parent_context):
        content = self.get_context_data(parent_context)
        shown = content["silent"] or content["failures"] or content["late"]
        return super().render_html(parent_context) if shown else ""


def failed(failure) -> dict[str, Any]:
    return {
        "subject": Subject.of(failure.content_type, failure.object_id, failure.title),
        "at": failure.due_at,
        "goes": kind_named(failure.action).words.goes,
        "reasons": failure.reason.splitlines(),
        "attempts": failure.attempts,
        "retry_at": failure.retry_at,
    }


def came_late(change) -> dict[str, Any]:
    return {
        "subject": Subject.of(change.content_type, change.object_id, change.title),
        "at": change.due_at,
        "went": kind_named(change.action).words.went,
        "completed_at": change.completed_at,
    }


class GoesLiveNext(HomePanel):
    """What is scheduled, of every kind, soonest first."""

    order = 110
    template_name = "home/goes_live_next.html"

    def content_for(self, user):
        now = clock.now()
        events = sorted(
            [*self.go_lives(user), *self.others(user)],
            key=lambda event: event["at"],
        )
        for event in events:
            event["due"] = event["at"] <= now
        return {"events": events[:ROWS], "more": len(events) > ROWS}

    def go_lives(self, user) -> Iterable[dict[str, Any]]:
        revisions = (
            with_edited_since(
                Revision.objects.filter(shown_to(user), approved_go_live_at__isnull=False)
            )
            .select_related("content_type")
            .defer("content")
            .order_by("approved_go_live_at")[: ROWS + 1]
        )
        for revision in revisions:
            yield event(
                Subject.of(revision.content_type, revision.object_id, revision.object_str),
                GO_LIVE,
                at=revision.approved_go_live_at,
                edited_since=revision.edited_since,
            )

    def others(self, user) -> Iterable[dict[str, Any]]:
        for kind in kinds():
            if kind is not GO_LIVE:
                for _, subject, at in planned(kind, user, limit=ROWS + 1):
                    yield event(subject, kind, at=at)


def event(
    subject: Subject, kind: ScheduledKind, *, at: datetime, edited_since: bool = False
) -> dict[str, Any]:
    return {
        "subject": subject,
        "announced": kind.words.announced,
        "at": at,
        "edited_since": edited_since,
    }


class PublishedLast(HomePanel):
    """What went live, who published it and when; each object once."""

    order = 120
    template_name = "home/published_last.html"

    def content_for(self, user):
        latest: dict[tuple, Any] = {}
        for entry in sorted(
            [*self.pages(user), *self.snippets(user)],
            key=lambda entry: entry.timestamp,
            reverse=True,
        ):
            latest.setdefault((entry.content_type_id, str(entry.object_id)), entry)
        shown = list(islice(latest.values(), ROWS))
        releases = releases_that_published(shown) if user.has_perm(CHANGE) else {}
        return {"publications": [row_of(entry, releases.get(entry)) for entry in shown]}

    def pages(self, user) -> QuerySet:
        return recent(PageLogEntry.objects.filter(page__in=pages_shown_to(user).values("pk")))

    def snippets(self, user) -> QuerySet:
        mine = Q(pk__in=[])
        for model in snippet_models_shown_to(user):
            mine |= Q(
                content_type=ContentType.objects.get_for_model(model),
                object_id__in=keys_of(model._default_manager.all()),
            )
        return recent(ModelLogEntry.objects.filter(mine))


def recent(entries: QuerySet) -> QuerySet:
    """Enough to fill the panel even when some objects were published several times."""
    entries = entries.filter(action__in=PUBLICATIONS).select_related("content_type", "user")
    return entries.order_by("-timestamp")[: 4 * ROWS]


def releases_that_published(entries: Iterable[Any]) -> dict[Any, Subject]:
    """The release that each of those came with that one published, in one statement."""
    published = [entry for entry in entries if entry.action == PUBLISHED_IN_RELEASE]
    items = ReleaseItem.objects.of_objects().filter(
        object_id__in=[str(entry.object_id) for entry in published],
        release__state__in=[ReleaseState.LIVE, ReleaseState.REVERTED],
    )
    found: dict[Any, Subject] = {}
    for item in items.select_related("release").order_by("release__go_live_at", "pk"):
        release = item.release
        for entry in published:
            same = (item.content_type_id, item.object_id) == (
                entry.content_type_id,
                str(entry.object_id),
            )
            if same and release.go_live_at <= entry.timestamp:
                found[entry] = Subject(Release, str(release.pk), release.name)
    return found


def row_of(entry, release: Subject | None) -> dict[str, Any]:
    return {
        "release": release,
        "subject": Subject.of(entry.content_type, entry.object_id, entry.label),
        "by": get_user_display_name(entry.user) if entry.user else "",
        "at": entry.timestamp,
    }


PANELS = (CommonJobs, NeedsAttention, WaitsForMe, MyDrafts, GoesLiveNext, PublishedLast)
