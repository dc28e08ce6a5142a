"""Scheduled changes of every kind that has no source of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from cms.calendar.entries import DUE, Entry
from cms.calendar.sources.failures import failures_of, why
from cms.releases.kind import RELEASE
from cms.scheduling.admin.planned import planned
from cms.scheduling.kinds import ScheduledKind, kinds
from cms.scheduling.kinds.expiry import EXPIRY
from cms.scheduling.kinds.go_live import GO_LIVE
from pages import clock

__all__ = ["others"]

WITH_OWN_SOURCE = {GO_LIVE.name, EXPIRY.name, RELEASE.name}


def others(user: AbstractBaseUser, start: datetime, end: datetime) -> Iterator[Entry]:
    for kind in kinds():
        if kind.name not in WITH_OWN_SOURCE:
            yield from of_kind(kind, user, start, end)


def of_kind(
    kind: ScheduledKind, user: AbstractBaseUser, start: datetime, end: datetime
) -> Iterator[Entry]:
    failures = failures_of(kind, start, end)
    now = clock.now()
    for content_type, subject, at in planned(kind, user, start=start, end=end):
        failure = failures.get((content_type.pk, subject.key, at))
        yield Entry(
            key=f"{kind.slug}-{subject.key}",
            kind=kind.slug,
            icon=kind.icon,
            subject=subject,
            at=at,
            words=kind.words.did_not_go if failure else kind.words.goes,
            note=DUE if at <= now and not failure else "",
            changed_at=now,
            **why(failure),
        )
