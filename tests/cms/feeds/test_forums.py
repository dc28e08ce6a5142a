"""The forums in everyone's own calendar, each no finer than its date is known."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar
from wagtail.models import Page

from pages.models import SiteSettings
from tests import factories
from tests.cms.perspective.scheduled_content import at, schedule, scheduled

pytestmark = pytest.mark.django_db

PATH = "/feeds/forums.ics"


def events(client) -> dict[str, Any]:
    response = client.get(PATH)
    assert response.status_code == 200
    check_lines(response.content)
    calendar = Calendar.from_ical(response.content)
    assert calendar.errors == []
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def check_lines(content: bytes) -> None:
    """As RFC 5545 has them: folded after 75 bytes."""
    lines = content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)


def forum(**fields):
    fields = {"time_zone": "Europe/Rome", "date_precision": "time", **fields}
    return factories.forum_page(**fields)


def test_calendar_says_whose_it_is(client):
    page = factories.forums_page()
    SiteSettings.objects.create(site=page.get_site(), name="Group")

    response = client.get(PATH)
    calendar = Calendar.from_ical(response.content)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar["version"] == "2.0"
    assert calendar["prodid"]
    assert calendar["name"] == calendar["x-wr-calname"] == "Group: Forums"
    assert calendar.walk("VEVENT") == []


def test_times_are_in_utc(client, settings):
    """Also in summer time, and where the day is another one."""
    settings.FRONTENDS = {"": "https://www.example.org"}
    page = forum(
        title="Forum; with, signs",
        slug="forum",
        starts_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
        ends_at=datetime(2026, 7, 2, 1, tzinfo=UTC),
        venue="Aula Magna, Rome",
        registration_url="https://example.org/register",
        stream_url="https://example.org/live",
    )
    Page.objects.filter(pk=page.pk).update(
        first_published_at="2026-01-05T07:00:00.5+00:00",
        last_published_at="2026-01-06T07:00:00.5+00:00",
    )

    (event,) = events(client).values()

    assert str(event["summary"]) == "Forum; with, signs"
    assert event["dtstart"].dt == datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert event["dtend"].dt == datetime(2026, 7, 2, 1, tzinfo=UTC)
    assert (event["status"], event["transp"]) == ("CONFIRMED", "OPAQUE")
    assert event["url"] == "https://www.example.org/forums/forum/"
    assert event["location"] == "Aula Magna, Rome"
    assert str(event["description"]).split("\n\n") == [
        "2 July 2026, 00:30 Europe/Rome",
        "Summary.",
        "Registration: https://example.org/register",
        "Livestream: https://example.org/live",
    ]
    assert event["created"].dt == datetime(2026, 1, 5, 7, tzinfo=UTC)
    assert event["dtstamp"].dt == event["last-modified"].dt == datetime(2026, 1, 6, 7, tzinfo=UTC)


def test_days_are_those_where_it_is(client):
    forum(
        date_precision="day",
        starts_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
        ends_at=datetime(2026, 7, 3, 10, tzinfo=UTC),
        stream_url="https://example.org/live",
    )

    (event,) = events(client).values()

    # The end is the first day after it.
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 7, 2), date(2026, 7, 4))
    assert (event["status"], event["transp"]) == ("CONFIRMED", "TRANSPARENT")
    assert event["location"] == "https://example.org/live"


@pytest.mark.parametrize(
    ("published", "status"), [("2026-02-28", "TENTATIVE"), ("2026-03-01", "CONFIRMED")]
)
def test_month_is_all_that_is_known(client, published, status):
    """That is open before the month, and after it all that will be known."""
    page = forum(date_precision="month", starts_at=datetime(2026, 3, 17, 12, tzinfo=UTC))
    Page.objects.filter(pk=page.pk).update(last_published_at=f"{published}T12:00:00+00:00")

    (event,) = events(client).values()

    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 3, 1), date(2026, 4, 1))
    assert (event["status"], event["transp"]) == (status, "TRANSPARENT")
    assert "location" not in event


def test_forum_without_a_date_is_no_event(client):
    forum(date_precision="unknown", starts_at=datetime(2026, 3, 17, 12, tzinfo=UTC))

    assert events(client) == {}


def test_event_keeps_its_uid_when_forum_and_site_move(client, settings):
    page = forum(slug="before", starts_at=at(1), ends_at=at(1, 10))
    (before,) = events(client).values()

    page.slug, page.starts_at, page.ends_at = "after", at(2), at(2, 10)
    page.save_revision().publish()
    settings.SITE_URL = "https://elsewhere.example.org"
    (after,) = events(client).values()

    assert before["url"] != after["url"]
    assert before["dtstart"].dt != after["dtstart"].dt
    assert before["uid"] == after["uid"]
    assert str(after["uid"]).startswith("urn:uuid:")


def test_each_forum_has_a_uid_of_its_own_which_is_that_of_its_entries(client):
    for edition in (1, 2):
        forum(edition=edition, starts_at=at(edition), ends_at=at(edition, 10))

    uids = {str(event["uid"]) for event in events(client).values()}

    assert len(uids) == 2
    updates = client.get("/feeds/updates.atom").content.decode()
    assert all(f"<id>{uid}</id>" in updates for uid in uids)


def test_forum_is_told_from_its_second_until_it_is_taken_down(client, clock):
    factories.forums_page()
    dated = forum(edition=1, title="Moved", starts_at=at(20), ends_at=at(20, 10))
    schedule(dated, at(2), starts_at=at(21), ends_at=at(21, 10))
    dates = {"starts_at": at(25), "ends_at": at(25, 10)}
    scheduled(forum, at(2), edition=2, title="New", expires=at(3), **dates)
    told = []

    for moment in ("02T08:59:59", "02T09:00:00", "03T08:59:59", "03T09:00:00"):
        clock.set(f"2099-06-{moment}+00:00")
        told.append({name: event["dtstart"].dt.day for name, event in events(client).items()})

    both = {"Moved": 21, "New": 25}
    assert told == [{"Moved": 20}, both, both, {"Moved": 21}]


def test_calendar_is_the_same_before_and_after_a_forum(client, clock):
    """Whether it is over is told by its dates."""
    forum(starts_at=at(2), ends_at=at(2, 10))
    clock.moment = at(1)
    before = client.get(PATH)

    clock.moment = at(3)

    assert client.get(PATH)["ETag"] == before["ETag"]


def test_only_the_newest_are_told_of_very_many(client, settings):
    settings.GRAPHQL_MAX_PAGE_SIZE = 2
    for edition in (1, 2, 3):
        forum(edition=edition, title=f"{edition}", starts_at=at(edition), ends_at=at(edition, 10))

    assert list(events(client)) == ["3", "2"]


def test_characters_that_calendars_do_not_have_are_left_out(client):
    forum(title="A\x0btab\x7f", starts_at=at(1), ends_at=at(1, 10))

    assert list(events(client)) == ["Atab"]
