"""The lists at the root: filters and orders that frontends may use."""

from datetime import date, datetime
from unittest.mock import patch

import pytest
from django.core.management import call_command
from wagtail.models import Locale, ReferenceIndex
from wagtail.search.models import IndexEntry

from cms.scheduling import durable
from tests import factories
from tests.api_ids import id_of
from tests.cms.api.schema.listed import titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_above")]


def at(moment):
    return datetime.fromisoformat(moment)


FORUM_DATES = {
    "Undated": {},
    "Over": {"date_precision": "month", "starts_at": at("2025-12-10T00:00:00+00:00")},
    "On": {"date_precision": "day", "starts_at": at("2026-01-15T00:00:00+00:00")},
    "Soon": {
        "date_precision": "time",
        "starts_at": at("2026-01-16T09:00:00+00:00"),
        "ends_at": at("2026-01-16T17:00:00+00:00"),
    },
}


@pytest.mark.parametrize(
    ("moment", "statuses"),
    [
        ("2026-01-15T12:00:00+00:00", ["UNDATED", "PAST", "LIVE", "UPCOMING"]),
        ("2025-12-31T23:59:59+00:00", ["UNDATED", "LIVE", "UPCOMING", "UPCOMING"]),
        ("2026-01-16T17:00:00+00:00", ["UNDATED", "PAST", "PAST", "PAST"]),
    ],
)
def test_forums_are_found_by_the_status_they_show(ask, clock, moment, statuses):
    clock.set(moment)
    for title, fields in FORUM_DATES.items():
        factories.forum_page(title=title, **fields)

    shown = ask("{ forums(orderBy: OLDEST_FIRST) { nodes { title status } } }")["forums"]["nodes"]

    assert [forum["status"] for forum in shown] == statuses
    for status in ("UNDATED", "PAST", "LIVE", "UPCOMING"):
        expected = [forum["title"] for forum in shown if forum["status"] == status]
        found = titles(ask, "forums", f"orderBy: OLDEST_FIRST, filter: {{status: [{status}]}}")
        assert found == expected


def test_forums_are_found_by_organisation_format_and_date(ask):
    arm, nxp = factories.organisation(name="Arm"), factories.organisation(name="NXP")
    factories.forum_page(
        title="First",
        format="livestream",
        date_precision="day",
        starts_at=at("2024-03-27T00:00:00+00:00"),
        themes=[("theme", {"heading": "Chips", "organisations": [arm, nxp]})],
    )
    factories.forum_page(
        title="Second",
        format="hybrid",
        date_precision="day",
        starts_at=at("2024-10-01T00:00:00+00:00"),
        talks=[("talk", {"heading": "A talk", "organisations": [nxp]})],
    )

    def found(filters):
        return titles(ask, "forums", f"orderBy: OLDEST_FIRST, filter: {{{filters}}}")

    assert found(f'organisation: "{id_of(arm)}"') == ["First"]
    assert found(f'organisation: "{id_of(nxp)}"') == ["First", "Second"]
    assert found("format: [HYBRID]") == ["Second"]
    assert found('startsFrom: "2024-10-01T00:00:00Z"') == ["Second"]
    assert found('startsBefore: "2024-10-01T00:00:00Z"') == ["First"]

    nxp.unpublish()

    assert found(f'organisation: "{id_of(nxp)}"') == []


def test_forums_are_found_by_those_who_speak(ask, clock):
    """As soon as they do, and not by who only leads an organisation that is named."""
    clock.set("2099-01-15T12:00:00+00:00")
    ada, ben = factories.person(name="Ada"), factories.person(name="Ben")
    talk = {"heading": "A talk", "speakers": [ada]}
    factories.forum_page(title="First", talks=[("talk", talk)])
    second = factories.forum_page(title="Second")
    second.talks = [("talk", {"heading": "A talk", "speakers": [ada, ben]})]
    second.go_live_at = at("2099-01-15T13:00:00+00:00")
    second.save_revision().publish()

    def found(person):
        arguments = f'orderBy: OLDEST_FIRST, filter: {{speaker: "{id_of(person)}"}}'
        return titles(ask, "forums", arguments)

    assert (found(ada), found(ben)) == (["First"], [])
    clock.set("2099-01-15T13:00:00+00:00")
    assert (found(ada), found(ben)) == (["First", "Second"], ["Second"])
    ada.unpublish()
    assert (found(ada), found(ben)) == ([], ["Second"])


def test_an_organisation_named_only_in_a_draft_does_not_find_the_forum(ask):
    arm = factories.organisation(name="Arm")
    forum = factories.forum_page(title="First")
    forum.themes = [("theme", {"heading": "Chips", "organisations": [arm]})]
    forum.save_revision()

    assert titles(ask, "forums", f'filter: {{organisation: "{id_of(arm)}"}}') == []


@pytest.mark.parametrize("index_is", ["written", "empty"])
def test_forums_are_found_by_organisation_as_soon_as_they_name_it(ask, clock, index_is):
    """At its moment, when it is made permanent, and for good: whatever an index says by then."""
    clock.set("2099-01-15T12:00:00+00:00")
    arm, nxp = factories.organisation(name="Arm"), factories.organisation(name="NXP")
    named = [("theme", {"heading": "Chips", "organisations": [arm]})]
    forum = factories.forum_page(title="First", themes=named)
    forum.themes = [("theme", {"heading": "Chips", "organisations": [nxp]})]
    forum.talks = [("talk", {"heading": "A talk", "organisations": [nxp, nxp]})]
    forum.go_live_at = at("2099-01-15T13:00:00+00:00")
    forum.save_revision().publish()

    def found():
        if index_is == "empty":
            ReferenceIndex.objects.all().delete()
            IndexEntry.objects.all().delete()
        by = [f'filter: {{organisation: "{id_of(each)}"}}' for each in (arm, nxp)]
        return [titles(ask, "forums", each) for each in by]

    assert found() == [["First"], []]
    clock.set("2099-01-15T13:00:00+00:00")
    assert found() == [[], ["First"]]
    with patch.object(durable, "index_what_went_live", return_value=False):
        call_command("run_scheduler", once=True)
    assert found() == [[], ["First"]]
    call_command("run_scheduler", once=True)
    assert found() == [[], ["First"]]


def test_deliverables_are_filtered_and_ordered(ask):
    learning = factories.deliverable_category_page(title="Learning")
    tools = factories.deliverable_category_page(title="Tools")
    ada = factories.person(name="Ada")
    guide = factories.deliverable_page(
        title="Guide", parent=learning, kind="tutorial", date=date(2025, 1, 1)
    )
    factories.deliverable_page(
        title="Report", parent=learning, kind="report", date=date(2025, 2, 1)
    )
    factories.deliverable_page(title="Kit", parent=tools, kind="repository", date=date(2025, 3, 1))
    guide.authors.create(person=ada)
    guide.tags.add("basics")
    guide.save()

    def found(arguments):
        return titles(ask, "deliverables", arguments)

    assert found("first: 10") == ["Kit", "Report", "Guide"]
    assert found("orderBy: OLDEST_FIRST") == ["Guide", "Report", "Kit"]
    assert found("orderBy: TITLE") == ["Guide", "Kit", "Report"]
    assert found(f'filter: {{category: "{id_of(learning)}"}}') == ["Report", "Guide"]
    assert found("filter: {kind: [TUTORIAL, REPOSITORY]}") == ["Kit", "Guide"]
    assert found(f'filter: {{author: "{id_of(ada)}"}}') == ["Guide"]
    assert found('filter: {tags: ["basics"]}') == ["Guide"]
    assert found('filter: {dateFrom: "2025-02-01", dateTo: "2025-02-28"}') == ["Report"]

    learning.unpublish()

    assert found(f'filter: {{category: "{id_of(learning)}"}}') == []


def test_people_and_organisations_are_filtered_and_ordered(ask):
    arm = factories.organisation(name="Arm", kind="company")
    factories.organisation(name="EPFL", kind="university")
    factories.person(name="Ada", organisation=arm)
    factories.person(name="Ben")

    def names(query):
        return [
            node["name"]
            for node in ask(f"{{ list: {query} {{ nodes {{ name }} }} }}")["list"]["nodes"]
        ]

    assert names("people") == ["Ada", "Ben"]
    assert names("people(orderBy: NAME_REVERSED)") == ["Ben", "Ada"]
    assert names(f'people(filter: {{organisation: "{id_of(arm)}"}})') == ["Ada"]
    assert names("organisations") == ["Arm", "EPFL"]
    assert names("organisations(filter: {kind: [UNIVERSITY]})") == ["EPFL"]


def test_a_filter_that_lists_nothing_finds_nothing(db, ask):
    factories.forum_page()
    factories.article_page()

    found = ask(
        "{ forums(filter: {status: []}) { totalCount nodes { title } pageInfo { hasNextPage } }"
        " articles(filter: {kind: [], tags: []}) { totalCount nodes { title } } }"
    )

    assert found == {
        "forums": {"totalCount": 0, "nodes": [], "pageInfo": {"hasNextPage": False}},
        "articles": {"totalCount": 0, "nodes": []},
    }


def test_a_translation_is_found_in_its_language(ask):
    original = factories.charter_page(title="Charter")
    home = original.get_parent().specific
    french = Locale.objects.create(language_code="fr")
    translated = home.copy_for_translation(french)
    translated.save_revision().publish()
    charter = original.copy_for_translation(french)
    charter.title = "Charte"
    charter.save_revision().publish()

    data = ask(
        '{ charter { title locale } french: charter(locale: "fr") { title locale }'
        ' page(path: "/charter/", locale: "fr") { title }'
        ' german: charter(locale: "de") { title locale } }'
    )

    assert data == {
        "charter": {"title": "Charter", "locale": "en"},
        "french": {"title": "Charte", "locale": "fr"},
        "page": {"title": "Charte"},
        "german": {"title": "Charter", "locale": "en"},
    }


@pytest.mark.parametrize(
    "condition", ["articles publishedFrom", "articles publishedBefore", "forums startsFrom"]
)
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+00:01", "9999-12-31T23:59:00-00:01"])
def test_a_moment_beyond_all_years_is_a_bad_argument(client, condition, moment):
    factories.home_page()
    name, field = condition.split()

    error = refusal(client, f'{name}(filter: {{{field}: "{moment}"}})')

    assert error["message"] == "A moment has to be within the years 1 to 9999 in UTC."


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("articles", "kind", "NEWS"),
        ("articles", "tags", '"edge"'),
        ("forums", "status", "PAST"),
        ("forums", "format", "HYBRID"),
        ("deliverables", "kind", "REPORT"),
        ("deliverables", "tags", '"edge"'),
        ("organisations", "kind", "COMPANY"),
    ],
)
def test_a_filter_compares_with_a_hundred_values_and_no_more(client, ask, name, field, value):
    factories.home_page()

    allowed = ask(f"{{ {name}(filter: {{{field}: [{f'{value} ' * 100}]}}) {{ totalCount }} }}")
    error = refusal(client, f"{name}(filter: {{{field}: [{f'{value} ' * 101}]}})")

    assert allowed == {name: {"totalCount": 0}}
    assert error["message"].startswith(f"`{field}` has 101 values; at most 100 are compared")


def refusal(client, listing):
    """The one error with which a list is refused as a bad argument."""
    response = client.post(
        "/graphql",
        {"query": f"{{ {listing} {{ totalCount }} }}"},
        content_type="application/json",
        headers={"accept": "application/graphql-response+json"},
    )
    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"]) == (294, "BAD_USER_INPUT")
    return error


@pytest.mark.parametrize(
    "arguments",
    [
        'orderBy: "owner__password"',
        "orderBy: OWNER",
        'filter: {owner: "1"}',
        'filter: {title__startswith: "a"}',
        'filter: {kind: ["news"]}',
        'search: "a"',
    ],
)
def test_nothing_of_the_orm_passes_through(client, arguments):
    factories.home_page()

    response = client.post(
        "/graphql",
        {"query": f"{{ articles({arguments}) {{ totalCount }} }}"},
        content_type="application/json",
        headers={"accept": "application/graphql-response+json"},
    )

    assert response.status_code == 422
