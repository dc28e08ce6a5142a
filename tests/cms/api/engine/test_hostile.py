"""Documents made to hurt: each is refused before anything runs, cheaply, and with a code."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from graphql import get_introspection_query

from cms.api import operations
from cms.api.engine.documents import read_document
from cms.api.engine.limits import Limits
from cms.api.schema.public import public_schema
from tests import factories
from tests.cms.api.engine.hostile_documents import FILTERING, HOSTILE, joined, nested
from tests.cms.api.http.documented_errors import check_errors

pytestmark = pytest.mark.django_db

GRAPHQL_RESPONSE = "application/graphql-response+json"
OPERATIONS = sorted((Path(settings.FRONTEND_CONTRACT) / "operations").glob("*.graphql"))


def post(client: Client, body: Any, **headers: str) -> Any:
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = {"accept": GRAPHQL_RESPONSE, **headers}
    return client.post("/graphql", data, content_type="application/json", headers=headers)


def codes(response: Any) -> set[str]:
    return {error["extensions"]["code"] for error in response.json().get("errors", [])}


# What is refused


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_is_refused_before_anything_runs(client, settings, name):
    body, (status, code) = HOSTILE[name]

    for settings.GRAPHQL_INTROSPECTION in (True, False):
        with CaptureQueriesContext(connection) as captured:
            response = post(client, body)

        answer = response.json()
        assert response.status_code == status
        codes_told = check_errors(answer["errors"])
        if settings.GRAPHQL_INTROSPECTION or "__schema" not in str(body):
            assert codes_told == {code}
        assert "data" not in answer
        assert len(response.content) < 20_000
        assert all("wagtailcore_site" in query["sql"] for query in captured.captured_queries)


# What is odd, but no more than that

HARMLESS: dict[str, Any] = {
    "a byte order mark": {"query": "\ufeff{ __typename }"},
    "a long comment": {"query": "{ __typename } #" + "x" * 90_000},
    "much white space": {"query": "{ __typename " + " ,\t\n" * 12_000 + "}"},
    "a long path": {"query": '{ page(path: "' + "x" * 90_000 + '") { id } }'},
    "a path of escapes": {"query": '{ page(path: "' + "\\n" * 30_000 + '") { id } }'},
    "a path in a block string": {"query": '{ page(path: """' + " \n" * 25_000 + '""") { id } }'},
    "a NUL in a path": {"query": '{ page(path: "\\u0000") { id } }'},
    "fragments that only nest": {"query": nested("{ ...", "{ __typename }", "}", 90)},
    "as many duplicates as are allowed": {
        "query": "{" + joined(lambda n: "home {" + nested("parent {", "id", "}", 8) + "}", 11) + "}"
    },
    "introspection": {"query": get_introspection_query()},
}


@pytest.mark.parametrize("name", HARMLESS)
def test_odd_documents_are_answered(client, name):
    response = post(client, HARMLESS[name])

    assert codes(response) <= {"BAD_USER_INPUT"}
    assert response.json()["data"]


@pytest.mark.parametrize(
    "selection", ["site { name @skip(if: $if) }", "site @skip(if: $if) { name }"]
)
def test_null_for_a_directive_is_an_error_in_the_answer(client, selection):
    """Validation lets it pass where the variable has a default."""
    factories.home_page()
    query = f"query ($if: Boolean = true) {{ {selection} }}"

    answer = post(client, {"query": query, "variables": {"if": None}}).json()

    assert answer["data"] is None
    assert len(check_errors(answer["errors"])) == 1


# Where the limits are

EXACTLY = [
    ("tokens", 7, "{ __typename site { name } }"),
    ("operations", 1, "query a { __typename }"),
    ("depth", 4, "{ home { parent { parent { id } } } }"),
    ("depth", 3, "{ home { ...a } } fragment a on HomePage { ... on HomePage { parent { id } } }"),
    ("aliases", 2, "{ a: __typename site { b: name } }"),
    ("aliases", 2, "{ ...a site { b: name } } fragment a on Query { a: __typename }"),
    ("duplicate_fields", 2, "{ site { name name } site { url } }"),
    ("duplicate_fields", 2, "{ ... { site { name } } ...a } fragment a on Query { site { name } }"),
    ("duplicate_fields", 1, "{ a: site { name } b: site { name } c: __typename c: __typename }"),
    ("duplicate_fields", 2, "{ ...a ...a site { name } } fragment a on Query { site { name } }"),
    (
        "directives",
        3,
        "{ site { name @skip(if: true) @include(if: true) } ... @skip(if: true) { __typename } }",
    ),
    ("fragments", 2, "{ ...a } fragment a on Query { ...b } fragment b on Query { __typename }"),
    ("fields", 5, "{ site { name url } ...a } fragment a on Query { site { name } }"),
    ("cost", 4, "{ articles(first: 3) { nodes { id } } }"),
    ("lists", 2, "{ a: articles { totalCount } b: articles { totalCount } }"),
    ("lists", 2, "{ home { children { nodes { children { totalCount } } } } }"),
    ("lists", 2, "{ ...a people { totalCount } } fragment a on Query { people { totalCount } }"),
]


@pytest.mark.parametrize(("limit", "count", "text"), EXACTLY)
def test_a_limit_allows_what_it_says_and_no_more(client, settings, limit, count, text):
    factories.home_page()
    generous = dict.fromkeys(settings.GRAPHQL_LIMITS, 10**6)

    operations.valid_documents.cache_clear()
    settings.GRAPHQL_LIMITS = generous | {limit: count}
    allowed = post(client, {"query": text})
    operations.valid_documents.cache_clear()
    settings.GRAPHQL_LIMITS = generous | {limit: count - 1}
    refused = post(client, {"query": text})
    operations.valid_documents.cache_clear()

    assert allowed.status_code == 200, allowed.json()
    assert (refused.status_code, codes(refused)) == (422, {"LIMIT_EXCEEDED"})
    (error,) = refused.json()["errors"]
    assert error["extensions"]["requested"] == count
    assert str(count) in error["message"]
    assert str(count - 1) in error["message"]


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: file.stem)
def test_operations_of_the_contract_need_half_of_each_limit_at_most(file):
    half = Limits(**{name: number // 2 for name, number in settings.GRAPHQL_LIMITS.items()})

    document = read_document(public_schema(), file.read_text(), half, introspection=False)

    (operation,) = document.operations
    cost = operations.affordable_cost(document, operation, {})
    assert cost["requested"] <= half.cost
    assert len(file.read_bytes()) <= settings.GRAPHQL_MAX_BODY_SIZE / 2


# What an operation costs

COSTS = [
    ("{ __typename }", 0),
    ("{ site { name url } }", 1),
    ("{ home { title seo { title } } }", 2),
    ("{ articles(first: 10) { totalCount } }", 1),
    ("{ articles(first: 10) { nodes { id } } }", 11),
    ("{ articles(last: 10) { nodes { id } } }", 11),
    ("{ articles { nodes { id } } }", 21),
    ("{ articles(first: null) { nodes { id } } }", 21),
    ("{ articles(first: 0) { nodes { id } } }", 1),
    ("{ articles(first: 10) { nodes { id } edges { node { id } } pageInfo { endCursor } } }", 32),
    ("{ articles(first: 10) { nodes { authors { person { name } } } } }", 1 + 10 * (1 + 5 * 2)),
    ("{ home { children(first: 3) { nodes { children(first: 4) { nodes { id } } } } } }", 20),
    ("{ a: articles(first: 10) { nodes { id } } b: articles(first: 5) { nodes { id } } }", 17),
    ("{ ...a ...b } fragment a on Query { site { name } } fragment b on Query { ...a }", 2),
    (
        "{ home { children(first: 2) { ...c } } } "
        "fragment c on PageInterfaceConnection { nodes { parent { id } } }",
        1 + 1 + 2 * (1 + 1),
    ),
    (
        '{ page(path: "/") { ... on ArticlesPage { articles(first: 7) { nodes { id } } } } }',
        1 + 1 + 7,
    ),
    ("{ __schema { types { name } } }", 0),
    ("{ changes(first: 30) { nodes { nodeId } } }", 1 + 30),
    ("{ changes(first: 30) { ...c } } fragment c on ContentChanges { nodes { nodeId } }", 1 + 30),
    ('{ nodes(ids: ["a", "b", "c"]) { id } }', 3),
    ('{ nodes(ids: "abc") { id } }', 1),
]


@pytest.mark.parametrize(("text", "cost"), COSTS)
def test_cost_multiplies_through_lists(client, text, cost):
    factories.home_page()

    answer = post(client, {"query": text}).json()

    limit = settings.GRAPHQL_LIMITS["cost"]
    assert answer["extensions"] == {"cost": {"requested": cost, "limit": limit}}


@pytest.mark.parametrize(("given", "cost"), [({}, 8), ({"n": 2}, 3), ({"n": None}, 21)])
def test_cost_follows_variables(client, given, cost):
    text = "query ($n: Int = 7) { articles(first: $n) { nodes { id } } }"

    answer = post(client, {"query": text, "variables": given}).json()

    assert answer["extensions"]["cost"]["requested"] == cost


def test_bytes_of_names_are_counted_to_the_last(client, settings):
    settings.GRAPHQL_LIMITS = settings.GRAPHQL_LIMITS | {"bytes": 50_000}
    long = "x" * 1_000
    beneath = f"fragment beneath on ArticlePage {{ {long}: title }}"

    answer = post(
        client, {"query": f"{{ a: articles(first: 60) {{ nodes {{ id ...beneath }} }} }} {beneath}"}
    ).json()

    names = len('"a":,') + len('"nodes":,') + 60 * (len('"id":,') + len(f'"{long}":,'))
    assert answer["errors"][0]["extensions"]["requested"] == names


def test_an_answer_with_errors_tells_its_cost_too(client):
    response = post(client, {"query": "{ articles(first: 101) { totalCount } site { name } }"})

    assert (response.status_code, codes(response)) == (294, {"BAD_USER_INPUT"})
    assert response.json()["extensions"]["cost"]["requested"] == 2


# Questions about the schema

ASKING = "{ __schema { queryType { name } } }"
NAMING_A_TYPE = '{ __type(name: "Query") { name fields { name } } }'


@pytest.mark.parametrize(
    ("key", "sent", "told"),
    [
        ("", {}, False),
        ("", {"x-introspection-key": ""}, False),
        ("open sesame", {}, False),
        ("open sesame", {"x-introspection-key": ""}, False),
        ("open sesame", {"x-introspection-key": "open"}, False),
        ("open sesame", {"x-introspection-key": "open sesame é"}, False),
        ("open sesame", {"x-introspection-key": "open sesame"}, True),
    ],
)
def test_closed_introspection_opens_with_the_key_alone(client, settings, key, sent, told):
    settings.GRAPHQL_INTROSPECTION = False
    settings.GRAPHQL_INTROSPECTION_KEY = key

    response = post(client, {"query": ASKING}, **sent)
    of_a_type = post(client, {"query": NAMING_A_TYPE}, **sent)

    assert codes(response) == (set() if told else {"NO_INTROSPECTION"})
    assert ("data" in response.json()) == told
    assert (of_a_type.status_code, codes(of_a_type)) == (200, set())
    assert bool(of_a_type.json()["data"]["__type"]) == told


def test_closed_introspection_answers_a_type_as_one_that_is_not_there(client, settings):
    settings.GRAPHQL_INTROSPECTION = False

    known, unknown = (
        post(client, {"query": f'{{ a: __type(name: "{name}") {{ kind }} __typename }}'}).json()
        for name in ("ArticlePage", "Nothing")
    )

    assert known == unknown
    assert known["data"] == {"a": None, "__typename": "Query"}


def test_closed_introspection_does_not_open_for_who_comes_after_the_key(client, settings):
    settings.GRAPHQL_INTROSPECTION = False
    settings.GRAPHQL_INTROSPECTION_KEY = "open sesame"

    for text in (ASKING, NAMING_A_TYPE):
        post(client, {"query": text}, **{"x-introspection-key": "open sesame"})
    response = post(client, {"query": ASKING})
    of_a_type = post(client, {"query": NAMING_A_TYPE})

    assert codes(response) == {"NO_INTROSPECTION"}
    assert of_a_type.json()["data"] == {"__type": None}


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{ artikles { totalCount } }"},
        {"query": "{ articles(frist: 1) { totalCount } }"},
        {"query": "{ articles(filter: { kin: [NEWS] }) { totalCount } }"},
        {"query": "{ articles(filter: { kind: [NEW] }) { totalCount } }"},
        {"query": '{ page(path: "/") { ... on ArtikelPage { id } } }'},
        {"query": FILTERING, "variables": {"f": {"kin": ["NEWS"]}}},
        {"query": FILTERING, "variables": {"f": {"kind": ["NEW"]}}},
    ],
)
def test_closed_introspection_suggests_no_names(client, settings, body):
    suggested = post(client, body).content.decode()
    settings.GRAPHQL_INTROSPECTION = False

    refused = post(client, body)

    assert "Did you mean" in suggested
    assert "Did you mean" not in refused.content.decode()
    assert refused.status_code == 422
