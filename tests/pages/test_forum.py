import json
from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from pages.models import ForumPage
from tests import factories
from tests.api_ids import id_beneath, id_of, linked
from tests.cms.addresses import admin_url
from tests.cms.submission import submission

pytestmark = pytest.mark.usefixtures("home_page")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_forum_operation_answers_everything_about_one_edition(db, clock, run_operation, statements):
    nxp = factories.organisation(name="NXP", website="https://www.nxp.com/")
    arm = factories.organisation(name="Arm")
    speaker = factories.person(name="Ada Rossi", organisation=arm)
    hidden = factories.organisation(name="Hidden", live=False)
    charter = factories.charter_page()
    draft = factories.form_page(title="Draft", live=False)
    page = factories.forum_page(
        title="Third forum",
        slug="third",
        edition=3,
        search_description="Two days in Milan.",
        summary=f'<p>After the <a linktype="page" id="{charter.pk}">charter</a>.</p>',
        outlook=f'<p>Then <a linktype="page" id="{draft.pk}">more</a>.</p>',
        date_precision="time",
        starts_at=moment("2026-03-24T08:00:00+00:00"),
        ends_at=moment("2026-03-25T16:30:00+00:00"),
        time_zone="Europe/Rome",
        days=2,
        format="hybrid",
        venue="Politecnico, Milan",
        stream_url="https://example.org/live",
        registration_url="https://example.org/register",
        themes=[
            (
                "theme",
                {
                    "heading": "Efficiency",
                    "text": "Doing more with less.",
                    "organisations": [nxp, hidden, arm],
                },
            ),
            ("theme", {"heading": "Privacy", "text": "", "organisations": []}),
        ],
        talks=[
            (
                "talk",
                {
                    "heading": "Small models",
                    "text": "Why small is enough.",
                    "speakers": [speaker],
                    "organisations": [arm],
                    "recording_url": "https://example.org/talk",
                },
            ),
            ("talk", {"heading": "Closing"}),
        ],
        playlist_url="https://example.org/playlist",
    )
    run_operation("forum", path="/forums/third/")

    with statements(7):
        data = run_operation("forum", path="/forums/third/")

    themes, talks = page.themes, page.talks
    answered_nxp = {"id": id_of(nxp), "name": "NXP", "website": "https://www.nxp.com/"}
    answered_arm = {"id": id_of(arm), "name": "Arm", "website": None}
    assert data == {
        "page": {
            "__typename": "ForumPage",
            "id": id_of(page),
            "title": "Third forum",
            "path": "/forums/third/",
            "locale": "en",
            "direction": "LTR",
            "seo": {"title": "Third forum", "description": "Two days in Milan.", "image": None},
            "ancestors": [
                linked("Home", "/"),
                linked("Forums", "/forums/"),
            ],
            "edition": 3,
            "summary": {"html": '<p>After the <a href="/charter/">charter</a>.</p>'},
            "outlook": {"html": "<p>Then more.</p>"},
            "status": "UPCOMING",
            "datePrecision": "TIME",
            "startsAt": "2026-03-24T08:00:00+00:00",
            "endsAt": "2026-03-25T16:30:00+00:00",
            "timeZone": "Europe/Rome",
            "dateText": "24 March 2026 to 25 March 2026, 09:00 Europe/Rome",
            "days": 2,
            "format": "HYBRID",
            "venue": "Politecnico, Milan",
            "streamUrl": "https://example.org/live",
            "registrationUrl": "https://example.org/register",
            "themes": [
                {
                    "id": id_beneath(page, "themes", themes[0].id),
                    "heading": "Efficiency",
                    "text": "Doing more with less.",
                    "organisations": [answered_nxp, None, answered_arm],
                },
                {
                    "id": id_beneath(page, "themes", themes[1].id),
                    "heading": "Privacy",
                    "text": None,
                    "organisations": [],
                },
            ],
            "talks": [
                {
                    "id": id_beneath(page, "talks", talks[0].id),
                    "heading": "Small models",
                    "text": "Why small is enough.",
                    "speakers": [
                        {
                            "id": id_of(speaker),
                            "name": "Ada Rossi",
                            "organisation": {"id": id_of(arm), "name": "Arm"},
                        }
                    ],
                    "organisations": [answered_arm],
                    "recordingUrl": "https://example.org/talk",
                },
                {
                    "id": id_beneath(page, "talks", talks[1].id),
                    "heading": "Closing",
                    "text": None,
                    "speakers": [],
                    "organisations": [],
                    "recordingUrl": None,
                },
            ],
            "playlistUrl": "https://example.org/playlist",
        }
    }


def test_forum_without_a_date_answers_gaps_and_invents_nothing(db, run_operation, statements):
    page = factories.forum_page(edition=1, title="First forum", slug="first")
    run_operation("forum", path="/forums/first/")

    with statements(5):
        data = run_operation("forum", path="/forums/first/")

    assert data == {
        "page": {
            "__typename": "ForumPage",
            "id": id_of(page),
            "title": "First forum",
            "path": "/forums/first/",
            "locale": "en",
            "direction": "LTR",
            "seo": {"title": "First forum", "description": "Summary.", "image": None},
            "ancestors": [
                linked("Home", "/"),
                linked("Forums", "/forums/"),
            ],
            "edition": 1,
            "summary": {"html": "<p>Summary.</p>"},
            "outlook": None,
            "status": "UNDATED",
            "datePrecision": "UNKNOWN",
            "startsAt": None,
            "endsAt": None,
            "timeZone": "UTC",
            "dateText": None,
            "days": None,
            "format": None,
            "venue": None,
            "streamUrl": None,
            "registrationUrl": None,
            "themes": [],
            "talks": [],
            "playlistUrl": None,
        }
    }


def test_forum_is_null_where_there_is_no_page(db, run_operation):
    factories.forums_page()

    data = run_operation("forum", path="/forums/first/")

    assert data == {"page": None}


def test_forums_operation_answers_the_introduction_and_the_editions_newest_first(
    db, clock, run_operation, statements
):
    parent = factories.forums_page(introduction="<p>How the forums came about.</p>")
    first = factories.forum_page(edition=1, slug="first", playlist_url="https://example.org/1")
    second = factories.forum_page(
        edition=2,
        slug="second",
        date_precision="month",
        starts_at=moment("2024-10-15T00:00:00+00:00"),
        format="livestream",
    )
    factories.forum_page(edition=3, slug="draft", live=False)
    run_operation("forums")

    with statements(5):
        data = run_operation("forums")

    assert data["forumsPage"]["editions"]["pageInfo"].pop("endCursor")
    assert data == {
        "forumsPage": {
            "id": id_of(parent),
            "title": "Forums",
            "path": "/forums/",
            "locale": "en",
            "direction": "LTR",
            "seo": {"title": "Forums", "description": "How the forums came about.", "image": None},
            "introduction": {"html": "<p>How the forums came about.</p>"},
            "editions": {
                "totalCount": 2,
                "pageInfo": {"hasNextPage": False},
                "nodes": [
                    {
                        "id": id_of(second),
                        "title": "Forum 2",
                        "path": "/forums/second/",
                        "edition": 2,
                        "status": "PAST",
                        "datePrecision": "MONTH",
                        "startsAt": "2024-10-01T00:00:00+00:00",
                        "endsAt": "2024-11-01T00:00:00+00:00",
                        "timeZone": "UTC",
                        "dateText": "October 2024",
                        "format": "LIVESTREAM",
                        "playlistUrl": None,
                    },
                    {
                        "id": id_of(first),
                        "title": "Forum 1",
                        "path": "/forums/first/",
                        "edition": 1,
                        "status": "UNDATED",
                        "datePrecision": "UNKNOWN",
                        "startsAt": None,
                        "endsAt": None,
                        "timeZone": "UTC",
                        "dateText": None,
                        "format": None,
                        "playlistUrl": "https://example.org/1",
                    },
                ],
            },
        }
    }


def test_forums_operation_costs_the_same_however_many_editions_there_are(
    db, run_operation, statements
):
    for edition in range(1, 4):
        factories.forum_page(edition=edition)
    run_operation("forums")
    with statements(5):
        run_operation("forums")

    for edition in range(4, 10):
        factories.forum_page(edition=edition)
    with statements(5):
        data = run_operation("forums")

    assert data["forumsPage"]["editions"]["totalCount"] == 9


def test_forums_page_is_null_while_there_is_none(db, run_operation):
    factories.home_page()

    data = run_operation("forums")

    assert data == {"forumsPage": None}


def test_organisation_renamed_once_has_its_new_name_in_every_forum(db, ask):
    organisation = factories.organisation(name="Old name")
    for _ in range(2):
        factories.forum_page(
            themes=[("theme", {"heading": "Theme", "organisations": [organisation]})],
            talks=[("talk", {"heading": "Talk", "organisations": [organisation]})],
        )

    organisation.name = "New name"
    organisation.save_revision().publish()
    data = ask(
        """{ forums { nodes {
            themes { organisations { name } }
            talks { organisations { name } }
        } } }"""
    )

    named = [{"organisations": [{"name": "New name"}]}]
    assert data == {"forums": {"nodes": [{"themes": named, "talks": named}] * 2}}


def test_organisation_keeps_its_name_in_forums_while_the_new_one_is_a_draft(db, ask):
    organisation = factories.organisation(name="Old name")
    factories.forum_page(themes=[("theme", {"heading": "T", "organisations": [organisation]})])

    organisation.name = "New name"
    organisation.save_revision()
    data = ask("{ forums { nodes { themes { organisations { name } } } } }")

    themes = [{"organisations": [{"name": "Old name"}]}]
    assert data == {"forums": {"nodes": [{"themes": themes}]}}


# What the clock decides

STATUS = "{ forums { nodes { status startsAt endsAt dateText } } }"


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("2026-03-24T07:59:59.999999+00:00", "UPCOMING"),
        ("2026-03-24T08:00:00+00:00", "LIVE"),
        ("2026-03-25T16:29:59.999999+00:00", "LIVE"),
        ("2026-03-25T16:30:00+00:00", "PAST"),
        ("2026-03-24T08:59:59+01:00", "UPCOMING"),
        ("2026-03-24T09:00:00+01:00", "LIVE"),
    ],
)
def test_forum_whose_times_are_known_is_live_from_its_first_to_before_its_last_moment(
    db, clock, ask, now, status
):
    factories.forum_page(
        date_precision="time",
        starts_at=moment("2026-03-24T08:00:00+00:00"),
        ends_at=moment("2026-03-25T16:30:00+00:00"),
        time_zone="Europe/Rome",
    )

    clock.set(now)
    data = ask("{ forums { nodes { status } } }")

    assert data == {"forums": {"nodes": [{"status": status}]}}


@pytest.mark.parametrize(
    ("time_zone", "given", "starts_at", "ends_at"),
    [
        ("UTC", "2026-03-10T00:00:00", "2026-03-01T00:00:00", "2026-04-01T00:00:00"),
        # Summer time begins on 29 March, so the month is an hour short.
        ("Europe/Rome", "2026-03-10T12:00:00", "2026-02-28T23:00:00", "2026-03-31T22:00:00"),
        # Given as a moment that is March there, but February in UTC.
        ("Asia/Tokyo", "2026-02-28T15:00:00", "2026-02-28T15:00:00", "2026-03-31T15:00:00"),
        # And as one that is March there, but April in UTC.
        ("America/New_York", "2026-04-01T03:59:59", "2026-03-01T05:00:00", "2026-04-01T04:00:00"),
    ],
    ids=["UTC", "summer-time-begins", "ahead-of-UTC", "behind-UTC"],
)
def test_forum_whose_month_is_known_lasts_that_month_in_its_own_zone(
    db, clock, ask, time_zone, given, starts_at, ends_at
):
    factories.forum_page(
        date_precision="month", starts_at=moment(f"{given}+00:00"), time_zone=time_zone
    )

    seen = []
    for now in (starts_at, ends_at):
        clock.set(f"{now}+00:00")
        seen.append(ask(STATUS)["forums"]["nodes"][0])

    answered = {
        "startsAt": f"{starts_at}+00:00",
        "endsAt": f"{ends_at}+00:00",
        "dateText": "March 2026",
    }
    assert seen == [{"status": "LIVE", **answered}, {"status": "PAST", **answered}]


@pytest.mark.parametrize(
    ("time_zone", "first", "last", "starts_at", "ends_at", "text"),
    [
        (
            "UTC",
            "2026-05-04T10:00:00+00:00",
            None,
            "2026-05-04T00:00:00",
            "2026-05-05T00:00:00",
            "4 May 2026",
        ),
        # Midnight in Rome is still the day before in UTC.
        (
            "Europe/Rome",
            "2026-05-03T22:00:00+00:00",
            "2026-05-05T21:59:59+00:00",
            "2026-05-03T22:00:00",
            "2026-05-05T22:00:00",
            "4 May 2026 to 5 May 2026",
        ),
        # A day of 23 hours: summer time begins.
        (
            "Europe/Rome",
            "2026-03-29T10:00:00+00:00",
            None,
            "2026-03-28T23:00:00",
            "2026-03-29T22:00:00",
            "29 March 2026",
        ),
        # A day of 25 hours: summer time ends.
        (
            "Europe/Rome",
            "2026-10-25T10:00:00+00:00",
            None,
            "2026-10-24T22:00:00",
            "2026-10-25T23:00:00",
            "25 October 2026",
        ),
        # In Beirut summer time begins at midnight: that day has no 00:00 and starts at 01:00.
        (
            "Asia/Beirut",
            "2026-03-29T10:00:00+00:00",
            None,
            "2026-03-28T22:00:00",
            "2026-03-29T21:00:00",
            "29 March 2026",
        ),
        # Summer time ended at 01:00 in Havana: the day had 00:30 twice, and began with the first.
        (
            "America/Havana",
            "2025-11-02T05:30:00+00:00",
            None,
            "2025-11-02T04:00:00",
            "2025-11-03T05:00:00",
            "2 November 2025",
        ),
        # A leap day, and across the end of a year.
        (
            "Asia/Kolkata",
            "2027-12-31T10:00:00+00:00",
            "2028-01-01T10:00:00+00:00",
            "2027-12-30T18:30:00",
            "2028-01-01T18:30:00",
            "31 December 2027 to 1 January 2028",
        ),
        (
            "UTC",
            "2028-02-29T10:00:00+00:00",
            None,
            "2028-02-29T00:00:00",
            "2028-03-01T00:00:00",
            "29 February 2028",
        ),
    ],
    ids=[
        "one-day",
        "two-days-from-midnight",
        "day-of-23-hours",
        "day-of-25-hours",
        "day-without-midnight",
        "day-with-two-midnights",
        "across-years",
        "leap-day",
    ],
)
def test_forum_whose_days_are_known_lasts_from_midnight_to_midnight_in_its_own_zone(
    db, clock, ask, time_zone, first, last, starts_at, ends_at, text
):
    factories.forum_page(
        date_precision="day",
        starts_at=moment(first),
        ends_at=last and moment(last),
        time_zone=time_zone,
    )

    seen = []
    for now in (starts_at, ends_at):
        clock.set(f"{now}+00:00")
        seen.append(ask(STATUS)["forums"]["nodes"][0])

    answered = {
        "startsAt": f"{starts_at}+00:00",
        "endsAt": f"{ends_at}+00:00",
        "dateText": text,
    }
    assert seen == [{"status": "LIVE", **answered}, {"status": "PAST", **answered}]


def test_forum_shows_no_date_while_it_is_marked_unknown_even_if_one_is_filled_in(db, clock, ask):
    factories.forum_page(
        date_precision="unknown",
        starts_at=moment("2026-05-04T10:00:00+00:00"),
        ends_at=moment("2026-05-05T10:00:00+00:00"),
    )

    data = ask(STATUS)

    undated = {"status": "UNDATED", "startsAt": None, "endsAt": None, "dateText": None}
    assert data == {"forums": {"nodes": [undated]}}


def test_date_text_names_one_day_once_and_the_time_in_the_zone_of_the_forum(db, clock, ask):
    factories.forum_page(
        date_precision="time",
        starts_at=moment("2026-07-01T23:30:00+00:00"),
        ends_at=moment("2026-07-02T01:00:00+00:00"),
        time_zone="Europe/Rome",
    )

    data = ask("{ forums { nodes { dateText startsAt } } }")

    forum = {
        "dateText": "2 July 2026, 01:30 Europe/Rome",
        "startsAt": "2026-07-01T23:30:00+00:00",
    }
    assert data == {"forums": {"nodes": [forum]}}


def test_date_text_of_a_forum_that_ends_at_midnight_does_not_name_the_next_day(db, clock, ask):
    factories.forum_page(
        date_precision="time",
        starts_at=moment("2026-07-01T14:00:00+00:00"),
        ends_at=moment("2026-07-02T00:00:00+00:00"),
    )

    data = ask("{ forums { nodes { dateText } } }")

    assert data == {"forums": {"nodes": [{"dateText": "1 July 2026, 14:00 UTC"}]}}


# The zone that it is announced in


def test_nobody_announces_a_forum_in_a_zone_that_nobody_chose(db, editor, sign_in):
    above = factories.forums_page()
    client = sign_in(editor)

    form = client.get(reverse("wagtailadmin_pages:add", args=["pages", "forumpage", above.pk]))
    draft = factories.forum_page(parent=above, live=False, time_zone="")
    dated = {"date_precision": "month", "starts_at": "2026-07-01 09:00", "time_zone": ""}
    saved = client.post(admin_url(draft, "edit"), submission(draft, **dated))
    published = client.post(
        admin_url(draft, "edit"), submission(draft, **dated, **{"action-publish": "1"})
    )

    assert form.context["form"]["time_zone"].value() in (None, "")
    assert '<option value="" selected>Choose the place</option>' in form.content.decode()
    assert saved.status_code == 302
    assert published.context["form"].errors == {
        "time_zone": ["Choose the time zone in which it takes place."]
    }
    assert not ForumPage.objects.get(pk=draft.pk).live


def test_forum_without_a_date_needs_no_zone(db, ask):
    factories.forum_page(time_zone="")

    data = ask("{ forums { nodes { timeZone dateText } } }")

    assert data == {"forums": {"nodes": [{"timeZone": "UTC", "dateText": None}]}}


# What a forum may say


def test_forum_cannot_end_before_it_starts():
    page = ForumPage(
        starts_at=datetime(2026, 5, 5, tzinfo=UTC), ends_at=datetime(2026, 5, 4, tzinfo=UTC)
    )

    problems = page.publication_problems()

    assert problems["ends_at"] == ["The forum has to end after it starts."]


def test_forum_that_ends_has_to_start():
    page = ForumPage(ends_at=datetime(2026, 5, 4, tzinfo=UTC))

    problems = page.publication_problems()

    assert problems["starts_at"] == ["Say when it starts, as you say when it ends."]


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        (
            {"date_precision": "day"},
            {"starts_at": ["Give the date, or choose “No date yet” above."]},
        ),
        (
            {"date_precision": "time", "starts_at": datetime(2026, 5, 4, tzinfo=UTC)},
            {"ends_at": ["Say when it ends, so that readers see when it is over."]},
        ),
        ({"edition": None}, {"edition": ["Say which forum this is: 1, 2, 3 …"]}),
        ({"edition": 7}, {"edition": ["Another published forum has this number already."]}),
        (
            {"summary": '<p><a href="#">Register</a></p>'},
            {
                "summary": [
                    "The link “Register” leads nowhere. Give it an address or remove the link."
                ]
            },
        ),
    ],
    ids=["no-date", "no-end", "no-number", "number-twice", "empty-link"],
)
def test_forum_is_not_published_with_a_gap_and_says_which_field_has_it(db, fields, problems):
    factories.forum_page(edition=7)
    page = factories.forum_page(live=False, **{"edition": 8, "title": "Next", **fields})

    with pytest.raises(ValidationError) as problem:
        page.get_latest_revision().publish()

    assert problem.value.message_dict == problems
    page.refresh_from_db()
    assert not page.live


def test_contributors_of_forums_that_are_there_already_are_filled_in(db):
    """As the migration finds them, in lists as they are stored and as they once were."""
    arm, nxp = factories.organisation(name="Arm"), factories.organisation(name="NXP")
    forum = factories.forum_page(
        themes=[("theme", {"heading": "Chips", "organisations": [arm]})],
        talks=[("talk", {"heading": "A talk", "organisations": [nxp, arm]})],
    )
    bare = factories.forum_page()
    old = [{"type": "theme", "value": {"heading": "Old", "organisations": [nxp.pk]}, "id": "1"}]
    bare.themes = json.dumps(old)
    bare.save()
    derived = dict(ForumPage.objects.values_list("pk", "contributors"))
    ForumPage.objects.update(contributors="")

    import_module("pages.migrations.0002_forum_contributors").fill(apps, connection.schema_editor())

    assert dict(ForumPage.objects.values_list("pk", "contributors")) == derived
    assert derived == {forum.pk: f"|{arm.pk}|{nxp.pk}|", bare.pk: f"|{nxp.pk}|"}


def test_speakers_of_forums_that_are_there_already_are_filled_in(db):
    ada, ben = factories.person(name="Ada"), factories.person(name="Ben")
    forum = factories.forum_page(talks=[("talk", {"heading": "A talk", "speakers": [ben, ada]})])
    bare = factories.forum_page()
    old = [{"type": "talk", "value": {"heading": "Old", "speakers": [ben.pk]}, "id": "1"}]
    bare.talks = json.dumps(old)
    bare.save()
    derived = dict(ForumPage.objects.values_list("pk", "speakers"))
    ForumPage.objects.update(speakers="")

    import_module("pages.migrations.0003_forum_speakers").fill(apps, connection.schema_editor())

    assert dict(ForumPage.objects.values_list("pk", "speakers")) == derived
    assert derived == {forum.pk: f"|{ada.pk}|{ben.pk}|", bare.pk: f"|{ben.pk}|"}
