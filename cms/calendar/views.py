"""The calendar of the admin: by month, week or day, or as a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.admin import messages

from cms.admin.times.time_zones import offset_at
from cms.calendar.entries import Entry
from cms.calendar.filters import Shown, people, shown, today, types
from cms.calendar.models import CalendarLink
from cms.calendar.sources import entries_between, kinds_of_entries

__all__ = ["show"]

# Of one day; the others are a click away.
IN_A_MONTH = 5
IN_A_WEEK = 30
ON_A_PAGE = 50


@dataclass(frozen=True)
class Day:
    """A day of the grid: what fits into it, and what else there is."""

    date: date
    url: str
    entries: list[Entry]
    more: int
    more_stand_out: int
    is_today: bool
    is_past: bool
    is_of_another_month: bool


def show(request: HttpRequest) -> HttpResponse:
    asked, problems = shown(request.GET, request.user)
    everything = entries_between(request.user, asked.start, asked.end)
    names = people(everything)
    if asked.person and asked.person not in names:
        problems.append("There is no such person, so what is shown is everyone’s.")
        asked = replace(asked, person="")
    for problem in problems:
        messages.warning(request, problem)
    entries = [entry for entry in everything if asked.holds(entry)]
    context = {
        "asked": asked,
        "is_today": asked.first <= today() <= asked.last,
        "offsets": offsets_in(asked),
        "kinds": kinds_of_entries().items(),
        "types": types(request.user),
        "people": names,
        "link": CalendarLink.objects.filter(user=request.user).first(),
        "count": len(entries),
    }
    if asked.view in ("month", "week"):
        context["weeks"] = weeks_of(asked, entries)
    else:
        context["page"] = Paginator(entries, ON_A_PAGE).get_page(request.GET.get("p"))
        context["rows"] = [(entry, name_behind(entry, names)) for entry in context["page"]]
    return render(request, "calendar/calendar.html", context)


def name_behind(entry: Entry, names: dict[str, str]) -> str:
    return names.get(str(entry.people[0]), "") if entry.people else ""


def weeks_of(asked: Shown, entries: Iterable[Entry]) -> list[list[Day]]:
    on_days: dict[date, list[Entry]] = {day: [] for day in asked.days}
    for entry in entries:
        first, last = max(entry.first_day, asked.first), min(entry.last_day, asked.last)
        for n in range((last - first).days + 1):
            on_days[first + timedelta(days=n)].append(entry)
    fit = IN_A_MONTH if asked.view == "month" else IN_A_WEEK
    days = [day_of_grid(asked, day, found, fit) for day, found in on_days.items()]
    return [days[n : n + 7] for n in range(0, len(days), 7)]


def day_of_grid(asked: Shown, day: date, entries: list[Entry], fit: int) -> Day:
    # A link to one more would take as much room as that one does.
    fit = len(entries) if len(entries) == fit + 1 else fit
    rest = entries[fit:]
    return Day(
        date=day,
        url=asked.url(view="day", day=day),
        entries=entries[:fit],
        more=len(rest),
        more_stand_out=sum(entry.stands_out for entry in rest),
        is_today=day == today(),
        is_past=day < today(),
        is_of_another_month=asked.view == "month" and day.month != asked.day.month,
    )


def offsets_in(asked: Shown) -> list[dict[str, Any]]:
    """How far the zone is from UTC on these days, and from when on if that changes."""
    changes: list[dict[str, Any]] = []
    moment = asked.start
    while moment < asked.end:
        offset = offset_at(moment)
        if not changes or changes[-1]["offset"] != offset:
            changes.append({"offset": offset, "since": moment})
        moment += timedelta(hours=3)
    return changes
