"""What is live, or is to go live, and expires."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value
from wagtail.models import DraftStateMixin, Page, Revision

from cms.admin.subjects import (
    Subject,
    pages_publishable_by,
    pages_shown_to,
    shown_to,
    snippet_models_publishable_by,
    snippet_models_shown_to,
)
from cms.calendar.approvals import ApprovalsOfRevisions
from cms.calendar.entries import DUE, Entry
from cms.calendar.sources.failures import failures_of, why
from cms.calendar.sources.movable import move_url, with_movable
from cms.perspective.objects import moment_written
from cms.scheduling.kinds.expiry import EXPIRY
from pages import clock

__all__ = ["expiries"]


@dataclass(frozen=True, kw_only=True)
class Expiry:
    """The end of what is live, or of what is to go live; perhaps it has none."""

    content_type: ContentType
    object_id: str
    title: str
    at: Any
    movable: bool
    revision_id: int | None
    author_id: int | None
    written_at: datetime
    # When this version goes live; None if it has.
    goes_live_at: Any = None

    @property
    def subject(self) -> tuple[int, str]:
        return self.content_type.pk, self.object_id

    @property
    def version(self) -> tuple:
        """Of two for the same moment, the newer stays."""
        return self.goes_live_at, self.written_at, self.revision_id

    @property
    def key(self) -> str:
        return f"expiry-{self.revision_id or f'{self.content_type.pk}-{self.object_id}'}"


def expiries(user: AbstractBaseUser, start: datetime, end: datetime) -> Iterator[Entry]:
    now = clock.now()
    rows = [each.filter(expire_at__gte=start, expire_at__lt=end) for each in live_rows(user)]
    scheduled = Revision.objects.filter(shown_to(user), approved_go_live_at__isnull=False)
    concerned = Q(pk__in=scheduled.values("pk"))
    for each in rows:
        concerned |= Q(pk__in=each.order_by().values("live_revision"))
    approvals = ApprovalsOfRevisions(Revision.objects.filter(concerned))
    failures = failures_of(EXPIRY, start, end)
    coming = list(of_scheduled(scheduled, user))
    versions: dict[tuple, list[Expiry]] = defaultdict(list)
    for version in coming:
        versions[version.subject].append(version)
    found = {
        (*expiry.subject, expiry.at): expiry
        for expiry in (*coming, *chain.from_iterable(map(of_live, rows)))
        if expiry.at and start <= expiry.at < end and not replaced(expiry, versions[expiry.subject])
    }
    for this, expiry in found.items():
        failure = failures.get(this)
        movable = expiry.movable and expiry.at > now
        address = ("expiry", expiry.at, expiry.content_type.pk, expiry.object_id)
        yield Entry(
            key=expiry.key,
            kind=EXPIRY.slug,
            icon=EXPIRY.icon,
            subject=Subject.of(expiry.content_type, expiry.object_id, expiry.title),
            at=expiry.at,
            words=EXPIRY.words.did_not_go if failure else EXPIRY.words.goes,
            note=DUE if expiry.at <= now and not failure else "",
            move_url=move_url(*address) if movable else "",
            **why(failure),
            **approvals.of(
                expiry.revision_id, author_id=expiry.author_id, written_at=expiry.written_at
            ),
        )


def replaced(expiry: Expiry, versions: Iterable[Expiry]) -> bool:
    """Whether a later version goes live before this one expires."""
    return any(
        other.goes_live_at <= expiry.at
        and (expiry.goes_live_at is None or other.version > expiry.version)
        for other in versions
    )


def live_rows(user: AbstractBaseUser) -> Iterator[QuerySet]:
    """What is live, of pages and of each kind of snippet."""
    pages = ExpressionWrapper(
        Q(pk__in=pages_publishable_by(user).values("pk"), alias_of__isnull=True),
        output_field=BooleanField(),
    )
    yield as_live(pages_shown_to(user).annotate(movable=pages).select_related("content_type"))
    for model in snippet_models_shown_to(user):
        if issubclass(model, DraftStateMixin):
            movable = model in snippet_models_publishable_by(user)
            yield as_live(model._default_manager.annotate(movable=Value(movable)))


def as_live(rows: QuerySet) -> QuerySet:
    return rows.filter(live=True).annotate(
        author_id=F("live_revision__user_id"), written_at=F("live_revision__created_at")
    )


def of_live(rows: QuerySet) -> Iterator[Expiry]:
    for row in rows:
        if isinstance(row, Page):
            content_type, title = row.content_type, row.title
        else:
            content_type, title = ContentType.objects.get_for_model(row), str(row)
        yield Expiry(
            content_type=content_type,
            object_id=str(row.pk),
            title=title,
            at=row.expire_at,
            movable=row.movable,
            revision_id=row.live_revision_id,
            author_id=row.author_id,
            written_at=row.written_at or row.last_published_at or row.expire_at,
        )


def of_scheduled(revisions: QuerySet, user: AbstractBaseUser) -> Iterator[Expiry]:
    revisions = with_movable(revisions, user).annotate(expires=F("content__expire_at"))
    for revision in revisions.select_related("content_type").defer("content"):
        yield Expiry(
            content_type=revision.content_type,
            object_id=revision.object_id,
            title=revision.object_str,
            at=moment_written(revision.expires),
            movable=revision.movable,
            revision_id=revision.pk,
            author_id=revision.user_id,
            written_at=revision.created_at,
            goes_live_at=revision.approved_go_live_at,
        )
