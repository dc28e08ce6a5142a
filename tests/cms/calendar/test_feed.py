"""The calendar as an iCalendar link, which shows each person what they may see, and no one else."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from cms.calendar.models import CalendarLink
from tests import factories
from tests.cms.addresses import admin_url

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

# What is approved for a moment that has passed is published at once, so this is far ahead.
NOW = datetime(2099, 6, 10, 12, tzinfo=UTC)
NINE = datetime(2099, 6, 12, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(clock):
    clock.moment = NOW


@pytest.fixture
def make_link(db, sign_in):
    """Press the button; the path of the link that is then shown."""

    def make_link(user):
        browser = sign_in(user)
        shown = browser.post(reverse("calendar_link"), {"do": "renew"}, follow=True)
        address = shown.content.decode().partition("<code>")[2].partition("</code>")[0]
        assert address.startswith("http://testserver/calendar/")
        assert address not in browser.get(reverse("calendar")).content.decode()
        return urlsplit(address).path

    return make_link


def read(path):
    """As a program without a session would."""
    answer = Client().get(path)
    assert answer.status_code == 200
    return Calendar.from_ical(answer.content)


def events(path):
    return {str(event["summary"]): event for event in read(path).walk("VEVENT")}


def schedule(made, moment=NINE, *, expires=None, user=None):
    made.go_live_at, made.expire_at = moment, expires
    made.save_revision(user=user).publish(user=user)
    return made


def test_events_lead_to_what_they_are_about(editor, make_link):
    page = schedule(factories.article_page(title="Summer; news", live=False))
    factories.person(name="Ada", expire_at=NINE)

    calendar = events(make_link(editor))

    assert set(calendar) == {"Goes live: Summer; news", "Expires: Ada"}
    event = calendar["Goes live: Summer; news"]
    assert event["dtstart"].dt == NINE
    assert event["url"] == f"http://testserver{admin_url(page, 'edit')}"
    assert event["dtstamp"].dt.tzinfo is not None
    assert event["last-modified"].dt == event["dtstamp"].dt
    assert event["sequence"] == 0
    assert str(event["description"]).startswith("Article")


def test_answer_is_a_calendar_that_nobody_keeps(editor, make_link):
    answer = Client().get(make_link(editor))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    lines = answer.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2] == b"END:VCALENDAR"
    assert b"VERSION:2.0" in lines
    assert all(len(line) <= 75 for line in lines)


def test_event_keeps_its_name_and_counts_on_when_it_is_moved_and_done(
    editor, make_link, sign_in, clock
):
    page = schedule(factories.article_page(title="News", live=False))
    path = make_link(editor)
    before = events(path)["Goes live: News"]

    revision = page.revisions.get(approved_go_live_at=NINE)
    sign_in(editor).post(
        reverse("calendar_move_go_live", args=[revision.pk]),
        {"old": NINE.isoformat(), "new": "2099-06-15 09:00"},
    )
    moved = events(path)["Goes live: News"]
    clock.moment = NINE + timedelta(days=3)
    call_command("run_scheduler", once=True)
    done = events(path)["Went live: News"]

    assert before["uid"] == moved["uid"] == done["uid"]
    assert [event["sequence"] for event in (before, moved, done)] == [0, 1, 1]
    assert moved["dtstart"].dt == done["dtstart"].dt == NINE + timedelta(days=3)
    written = [event["last-modified"].dt for event in (before, moved, done)]
    assert written == sorted(written)  # in whole seconds
    assert done["last-modified"].dt == NINE + timedelta(days=3)


def test_forum_takes_its_days(editor, make_link):
    factories.forum_page(
        title="Forum 9",
        date_precision="day",
        time_zone="Asia/Tokyo",
        starts_at=datetime(2099, 6, 16, 3, tzinfo=UTC),
        ends_at=datetime(2099, 6, 17, 3, tzinfo=UTC),
    )
    factories.forum_page(
        title="Forum 10", date_precision="time", starts_at=NINE, ends_at=NINE + timedelta(hours=3)
    )

    calendar = events(make_link(editor))

    whole, timed = calendar["Forum: Forum 9"], calendar["Forum: Forum 10"]
    assert (whole["dtstart"].dt, whole["dtend"].dt) == (date(2099, 6, 16), date(2099, 6, 18))
    assert (timed["dtstart"].dt, timed["dtend"].dt) == (NINE, NINE + timedelta(hours=3))


def test_calendar_reaches_90_days_back_and_two_years_ahead(editor, make_link, clock):
    for day in (NINE + timedelta(days=800), NINE + timedelta(days=30)):
        schedule(factories.article_page(title=f"{day:%Y}", live=False), day)
    schedule(factories.person(name="Ada", live=False), NOW + timedelta(hours=1))
    clock.moment = NOW + timedelta(hours=1)
    call_command("run_scheduler", once=True)
    path = make_link(editor)

    assert set(events(path)) == {"Went live: Ada", "Goes live: 2099"}
    clock.moment = NOW + timedelta(days=100)
    assert "Went live: Ada" not in events(path)
    assert "Goes live: 2101" in events(path)


def test_each_link_shows_what_its_person_may_see(make_link, editor):
    schedule(factories.article_page(title="News", live=False))
    group_less = factories.user("wanda", is_superuser=True)
    path = make_link(group_less)
    assert len(events(path)) == 1

    get_user_model().objects.filter(pk=group_less.pk).update(is_superuser=False)
    group_less.groups.add(factories.user("x", group="Editors").groups.get())
    for permission in group_less.groups.get().page_permissions.all():
        permission.delete()

    assert events(path) == {}


@pytest.mark.parametrize("lost", [{"is_active": False}, {"is_superuser": False}])
def test_link_of_who_lost_access_leads_nowhere(lost, make_link):
    someone = factories.user("wanda", is_superuser=True)
    path = make_link(someone)
    assert Client().get(path).status_code == 200

    get_user_model().objects.filter(pk=someone.pk).update(**lost)

    assert Client().get(path).status_code == 404


def test_new_link_ends_the_one_before_and_revoked_one_leads_nowhere(editor, make_link, sign_in):
    first = make_link(editor)
    second = make_link(editor)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200

    sign_in(editor).post(reverse("calendar_link"), {"do": "revoke"})

    assert Client().get(second).status_code == 404
    assert "Make a link" in sign_in(editor).get(reverse("calendar")).content.decode()


def test_secret_is_not_in_the_database(editor, make_link):
    secret = make_link(editor).removeprefix("/calendar/").removesuffix(".ics")

    link = CalendarLink.objects.get()

    assert len(secret) >= 43
    assert all(secret not in str(value) for value in vars(link).values())


@pytest.mark.parametrize("secret", ["x", "é", "a" * 3000, "%00"])
def test_other_addresses_lead_nowhere(secret, db, client):
    assert client.get(f"/calendar/{secret}.ics").status_code == 404


def test_use_is_noted(editor, make_link, sign_in, clock):
    path = make_link(editor)
    assert "it has not been used yet" in sign_in(editor).get(reverse("calendar")).content.decode()

    Client().get(path)
    clock.moment = NOW + timedelta(minutes=1)
    Client().get(path)

    shown = sign_in(editor).get(reverse("calendar")).content.decode()
    assert "last used on Wed 10 June 2099, 12:00 UTC+00:00" in shown


def test_link_is_made_with_a_button_only(editor, sign_in):
    assert sign_in(editor).get(reverse("calendar_link")).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(reverse("calendar_link"), {"do": "renew"}).status_code == 403
    assert not CalendarLink.objects.exists()


def test_feed_costs_the_same_however_much_is_in_it(editor, make_link, statements):
    def one_of_each():
        for make in (factories.article_page, factories.organisation):
            schedule(make(live=False), expires=NINE + timedelta(days=3), user=editor)
            make(expire_at=NINE)
        factories.forum_page(date_precision="day", starts_at=NINE)

    path = make_link(editor)
    one_of_each()
    read(path)
    with CaptureQueriesContext(connection) as for_one_of_each:
        read(path)
    for _ in range(9):
        one_of_each()

    with statements(len(for_one_of_each)):
        read(path)
