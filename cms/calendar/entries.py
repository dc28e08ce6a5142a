"""What the calendar shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.timesince import timesince

from cms.admin.subjects import Subject

__all__ = ["DUE", "Entry"]

DUE = "due now"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that happens at a moment, or from one day to another.

    ``key`` tells it from all others, and stays when it is moved. ``changed_at`` and ``times_moved``
    tell calendars elsewhere which of two versions is the newer one.
    """

    key: str
    # Its name in addresses.
    kind: str
    icon: str
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
