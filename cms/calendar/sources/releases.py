"""Releases: those approved, and those planned that nobody has approved yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType

from cms.admin.permissions import may_publish_pages
from cms.admin.subjects import Subject
from cms.calendar.approvals import ApprovalsOfReleases
from cms.calendar.entries import DUE, Entry
from cms.calendar.sources.failures import failures_of, why
from cms.calendar.sources.movable import move_url
from cms.releases.kind import RELEASE
from cms.releases.models import Release, ReleaseState
from pages import clock

__all__ = ["releases"]


def releases(user: AbstractBaseUser, start: datetime, end: datetime) -> Iterator[Entry]:
    if not user.has_perm("publishing.view_release"):
        return
    now = clock.now()
    planned = Release.objects.filter(
        state__in=[ReleaseState.OPEN, ReleaseState.APPROVED],
        go_live_at__gte=start,
        go_live_at__lt=end,
    )
    failures = failures_of(RELEASE, start, end)
    type_id = ContentType.objects.get_for_model(Release).pk
    approvals = ApprovalsOfReleases(planned)
    for release in planned:
        at = release.go_live_at
        failure = failures.get((type_id, str(release.pk), at))
        movable = release.is_approved and at > now and may_publish_pages(user)
        yield Entry(
            key=f"release-{release.pk}",
            kind=RELEASE.slug,
            icon=RELEASE.icon,
            subject=Subject(Release, str(release.pk), release.name),
            at=at,
            words=RELEASE.words.did_not_go if failure else RELEASE.words.goes,
            note=note_on(release) if not failure else "",
            move_url=move_url("release", at, release.pk) if movable else "",
            **why(failure),
            **approvals.of(release),
        )


def note_on(release: Release) -> str:
    if not release.is_approved:
        return "not approved yet"
    return DUE if release.is_due else ""
