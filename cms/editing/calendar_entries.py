"""What the calendar shows: entries from several sources, each as one person may see them.

A source yields the entries between two moments, in a number of SQL statements that does not depend
on how many there are. A further kind of entry is one more source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, TextChoices, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timesince import timesince
from wagtail.models import DraftStateMixin, Page, Revision

from cms.editing.calendar_approvals import (
    ApprovalsOfChanges,
    ApprovalsOfReleases,
    ApprovalsOfRevisions,
    facts,
)
from cms.editing.subjects import (
    Subject,
    may_publish,
    publishable,
    publishable_pages,
    publishable_snippet_models,
    visible,
    visible_pages,
    visible_snippet_models,
)
from cms.publishing import clock
from cms.publishing.failures import still_scheduled
from cms.publishing.models import Action, CompletedChange, FailedChange
from cms.publishing.queue import with_edited_since
from cms.publishing.releases import Release, ReleaseState
from pages.models import ForumPage
from pages.models.forum import DatePrecision

__all__ = ["SOURCES", "Entry", "Kind", "entries_between"]

A_DAY = timedelta(days=1)
DUE = "due now"


class Kind(TextChoices):
    GO_LIVE = "go-live", "Go-lives"
    EXPIRY = "expiry", "Expiries"
    RELEASE = "release", "Releases"
    FORUM = "forum", "Forums"


ICONS = {
    Kind.GO_LIVE: "upload",
    Kind.EXPIRY: "no-view",
    Kind.RELEASE: "folder-open-1",
    Kind.FORUM: "group",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that happens at a moment, or from one day to another.

    ``key`` tells it from all others, and stays when it is moved. ``changed_at`` and ``times_moved``
    tell calendars elsewhere which of two versions is the newer one.
    """

    key: str
    kind: Any
    subject: Subject
    at: datetime
    words: str
    changed_at: datetime
    ends_at: datetime | None = None
    # Of what has no time of day: the first and the last, wherever one is.
    days: tuple[date, date] | None = None
    note: str = ""
    # Why it failed, if it did, and when it is tried again.
    reasons: tuple[str, ...] = ()
    retry_at: datetime | None = None
    late_by: timedelta | None = None
    people: tuple[int, ...] = ()
    times_moved: int = 0
    move_url: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def failed(self) -> bool:
        return bool(self.reasons)

    @property
    def stands_out(self) -> bool:
        return self.failed or self.late_by is not None

    @property
    def late(self) -> str:
        """How late it was, in words."""
        return timesince(self.at, self.at + self.late_by) if self.late_by else ""

    @property
    def first_day(self) -> date:
        return self.days[0] if self.days else timezone.localdate(self.at)

    @property
    def last_day(self) -> date:
        if self.days:
            return self.days[1]
        if self.ends_at is None:
            return self.first_day
        return timezone.localdate(self.ends_at - timedelta.resolution)


def entries_between(user: AbstractBaseUser, start: datetime, end: datetime) -> list[Entry]:
    """What happens from one moment until before another, as far as someone may see it."""
    found = [entry for source in SOURCES for entry in source(user, start, end)]
    return sorted(found, key=lambda entry: (entry.at, entry.kind, entry.subject.title))


# What goes live


def go_lives(user: AbstractBaseUser, start: datetime, end: datetime) -> Iterator[Entry]:
    """Approved revisions."""
    now = clock.now()
    revisions = Revision.objects.filter(
        visible(user), approved_go_live_at__gte=start, approved_go_live_at__lt=end
    )
    approvals = ApprovalsOfRevisions(revisions)
    failures = failures_of(Action.PUBLISH, start, end)
    shown = with_edited_since(with_movable(revisions, user))
    for revision in shown.select_related("content_type").defer("content"):
        at = revision.approved_go_live_at
        failure = failures.get((revision.content_type_id, revision.object_id, at))
        movable = revision.movable and at > now
        yield Entry(
            key=f"go-live-{revision.pk}",
            kind=Kind.GO_LIVE,
            subject=Subject.of(revision.content_type, revision.object_id, revision.object_str),
            at=at,
            words="Did not go live" if failure else "Goes live",
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


def with_movable(revisions: QuerySet, user: AbstractBaseUser) -> QuerySet:
    movable = ExpressionWrapper(publishable(user), output_field=BooleanField())
    return revisions.annotate(movable=movable)


def move_url(what: str, at: datetime, *arguments: Any) -> str:
    address = reverse(f"calendar_move_{what}", args=arguments)
    return f"{address}?{urlencode({'old': at.isoformat()})}"


# What expires


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
    scheduled = Revision.objects.filter(visible(user), approved_go_live_at__isnull=False)
    concerned = Q(pk__in=scheduled.values("pk"))
    for each in rows:
        concerned |= Q(pk__in=each.order_by().values("live_revision"))
    approvals = ApprovalsOfRevisions(Revision.objects.filter(concerned))
    failures = failures_of(Action.UNPUBLISH, start, end)
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
            kind=Kind.EXPIRY,
            subject=Subject.of(expiry.content_type, expiry.object_id, expiry.title),
            at=expiry.at,
            words="Did not expire" if failure else "Expires",
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
        Q(pk__in=publishable_pages(user).values("pk"), alias_of__isnull=True),
        output_field=BooleanField(),
    )
    yield as_live(visible_pages(user).annotate(movable=pages).select_related("content_type"))
    for model in visible_snippet_models(user):
        if issubclass(model, DraftStateMixin):
            movable = model in publishable_snippet_models(user)
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
            at=parse_datetime(revision.expires) if revision.expires else None,
            movable=revision.movable,
            revision_id=revision.pk,
            author_id=revision.user_id,
            written_at=revision.created_at,
            goes_live_at=revision.approved_go_live_at,
        )


# What failed


def failures_of(
    action: Any, start: datetime, end: datetime
) -> dict[tuple[int, str, datetime], FailedChange]:
    failures = still_scheduled().filter(action=action, due_at__gte=start, due_at__lt=end)
    return {(each.content_type_id, each.object_id, each.due_at): each for each in failures}


def why(failure: FailedChange | None) -> dict[str, Any]:
    if failure is None:
        return {}
    return {"reasons": tuple(failure.reason.splitlines()), "retry_at": failure.retry_at}


# What was done


def completed(user: AbstractBaseUser, start: datetime, end: datetime) -> Iterator[Entry]:
    changes = CompletedChange.objects.filter(
        visible(user),
        due_at__gte=start,
        due_at__lt=end,
        completed_at__gte=start,  # follows from the above, and has an index
    )
    approvals = ApprovalsOfChanges(changes)
    for change in changes.select_related("content_type"):
        kind = KINDS[change.action]
        steps = approvals.steps_before(change)
        revision_id = steps[-1].revision_id if steps else None
        name = change.object_id if kind == Kind.RELEASE else revision_id
        yield Entry(
            key=f"{kind}-{name or f'completed-{change.pk}'}",
            kind=kind,
            subject=Subject.of(change.content_type, change.object_id, change.title),
            at=change.due_at,
            words="Expired" if kind == Kind.EXPIRY else "Went live",
            late_by=change.late_by if change.is_late else None,
            **facts(steps, written_at=change.completed_at),
        )


KINDS = {
    Action.PUBLISH: Kind.GO_LIVE,
    Action.UNPUBLISH: Kind.EXPIRY,
    Action.RELEASE: Kind.RELEASE,
}


# Releases


def releases(user: AbstractBaseUser, start: datetime, end: datetime) -> Iterator[Entry]:
    """Those approved, and those planned that nobody has approved yet."""
    if not user.has_perm("publishing.view_release"):
        return
    now = clock.now()
    planned = Release.objects.filter(
        state__in=[ReleaseState.OPEN, ReleaseState.APPROVED],
        go_live_at__gte=start,
        go_live_at__lt=end,
    )
    failures = failures_of(Action.RELEASE, start, end)
    type_id = ContentType.objects.get_for_model(Release).pk
    approvals = ApprovalsOfReleases(planned)
    for release in planned:
        at = release.go_live_at
        failure = failures.get((type_id, str(release.pk), at))
        movable = release.is_approved and at > now and may_publish(user)
        yield Entry(
            key=f"release-{release.pk}",
            kind=Kind.RELEASE,
            subject=Subject(Release, str(release.pk), release.name),
            at=at,
            words="Did not go live" if failure else "Goes live",
            note=note_on(release) if not failure else "",
            move_url=move_url("release", at, release.pk) if movable else "",
            **why(failure),
            **approvals.of(release),
        )


def note_on(release: Release) -> str:
    if not release.is_approved:
        return "not approved yet"
    return DUE if release.is_due else ""


# Forums


def forums(user: AbstractBaseUser, start: datetime, end: datetime) -> Iterator[Entry]:
    """Whose days are those of the place where they are held, wherever the editor is."""
    pages = ForumPage.objects.filter(
        Q(period_ends__gt=start - A_DAY) | Q(period_starts__gte=start - A_DAY),
        pk__in=visible_pages(user).values("pk"),
        period_starts__lt=end + A_DAY,
    )
    pages = pages.annotate(author_id=F("live_revision__user_id"))
    for page in pages.only(*OF_FORUMS):
        days, note = days_of(page)
        yield Entry(
            key=f"forum-{page.pk}",
            kind=Kind.FORUM,
            subject=Subject(ForumPage, str(page.pk), page.title),
            at=page.period_starts,
            ends_at=page.period_ends,
            days=days,
            words="Forum",
            note=note if page.live else ", ".join(filter(None, [note, "not published"])),
            changed_at=page.latest_revision_created_at or page.period_starts,
            people=tuple(filter(None, [page.author_id])),
        )


OF_FORUMS = (
    "title",
    "live",
    "latest_revision_created_at",
    "date_precision",
    "time_zone",
    "period_starts",
    "period_ends",
)


def days_of(page: ForumPage) -> tuple[tuple[date, date] | None, str]:
    """The days of a forum whose time is not known, and how much of its date is."""
    if page.date_precision == DatePrecision.TIME:
        return None, ""
    first = page.period_starts.astimezone(page.zone).date()
    if page.date_precision == DatePrecision.MONTH:
        return (first, first), f"some time in {date_format(first, 'F Y')}"
    last = (page.period_ends - timedelta.resolution).astimezone(page.zone).date()
    return (first, last), "time not known"


SOURCES: tuple[Callable[[AbstractBaseUser, datetime, datetime], Iterable[Entry]], ...] = (
    go_lives,
    expiries,
    completed,
    releases,
    forums,
)
