"""The note beneath a date or time: its zone, and what is particular about what was entered.

Forms are made with it, and a script asks for it again while someone types, so that the only zone
data that anyone is shown are the server's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from cms.admin.times.time_zones import offset_at, zone_in_words, zone_name
from pages import clock
from pages.zones import place_name, zone_names

__all__ = [
    "Note",
    "as_entered",
    "known_zone",
    "naive",
    "note",
    "note_on",
    "occurrences",
    "skipped_in_words",
    "with_offset",
]

SHOWN = "%Y-%m-%d %H:%M"


@dataclass
class Occurrence:
    """One of the two moments of a time that comes twice."""

    offset: str
    is_chosen: bool


@dataclass
class Note:
    words: str
    is_problem: bool = False
    occurrences: list[Occurrence] = field(default_factory=list)


def known_zone(name: str | None) -> ZoneInfo | None:
    return ZoneInfo(name) if name in zone_names() else None


def occurrences(local: datetime, zone: tzinfo) -> list[datetime]:
    """When clocks in a zone show a time: once, twice when they are put back, or never."""
    moments = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    shown = (moment for moment in moments if naive(moment, zone) == local)
    return sorted(shown)


def naive(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def as_entered(text: str) -> datetime | None:
    """A text in ISO 8601, with an offset or without."""
    try:
        return parse_datetime(text.strip())
    except ValueError:
        return None


def day_entered(text: str) -> datetime | None:
    """The middle of a day, for which alone clocks cannot have been changed."""
    try:
        day = parse_date(text.strip())
    except ValueError:
        return None
    return datetime.combine(day, time(12)) if day else None


def with_offset(moment: datetime, zone: tzinfo) -> str:
    """As it can be entered where the time alone would not do: ``2026-10-25 02:30 +02:00``."""
    local = timezone.localtime(moment, zone)
    return f"{local:{SHOWN}} {offset_at(moment, zone).removeprefix('UTC')}"


def note_on(text: str, zone: tzinfo | None = None, offset: str = "") -> Note:
    """What to say of a text in a field whose zone is this one, or that of whoever is signed in."""
    zone = zone or timezone.get_current_timezone()
    local = as_entered(text) or day_entered(text)
    if local is None or not clock.is_near(local):
        return Note(zone_in_words(None, zone))
    if timezone.is_aware(local):
        offset = with_offset(local, zone).rpartition(" ")[2]
        local = naive(local, zone)
    moments = occurrences(local, zone)
    if not moments:
        return Note(skipped_in_words(local, zone), is_problem=True)
    if len(moments) == 1:
        return Note(moment_in_words(moments[0], zone))
    choices = [with_offset(moment, zone).rpartition(" ")[2] for moment in moments]
    words = zone_name(zone)
    if offset in choices:
        words = moment_in_words(moments[choices.index(offset)], zone)
    return Note(words, occurrences=[Occurrence(each, each == offset) for each in choices])


def moment_in_words(moment: datetime, zone: tzinfo) -> str:
    """In a zone that is not the reader's own, with what clocks show where they are."""
    words = zone_in_words(moment, zone)
    if zone_name(zone) == zone_name():
        return words
    there, here = moment.astimezone(zone), timezone.localtime(moment)
    own = f"{here:%H:%M} for you"
    if here.date() != there.date():
        own += f" on {date_format(here, 'D j F Y')}"
    return f"{words}: {there:%H:%M} in {place_name(str(zone))}, {own}"


def skipped_in_words(local: datetime, zone: tzinfo) -> str:
    before, after = (
        local.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone) for fold in (1, 0)
    )
    return (
        f"{local:%H:%M} does not exist on {date_format(local, 'j F Y')} in {zone_name(zone)}: "
        f"clocks go forward. Enter {before:{SHOWN}} ({offset_at(before, zone)}) "
        f"or {after:{SHOWN}} ({offset_at(after, zone)})."
    )


@require_GET
def note(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    found = note_on(
        asked.get("entered", ""), known_zone(asked.get("zone")), asked.get("offset", "")
    )
    names = {"note_id": asked.get("id", ""), "offset_name": asked.get("offset_name", "")}
    return render(request, "admin/time_zone.html", {"note": found, **names})
