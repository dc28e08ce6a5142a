"""The calendar as an iCalendar file, for a person's own calendar, which has no session here.

The secret in the address says whose it is. What the file holds is what that person would see in the
admin at that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages as plain_messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe
from icalendar import Calendar, Event

from cms.calendar.entries import Entry
from cms.calendar.models import CalendarLink
from cms.calendar.sources import entries_between
from pages import clock

__all__ = ["feed", "link"]

BACK, AHEAD = timedelta(days=90), timedelta(days=730)
A_DAY = timedelta(days=1)


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    link = CalendarLink.objects.opened_by(secret)
    if link is None:
        raise Http404("This address leads to no calendar.")
    link.note_use()
    now = clock.now()
    calendar = calendar_of(entries_between(link.user, now - BACK, now + AHEAD))
    return HttpResponse(
        calendar.to_ical(),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": 'inline; filename="calendar.ics"',
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
        },
    )


def calendar_of(entries: list[Entry]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//GenEdge CMS//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", settings.WAGTAIL_SITE_NAME)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    # One who reads them takes two of one name for two versions of one event.
    for entry in {entry.key: entry for entry in entries}.values():
        calendar.add_component(event_of(entry))
    return calendar


def event_of(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@{urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname}")
    event.add("summary", f"{entry.words}: {entry.subject.title}")
    if entry.days:
        event.add("dtstart", entry.days[0])
        event.add("dtend", entry.days[1] + A_DAY)
    else:
        event.add("dtstart", entry.at.astimezone(UTC))
        if entry.ends_at:
            event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("description", "\n".join(described(entry)))
    event.add("url", f"{settings.WAGTAILADMIN_BASE_URL}{entry.subject.edit_url}")
    event.add("categories", [entry.subject.kind])
    # It takes nobody's time, and is for whose calendar this is.
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.times_moved)
    return event


def described(entry: Entry) -> Iterator[str]:
    yield entry.subject.kind.capitalize()
    if entry.note:
        yield entry.note
    if entry.late:
        yield f"Made permanent {entry.late} late; readers saw it on time."
    yield from entry.reasons


# The link


@require_POST
def link(request: HttpRequest) -> HttpResponse:
    """Makes a new link, which ends the one before, or ends it without a new one."""
    if request.POST.get("do") == "revoke":
        CalendarLink.objects.filter(user=request.user).delete()
        plain_messages.success(request, "Your calendar link has ended.")
    else:
        address = reverse("calendar_feed", args=[CalendarLink.objects.renew(request.user)])
        shown = format_html(
            "Copy this link into your calendar now, for it cannot be shown again: <code>{}</code>",
            f"{settings.WAGTAILADMIN_BASE_URL}{address}",
        )
        plain_messages.success(request, shown)
    return redirect("calendar")
