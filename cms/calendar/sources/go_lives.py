"""Approved versions that go live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from wagtail.models import Revision

from cms.admin.subjects import Subject, shown_to
from cms.calendar.approvals import ApprovalsOfRevisions
from cms.calendar.entries import DUE, Entry
from cms.calendar.sources.failures import failures_of, why
from cms.calendar.sources.movable import move_url, with_movable
from cms.scheduling.kinds.go_live import GO_LIVE
from cms.scheduling.queue import with_edited_since
from pages import clock

__all__ = ["go_lives"]


def go_lives(user: AbstractBaseUser, start: datetime, end: datetime) -> Iterator[Entry]:
    """Approved revisions."""
    now = clock.now()
    revisions = Revision.objects.filter(
        shown_to(user), approved_go_live_at__gte=start, approved_go_live_at__lt=end
    )
    approvals = ApprovalsOfRevisions(revisions)
    failures = failures_of(GO_LIVE, start, end)
    shown = with_edited_since(with_movable(revisions, user))
    for revision in shown.select_related("content_type").defer("content"):
        at = revision.approved_go_live_at
        failure = failures.get((revision.content_type_id, revision.object_id, at))
        movable = revision.movable and at > now
        yield Entry(
            key=f"go-live-{revision.pk}",
            kind=GO_LIVE.slug,
            icon=GO_LIVE.icon,
            subject=Subject.of(revision.content_type, revision.object_id, revision.object_str),
            at=at,
            words=GO_LIVE.words.did_not_go if failure else GO_LIVE.words.goes,
            note=", ".join(notes_on(revision, due=at <= now and not failure)),
            move_url=move_url("go_live", at, revision.pk) if movable else "",
            **why(failure),
            **approvals.of(revision.pk, author_id=revision.user_id, written_at=revision.created_at),
        )


def notes_on(revision: Revision, *, due: bool) -> Iterator[str]:
    if due:
        yield DUE
    if revision.edited_since:
        yield "edited since scheduled"
