"""The forums as iCalendar (RFC 5545), one event for each edition whose date is known.

Times are in UTC, which every calendar turns into its own; days are those of the event's zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event

from cms.api.operations import OperationContext
from cms.feeds.answers import answered_as
from cms.feeds.asking import ask, lasting_id, name_of_site

__all__ = ["forums"]

OPERATION = """
query ($first: Int!) {
  site { name settings { name } }
  forums(first: $first) {
    nodes {
      id title url firstPublishedAt lastPublishedAt
      datePrecision startsAt endsAt timeZone dateText
      summary { text }
      venue streamUrl registrationUrl
    }
  }
}
"""


@answered_as("text/calendar")
def forums(context: OperationContext, parameters: Any) -> bytes:
    """As many of the newest as a list of the API has at most."""
    told = ask(context, OPERATION, first=settings.GRAPHQL_MAX_PAGE_SIZE)
    name = f"{name_of_site(told['site'])}: Forums"
    calendar = Calendar()
    calendar.add("prodid", "-//GenEdge CMS//Forums//EN")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for forum in told["forums"]["nodes"]:
        if forum["startsAt"]:
            calendar.add_component(event_of(forum, lasting_id(context, forum["id"])))
    return calendar.to_ical()


def event_of(forum: dict[str, Any], uid: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("summary", forum["title"])
    for name, moment in span_of(forum).items():
        event.add(name, moment)
    event.add("description", "\n\n".join(described(forum)))
    event.add("url", forum["url"])
    place = forum["venue"] or forum["streamUrl"]
    if place:
        event.add("location", place)
    # That of the content, not of the answer, which is the same as long as nothing changes.
    starts = moment_of(forum["startsAt"])
    changed = moment_of(forum["lastPublishedAt"]) or starts
    # The day is to be announced, unless it had come already when this was published.
    is_open = forum["datePrecision"] == "MONTH" and changed < starts
    event.add("status", "TENTATIVE" if is_open else "CONFIRMED")
    event.add("transp", "OPAQUE" if forum["datePrecision"] == "TIME" else "TRANSPARENT")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    if forum["firstPublishedAt"]:
        event.add("created", moment_of(forum["firstPublishedAt"]))
    return event


def span_of(forum: dict[str, Any]) -> dict[str, Any]:
    """Begin and end, as far as known, and to the day where the times are not."""
    span = {
        name: moment_of(forum[field])
        for name, field in (("dtstart", "startsAt"), ("dtend", "endsAt"))
        if forum[field]
    }
    if forum["datePrecision"] == "TIME":
        return span
    zone = ZoneInfo(forum["timeZone"])
    return {name: moment.astimezone(zone).date() for name, moment in span.items()}


def moment_of(text: str | None) -> Any:
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0) if text else None


def described(forum: dict[str, Any]) -> list[str]:
    lines = [forum["dateText"], forum["summary"]["text"]]
    if forum["registrationUrl"]:
        lines.append(f"Registration: {forum['registrationUrl']}")
    if forum["streamUrl"]:
        lines.append(f"Livestream: {forum['streamUrl']}")
    return [line for line in lines if line]
