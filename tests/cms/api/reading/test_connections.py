"""Lists a page at a time, asked for through HTTP as Relay asks for them."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale, Page

from cms.api.reading.cursors import sealed
from pages.models import ArticlePage, DeliverablePage, Person
from tests import factories
from tests.conftest import post_graphql

PEOPLE = """query ($first: Int, $after: String, $last: Int, $before: String) {
    people(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        nodes { name }
        edges { cursor node { name } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}"""


def add_people(*names: str) -> None:
    locale = Locale.objects.get()
    Person.objects.bulk_create([Person(name=name, locale=locale) for name in names])


def add_articles(parent: Page, *titles: str, minutes: int = 1) -> list[ArticlePage]:
    """Articles first published so many minutes apart, the first of them first."""
    moments = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes * n) for n in range(99)]
    return [
        parent.add_child(instance=ArticlePage(title=title, first_published_at=moment))
        for title, moment in zip(titles, moments, strict=False)
    ]


@pytest.fixture
def people(ask: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **arguments: ask(PEOPLE, **arguments)["people"]


def names(connection: dict[str, Any]) -> str:
    return "".join(node["name"] for node in connection["nodes"])


def cursors(connection: dict[str, Any]) -> dict[str, str]:
    return {edge["node"]["name"]: edge["cursor"] for edge in connection["edges"]}


# One page


def test_list_answers_items_their_cursors_and_how_many_there_are(db, people):
    add_people("B", "A", "C")

    answer = people()

    known = cursors(answer)
    assert answer == {
        "totalCount": 3,
        "nodes": [{"name": "A"}, {"name": "B"}, {"name": "C"}],
        "edges": [{"cursor": known[name], "node": {"name": name}} for name in "ABC"],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": known["A"],
            "endCursor": known["C"],
        },
    }
    assert len(set(known.values())) == 3


def test_empty_list_has_no_cursors(db, people):
    answer = people()

    assert answer == {
        "totalCount": 0,
        "nodes": [],
        "edges": [],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
    }


@pytest.mark.parametrize(
    ("arguments", "expected", "more_follow", "more_precede"),
    [
        ({"first": 2}, "AB", True, False),
        ({"first": 5}, "ABCDE", False, False),
        ({"first": 9}, "ABCDE", False, False),
        ({"first": 2, "after": "B"}, "CD", True, True),
        ({"first": 2, "after": "C"}, "DE", False, True),
        ({"first": 2, "after": "E"}, "", False, True),
        ({"after": "C"}, "DE", False, True),
        ({"last": 2}, "DE", False, True),
        ({"last": 5}, "ABCDE", False, False),
        ({"last": 9}, "ABCDE", False, False),
        ({"last": 2, "before": "D"}, "BC", True, True),
        ({"last": 2, "before": "C"}, "AB", True, False),
        ({"last": 2, "before": "A"}, "", True, False),
        ({"last": 9, "after": "B"}, "CDE", False, False),
        ({"first": 9, "before": "D"}, "ABC", False, False),
        ({"first": 9, "after": "A", "before": "D"}, "BC", False, True),
        ({"last": 1, "after": "A", "before": "D"}, "C", True, True),
        ({"first": 9, "after": "D", "before": "B"}, "", False, True),
        ({"first": 0}, "", True, False),
        ({"last": 0}, "", False, True),
        ({"first": None, "last": None}, "ABCDE", False, False),
    ],
    ids=str,
)
def test_window_is_cut_as_relay_says(db, people, arguments, expected, more_follow, more_precede):
    add_people(*"ABCDE")
    known = cursors(people())
    given = {name: known.get(value, value) for name, value in arguments.items()}

    answer = people(**given)

    assert names(answer) == expected
    assert answer["totalCount"] == 5
    assert answer["pageInfo"] == {
        "hasNextPage": more_follow,
        "hasPreviousPage": more_precede,
        "startCursor": known[expected[0]] if expected else None,
        "endCursor": known[expected[-1]] if expected else None,
    }


def test_list_without_a_size_has_twenty_items(db, people):
    add_people(*(f"Person {number:02}" for number in range(21)))

    answer = people()

    assert len(answer["nodes"]) == 20
    assert answer["totalCount"] == 21
    assert answer["pageInfo"]["hasNextPage"]


# Page after page


def forwards(people: Callable[..., Any], size: int) -> list[str]:
    found, after, more = [], None, True
    while more:
        answer = people(first=size, after=after)
        found.append(names(answer))
        after, more = answer["pageInfo"]["endCursor"], answer["pageInfo"]["hasNextPage"]
    return found


def backwards(people: Callable[..., Any], size: int) -> list[str]:
    found: list = []
    before, more = None, True
    while more:
        answer = people(last=size, before=before)
        found.insert(0, names(answer))
        before, more = answer["pageInfo"]["startCursor"], answer["pageInfo"]["hasPreviousPage"]
    return found


def test_pages_follow_one_another_to_the_end_and_back(db, people):
    add_people(*"ABCDEFG")

    assert forwards(people, 3) == ["ABC", "DEF", "G"]
    assert backwards(people, 3) == ["A", "BCD", "EFG"]
    assert forwards(people, 7) == ["ABCDEFG"]
    assert forwards(people, 1) == list("ABCDEFG")


def test_item_added_between_two_pages_repeats_nothing(db, people):
    add_people(*"BCDE")
    first = people(first=2)

    add_people("A")
    second = people(first=2, after=first["pageInfo"]["endCursor"])

    assert (names(first), names(second)) == ("BC", "DE")


def test_item_removed_between_two_pages_hides_nothing(db, people):
    add_people(*"ABCDE")
    first = people(first=2)

    Person.objects.get(name="A").delete()
    second = people(first=2, after=first["pageInfo"]["endCursor"])

    assert (names(first), names(second)) == ("AB", "CD")


def test_cursor_of_an_item_that_is_gone_still_marks_its_place(db, people):
    add_people(*"ABCDE")
    first = people(first=2)

    Person.objects.get(name="B").unpublish()
    second = people(first=2, after=first["pageInfo"]["endCursor"])

    assert (names(first), names(second)) == ("AB", "CD")
    assert second["totalCount"] == 4


def test_items_that_are_sorted_alike_are_each_answered_once(db, ask):
    parent = factories.articles_page()
    add_articles(parent, *"ABCDE", minutes=0)
    query = """query ($after: String) { articles(first: 2, after: $after) {
        nodes { title } pageInfo { endCursor hasNextPage }
    } }"""

    found, after, more = "", None, True
    while more:
        answer = ask(query, after=after)["articles"]
        found += "".join(node["title"] for node in answer["nodes"])
        after, more = answer["pageInfo"]["endCursor"], answer["pageInfo"]["hasNextPage"]

    assert found == "EDCBA"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("NEWEST_FIRST", ["FE", "DC", "BA"]),
        ("OLDEST_FIRST", ["AB", "CD", "EF"]),
        ("TITLE", ["AB", "CD", "EF"]),
    ],
)
def test_every_order_can_be_followed(db, ask, order, expected):
    parent = factories.articles_page()
    add_articles(parent, *"ABCDEF")
    query = f"""query ($after: String) {{
        articles(first: 2, after: $after, orderBy: {order}) {{
            nodes {{ title }} pageInfo {{ endCursor }}
        }}
    }}"""

    found, after = [], None
    for _ in range(3):
        answer = ask(query, after=after)["articles"]
        found.append("".join(node["title"] for node in answer["nodes"]))
        after = answer["pageInfo"]["endCursor"]

    assert found == expected


def test_moments_less_than_a_millisecond_apart_are_told_apart(db, ask):
    parent = factories.articles_page()
    for number in range(3):
        moment = datetime(2025, 1, 1, 12, 0, 0, number, tzinfo=UTC)
        parent.add_child(instance=ArticlePage(title=str(number), first_published_at=moment))
    query = """query ($after: String) { articles(first: 1, after: $after) {
        nodes { title } pageInfo { endCursor }
    } }"""

    found, after = "", None
    for _ in range(3):
        answer = ask(query, after=after)["articles"]
        found += answer["nodes"][0]["title"]
        after = answer["pageInfo"]["endCursor"]

    assert found == "210"


# What is refused


def refused(client: Client, arguments: str) -> tuple[Any, list[str]]:
    """The answer and the error codes when people are asked for with these arguments."""
    answer = post_graphql(client, f"{{ people({arguments}) {{ totalCount }} }}").json()
    return answer.get("data"), [error["extensions"]["code"] for error in answer["errors"]]


@pytest.mark.parametrize(
    "arguments",
    ["first: -1", "last: -1", "first: 101", "last: 101", "first: 2147483647", "first: 1, last: 1"],
)
def test_window_that_cannot_be_served_is_refused(db, client, arguments):
    assert refused(client, arguments) == (None, ["BAD_USER_INPUT"])


def test_refusal_of_too_many_items_says_how_many_there_may_be(db, client):
    answer = post_graphql(client, "{ people(first: 101) { totalCount } }").json()

    assert answer["errors"][0]["message"] == (
        "`first` is 101; at most 100 items are served at once. "
        "Ask for fewer and follow `pageInfo.endCursor`."
    )


def test_most_items_that_may_be_asked_for_are_served(db, people):
    add_people("A")

    answer = people(first=100)

    assert names(answer) == "A"


def encoded(*values: Any) -> str:
    """Sealed as ours are, whatever is in it."""
    return sealed(list(values))


def plain(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "garbage",
        "====",
        "\u00e9",
        "\u0000",
        "A" * 9_999,
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        base64.urlsafe_b64encode(b"[" * 50_000).decode(),
        base64.urlsafe_b64encode(b'{"name": "A"}').decode(),
        encoded(),
        encoded("A"),
        encoded("A", 1),
        encoded("person name", None, 1),
        encoded("person name", "A", None),
        encoded("person name", ["A"], 1),
        encoded("person name", "A", {}),
        encoded("person name", "A", "x"),
        encoded("person name", "A", 10**30),
        encoded("person name", "A", float("inf")),
        encoded("person name", "A", float("nan")),
        encoded("person name", "A\0", 1),
        encoded("person name", "\ud800", 1),
        encoded("person name", "A", 1, 2),
        plain("person name", "A", 1),
    ],
    ids=lambda cursor: repr(cursor[:30]),
)
def test_cursor_that_no_list_has_given_is_refused(db, client, cursor):
    add_people("A")
    query = "query ($after: String) { people(after: $after) { nodes { name } } }"

    answer = post_graphql(client, query, {"after": cursor}).json()

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert answer["errors"][0]["message"] == "This cursor is not one of this list."


@pytest.mark.parametrize(
    "values",
    [
        ("articlepage -first_published_at", "2025-01-01", 1),
        ("articlepage -first_published_at", "2025-01-01T00:00:00", 1),
        ("articlepage -first_published_at", "0001-01-01T00:00:00+14:00", 1),
        ("articlepage -first_published_at", "9999-12-31T23:59:59-14:00", 1),
        ("articlepage -first_published_at", "2025-13-01T00:00:00+00:00", 1),
        ("articlepage -first_published_at", 5, 1),
        ("articlepage -first_published_at", "2025-01-01T00:00:00+00:00", 2**63),
    ],
    ids=str,
)
def test_cursor_with_a_moment_that_cannot_be_is_refused(db, client, values):
    query = "query ($after: String) { articles(after: $after) { nodes { title } } }"

    answer = post_graphql(client, query, {"after": encoded(*values)}).json()

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


def test_cursor_tells_nothing_of_what_is_in_it(db, people):
    add_people("Ada Lovelace")

    (cursor,) = cursors(people()).values()

    held = base64.urlsafe_b64decode(cursor + "==")
    assert not any(word in held for word in (b"Ada", b"Lovelace", b"person", b"name"))
    assert cursors(people()) == {"Ada Lovelace": cursor}


def test_cursor_that_was_changed_is_refused(db, client, people):
    add_people("A")
    (cursor,) = cursors(people()).values()
    query = "query ($after: String) { people(after: $after) { totalCount nodes { name } } }"

    for place in (0, 20, len(cursor) - 2):
        changed = cursor[:place] + ("B" if cursor[place] == "A" else "A") + cursor[place + 1 :]
        answer = post_graphql(client, query, {"after": changed}).json()
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


def test_cursor_outlives_the_secret_as_long_as_that_is_named(db, client, people, settings):
    add_people("A")
    (cursor,) = cursors(people()).values()
    query = "query ($after: String) { people(after: $after) { nodes { name } } }"
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another secret " * 4

    refused = post_graphql(client, query, {"after": cursor}).json()
    settings.SECRET_KEY_FALLBACKS = [before]
    answered = post_graphql(client, query, {"after": cursor}).json()

    assert [error["extensions"]["code"] for error in refused["errors"]] == ["BAD_USER_INPUT"]
    assert answered["data"] == {"people": {"nodes": []}}


def test_cursor_of_another_list_is_refused(db, client):
    """Also where its values would fit: following it would skip items without a word."""
    factories.organisation(name="A")
    add_people("A")
    add_articles(factories.articles_page(), "A")
    found = post_graphql(
        client,
        """{
            people { pageInfo { endCursor } }
            reversed: people(orderBy: NAME_REVERSED) { pageInfo { endCursor } }
            articles { pageInfo { endCursor } }
            organisations { pageInfo { endCursor } }
        }""",
    ).json()["data"]
    own = found.pop("people")["pageInfo"]["endCursor"]
    query = "query ($after: String) { people(after: $after) { nodes { name } } }"

    assert "errors" not in post_graphql(client, query, {"after": own}).json()
    for other in found.values():
        answer = post_graphql(client, query, {"after": other["pageInfo"]["endCursor"]}).json()
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


# Lists within lists

CATEGORIES = """query ($first: Int, $after: String, $last: Int) {
    deliverablesPage { categories { nodes {
        title
        deliverables(first: $first, after: $after, last: $last) {
            totalCount
            nodes { title }
            edges { cursor }
            pageInfo { hasNextPage hasPreviousPage endCursor }
        }
    } } }
}"""


def add_deliverables(parent: Page, *titles: str) -> None:
    for number, title in enumerate(titles):
        day = date(2025, 1, 1) + timedelta(days=number)
        page = DeliverablePage(title=title, date=day, kind="report", summary="<p>Summary.</p>")
        parent.add_child(instance=page)


def windows(answer: dict[str, Any]) -> list[tuple[str, str, int, bool, bool]]:
    return [
        (
            category["title"],
            "".join(node["title"] for node in category["deliverables"]["nodes"]),
            category["deliverables"]["totalCount"],
            category["deliverables"]["pageInfo"]["hasNextPage"],
            category["deliverables"]["pageInfo"]["hasPreviousPage"],
        )
        for category in answer["deliverablesPage"]["categories"]["nodes"]
    ]


def test_each_list_within_a_list_has_a_window_of_its_own(db, ask):
    add_deliverables(factories.deliverable_category_page(title="Papers"), *"ABC")
    add_deliverables(factories.deliverable_category_page(title="Events"), *"XY")
    factories.deliverable_category_page(title="Empty")

    first = ask(CATEGORIES, first=2)
    last = ask(CATEGORIES, last=2)
    none = ask(CATEGORIES, first=0)

    assert windows(first) == [
        ("Papers", "CB", 3, True, False),
        ("Events", "YX", 2, False, False),
        ("Empty", "", 0, False, False),
    ]
    assert windows(last) == [
        ("Papers", "BA", 3, False, True),
        ("Events", "YX", 2, False, False),
        ("Empty", "", 0, False, False),
    ]
    assert windows(none) == [
        ("Papers", "", 3, True, False),
        ("Events", "", 2, True, False),
        ("Empty", "", 0, False, False),
    ]


def test_cursor_of_a_list_within_a_list_leads_to_its_next_page(db, ask):
    add_deliverables(factories.deliverable_category_page(title="Papers"), *"ABC")
    add_deliverables(factories.deliverable_category_page(title="Events"), *"XYZ")
    first = ask(CATEGORIES, first=1)
    papers, _ = first["deliverablesPage"]["categories"]["nodes"]

    second = ask(CATEGORIES, first=1, after=papers["deliverables"]["pageInfo"]["endCursor"])

    assert windows(second) == [("Papers", "B", 3, True, True), ("Events", "Y", 3, True, True)]


def test_one_category_answers_the_same_list_alone_as_among_others(db, ask, run_operation):
    papers = factories.deliverable_category_page(title="Papers")
    add_deliverables(papers, *"ABC")
    add_deliverables(factories.deliverable_category_page(title="Events"), *"XY")
    among = ask(CATEGORIES, first=2)["deliverablesPage"]["categories"]["nodes"][0]["deliverables"]

    alone = run_operation("deliverable_category", path="/deliverables/papers/", first=2)

    list_alone = alone["page"]["deliverables"]
    assert [node["title"] for node in list_alone["nodes"]] == ["C", "B"]
    assert list_alone["pageInfo"]["endCursor"] == among["pageInfo"]["endCursor"]
    assert list_alone["totalCount"] == among["totalCount"] == 3


def test_children_of_pages_at_different_depths_are_each_answered(db, ask):
    factories.deliverable_page(title="Paper")
    factories.charter_page()

    data = ask(
        """{ page(path: "/deliverables/category/paper/") {
            ancestors { title children { totalCount nodes { title } } }
        } }"""
    )

    assert data["page"]["ancestors"] == [
        {
            "title": "Home",
            "children": {
                "totalCount": 2,
                "nodes": [{"title": "Deliverables"}, {"title": "Charter"}],
            },
        },
        {"title": "Deliverables", "children": {"totalCount": 1, "nodes": [{"title": "Category"}]}},
        {"title": "Category", "children": {"totalCount": 1, "nodes": [{"title": "Paper"}]}},
    ]


def test_same_list_asked_for_twice_with_other_windows_answers_both(db, ask):
    add_deliverables(factories.deliverable_category_page(title="Papers"), *"ABC")

    data = ask(
        """{ deliverablesPage { categories { nodes {
            newest: deliverables(first: 1) { nodes { title } }
            oldest: deliverables(last: 1) { nodes { title } }
        } } } }"""
    )

    (papers,) = data["deliverablesPage"]["categories"]["nodes"]
    assert papers == {"newest": {"nodes": [{"title": "C"}]}, "oldest": {"nodes": [{"title": "A"}]}}


def test_window_that_cannot_be_served_is_refused_within_a_list_too(db, client):
    factories.deliverable_category_page()

    answer = post_graphql(client, CATEGORIES, {"first": -1}).json()

    assert answer["data"] == {"deliverablesPage": None}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


# Cost


def test_list_costs_the_same_with_three_and_with_thirty_items(db, ask, statements):
    query = """{ articles(first: 50) {
        totalCount
        nodes { title path url kind authors { person { name } } }
        pageInfo { hasNextPage endCursor }
    } }"""
    parent = factories.articles_page()
    add_articles(parent, *"ABC")
    ask(query)
    with statements(4):
        three = ask(query)

    add_articles(parent, *(f"Article {number}" for number in range(27)))
    with statements(4):
        thirty = ask(query)

    assert len(three["articles"]["nodes"]) == 3
    assert len(thirty["articles"]["nodes"]) == thirty["articles"]["totalCount"] == 30


def test_lists_within_a_list_cost_the_same_however_many_and_however_long(db, ask, statements):
    for number in range(2):
        add_deliverables(factories.deliverable_category_page(title=f"Few {number}"), "A")
    ask(CATEGORIES)
    with statements(5):
        ask(CATEGORIES)

    for number in range(4):
        add_deliverables(factories.deliverable_category_page(title=f"Many {number}"), *"ABCDEF")
    with statements(5):
        data = ask(CATEGORIES)

    assert [total for _, _, total, _, _ in windows(data)] == [1, 1, 6, 6, 6, 6]


def test_what_is_not_asked_for_is_not_counted_or_loaded(db, ask, statements):
    add_people(*"ABC")
    ask("{ people { totalCount } }")

    with statements(2):
        ask("{ people { totalCount } }")
    with statements(2):
        ask("{ people { nodes { name } edges { cursor } pageInfo { endCursor } } }")
