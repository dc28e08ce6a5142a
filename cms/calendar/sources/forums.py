"""Forums, whose days are those of the place where they are held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F, Q
from django.utils.formats import date_format

from cms.admin.subjects import Subject, pages_shown_to
from cms.calendar.entries import Entry
from pages.models import ForumPage
from pages.models.forum import DatePrecision

__all__ = ["FORUMS", "forums"]

A_DAY = timedelta(days=1)
# In addresses, and as a filter names them.
FORUMS = ("forum", "Forums")


def forums(user: AbstractBaseUser, start: datetime, end: datetime) -> Iterator[Entry]:
    """Whose days are those of the place where they are held, wherever the editor is."""
    pages = ForumPage.objects.filter(
        Q(period_ends__gt=start - A_DAY) | Q(period_starts__gte=start - A_DAY),
        pk__in=pages_shown_to(user).values("pk"),
        period_starts__lt=end + A_DAY,
    )
    pages = pages.annotate(author_id=F("live_revision__user_id"))
    for page in pages.only(*FORUM_COLUMNS):
        days, note = days_of(page)
        yield Entry(
            key=f"forum-{page.pk}",
            kind=FORUMS[0],
            icon="group",
            subject=Subject(ForumPage, str(page.pk), page.title),
            at=page.period_starts,
            ends_at=page.period_ends,
            days=days,
            words="Forum",
            note=note if page.live else ", ".join(filter(None, [note, "not published"])),
            changed_at=page.latest_revision_created_at or page.period_starts,
            people=tuple(filter(None, [page.author_id])),
        )


FORUM_COLUMNS = (
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
