"""Documents made to hurt: each is refused before anything runs, cheaply, and with a code."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from graphql import get_introspection_query

from cms.api import operations
from cms.api.documents import read_document
from cms.api.limits import Limits
from tests import factories

pytestmark = pytest.mark.django_db

GRAPHQL_RESPONSE = "application/graphql-response+json"
OPERATIONS = sorted((Path(settings.FRONTEND_CONTRACT) / "operations").glob("*.graphql"))
DOCUMENTED_CODES = set(
    re.findall(
        r"^\| `([A-Z_]+)`", (settings.BASE_DIR / "docs/frontend.md").read_text(), re.MULTILINE
    )
)
PYTHON_OR_SQL = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|object at 0x|SELECT |sqlite|psycopg|django|graphene"
    r"|[A-Z][a-z]+(Error|Exception)\b|set_int_max_str_digits|recursion|/srv/|/usr/|/home/",
    re.IGNORECASE,
)


def post(client: Client, body: Any, **headers: str) -> Any:
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = {"accept": GRAPHQL_RESPONSE, **headers}
    return client.post("/graphql", data, content_type="application/json", headers=headers)


def codes(response: Any) -> set[str]:
    return {error["extensions"]["code"] for error in response.json().get("errors", [])}


# What is refused

PARSE, VALIDATE = (400, "GRAPHQL_PARSE_FAILED"), (422, "GRAPHQL_VALIDATION_FAILED")
LIMIT, VARIABLES = (422, "LIMIT_EXCEEDED"), (422, "BAD_VARIABLES")
JSON, SIZE = (400, "BAD_REQUEST"), (413, "REQUEST_TOO_LARGE")


def joined(part: Callable[[int], str], count: int) -> str:
    return " ".join(part(number) for number in range(count))


def fragments_within_fragments(body: Callable[[int], str], count: int, *, on: str, end: str) -> str:
    """``count`` fragments, of which each spreads the next one as ``body`` says."""
    chain = joined(lambda n: f"fragment f{n} on {on} {{ {body(n + 1)} }}", count)
    return f"{chain} fragment f{count} on {on} {{ {end} }}"


def nested(opening: str, middle: str, closing: str, depth: int) -> str:
    return opening * depth + middle + closing * depth


ALL_TO_ALL = joined(
    lambda n: f"fragment f{n} on Query {{ {joined(lambda other: f'...f{other}', 30)} }}", 30
)
INTROSPECTION = "types { fields { name type { name fields { name type { name } } } } }"

DOCUMENTS: dict[str, tuple[str, tuple[int, str]]] = {
    # Fragments
    "fragments that double forty times": (
        "{ ...f0 } "
        + fragments_within_fragments(
            lambda n: f"...f{n} ...f{n}", 40, on="Query", end="__typename"
        ),
        LIMIT,
    ),
    "fragments that double in depth": (
        "{ home { ...f0 } } "
        + fragments_within_fragments(
            lambda n: f"parent {{ ...f{n} }} ancestors {{ ...f{n} }}",
            14,
            on="PageInterface",
            end="id",
        ),
        LIMIT,
    ),
    "fragments that all spread all later ones": (
        "{ ...f0 } "
        + joined(
            lambda n: (
                f"fragment f{n} on Query {{ __typename "
                + " ".join(f"...f{later}" for later in range(n + 1, 40))
                + " }"
            ),
            40,
        ),
        LIMIT,
    ),
    "fragments that all spread all": ("{ ...f0 } " + ALL_TO_ALL, VALIDATE),
    "a fragment within itself": ("{ ...a } fragment a on Query { ...a }", VALIDATE),
    "a fragment within itself, deeper": (
        "{ home { ...a } } fragment a on PageInterface { parent { ...a } }",
        VALIDATE,
    ),
    "fragments in a circle nobody asks for": (
        "{ __typename } fragment a on Query { ...b } fragment b on Query { ...a }",
        VALIDATE,
    ),
    "a hundred fragments": (
        "{ __typename } " + joined(lambda n: f"fragment f{n} on Query {{ __typename }}", 100),
        LIMIT,
    ),
    "a hundred fragments of one name": (
        "{ __typename } " + joined(lambda n: "fragment f on Query { __typename }", 100),
        LIMIT,
    ),
    "fragments that only nest": (
        "{ ...f0 } "
        + joined(
            lambda n: f"fragment f{n} on Query {{ {nested('... {', f'...f{n + 1}', '}', 180)} }}",
            3,
        )
        + "fragment f3 on Query { __typename }",
        LIMIT,
    ),
    "an unknown fragment": ("{ ...nobody }", VALIDATE),
    # Many of a kind
    "ten thousand aliases": ("{" + joined(lambda n: f"a{n}:__typename", 10_000) + "}", SIZE),
    "six hundred aliases": ("{" + joined(lambda n: f"a{n}:__typename", 600) + "}", LIMIT),
    "two thousand times a field": ("{" + joined(lambda n: "__typename", 2_000) + "}", LIMIT),
    "nine hundred times a field": ("{" + joined(lambda n: "__typename", 900) + "}", LIMIT),
    "a field again and again within fragments": (
        "{" + joined(lambda n: "... { __typename }", 450) + "}",
        LIMIT,
    ),
    "fields to merge through many levels": (
        "{" + joined(lambda n: "home {" + nested("parent {", "id", "}", 12) + "}", 45) + "}",
        LIMIT,
    ),
    "fields that conflict in many pairs": (
        "{" + joined(lambda n: f'... {{ page(path: "/{n}") {{ id }} }}', 120) + "}",
        LIMIT,
    ),
    "three hundred operations": (joined(lambda n: f"query q{n} {{ __typename }}", 300), LIMIT),
    "hundreds of directives": (
        "{ __typename " + joined(lambda n: "@include(if: true)", 200) + "}",
        LIMIT,
    ),
    "hundreds of unknown directives": ("{ __typename " + "@x " * 600 + "}", LIMIT),
    "hundreds of directives on an operation": ("query " + "@x " * 600 + "{ __typename }", LIMIT),
    "hundreds of directives on a variable": (
        "query ($a: Int " + "@x " * 600 + ") { __typename }",
        VALIDATE,
    ),
    "hundreds of variables": (
        "query (" + joined(lambda n: f"$v{n}: Int", 450) + ") { __typename }",
        VALIDATE,
    ),
    "hundreds of unknown fields": ("{" + joined(lambda n: f"artikels{n}", 900) + "}", VALIDATE),
    "hundreds of arguments": (
        "{ articles(" + "first: 1 " * 600 + ") { totalCount } }",
        VALIDATE,
    ),
    "hundreds of wrong values": (
        "{ articles(filter: { kind: [" + "NOPE " * 1_900 + "] }) { totalCount } }",
        VALIDATE,
    ),
    "fifty thousand comments": ("{ __typename }" + "#\n" * 48_000, SIZE),
    "twenty thousand comments": ("{ __typename }" + "#\n" * 20_000, LIMIT),
    "megabytes of white space": ("{ __typename }" + " " * 3_000_000, SIZE),
    # Deep
    "three thousand levels": ("{" + nested("parent {", "id", "}", 3_000) + "}", PARSE),
    "a hundred levels": ("{ home {" + nested("parent {", "id", "}", 100) + "} }", LIMIT),
    "three thousand levels of fragments": (nested("{ ...", "{ id }", "}", 3_000), PARSE),
    "lists in lists": ("{ articles(first: " + nested("[", "1", "]", 3_000) + ") { id } }", PARSE),
    "lists in lists, fewer": (
        "{ articles(first: " + nested("[", "1", "]", 100) + ") { id } }",
        VALIDATE,
    ),
    "objects in objects": (
        "{ articles(filter: " + nested("{ a: ", "1", "}", 900) + ") { id } }",
        PARSE,
    ),
    "a variable's type": ("query ($a: " + nested("[", "Int", "]", 900) + ") { id }", PARSE),
    "a variable's type, less deep": (
        "query ($a: " + nested("[", "Int", "]", 150) + ") { articles(first: $a) { totalCount } }",
        VALIDATE,
    ),
    # Large answers
    "too many levels of lists": (
        "{ home { children(first: 100) { nodes { children(first: 100) { nodes { id } } } } } }",
        LIMIT,
    ),
    "more items than there are integers": (
        "{ articles(first: 2147483647) { nodes { id } } }",
        LIMIT,
    ),
    "an integer that is too large": ("{ articles(first: 2147483648) { totalCount } }", VALIDATE),
    "ten to the thirtieth": (f"{{ articles(first: {10**30}) {{ totalCount }} }}", VALIDATE),
    "ninety thousand digits": (
        "{ articles(first: " + "9" * 90_000 + ") { totalCount } }",
        VALIDATE,
    ),
    "a fraction of an item": ("{ articles(first: 1.5) { totalCount } }", VALIDATE),
    "an infinity of items": ("{ articles(first: 1e999) { totalCount } }", VALIDATE),
    # Introspection
    "introspection that goes in circles": (
        "{ __schema {" + nested("types { fields { type {", "name", "} } }", 4) + "} }",
        VALIDATE,
    ),
    "the whole schema eight times": (
        "{" + joined(lambda n: f"s{n}: __schema {{ {INTROSPECTION} }}", 8) + "}",
        LIMIT,
    ),
    "all types eight times": (
        "{ __schema {" + joined(lambda n: f"t{n}: {INTROSPECTION}", 8) + "} }",
        LIMIT,
    ),
    # Characters
    "a string of ninety thousand characters": (
        '{ articles(first: "' + "x" * 90_000 + '") { totalCount } }',
        VALIDATE,
    ),
    "a string of escapes": (
        '{ articles(first: "' + "\\u0041" * 8_000 + '") { totalCount } }',
        VALIDATE,
    ),
    "a block string of many lines": (
        '{ articles(first: """' + " x\n" * 20_000 + '""") { totalCount } }',
        VALIDATE,
    ),
    "a name of ninety thousand characters": ("{" + "x" * 90_000 + "}", VALIDATE),
    "an operation's long name in every error": (
        f"query {'x' * 50_000} {{ articles("
        + joined(lambda n: f"first: $v{n}", 50)
        + ") { totalCount } }",
        VALIDATE,
    ),
    "words of an error message": (
        '{ articles(first: "' + " Did you mean " * 7_000 + '") { totalCount } }',
        VALIDATE,
    ),
    "an endless string": ('{ page(path: "' + "x" * 90_000, PARSE),
    "an endless block string": ('{ page(path: """' + "x" * 90_000, PARSE),
    "an escape that is no character": ('{ page(path: "\\u{110000}") { id } }', PARSE),
    "a very long escape": ('{ page(path: "\\u{' + "0" * 90_000 + '}") { id } }', PARSE),
    "half of an escaped pair": ('{ page(path: "\\ud83d\\ud83d") { id } }', PARSE),
    "a NUL between words": ("{ __typename\0 }", PARSE),
    "nothing but brackets": ("{" * 2_500, PARSE),
    "nothing but dollars": ("$" * 90_000, PARSE),
    "a byte order mark in the middle": ("{ __type\ufeffname \0 }", PARSE),
    # Directives that cannot be
    "@include without its condition": ("{ __typename @include }", VALIDATE),
    "@include with an unknown variable": ("{ __typename @include(if: $no) }", VALIDATE),
    "@include with a missing variable": (
        "query ($a: Boolean!) { __typename @include(if: $a) }",
        VARIABLES,
    ),
}

COUNTING = "query ($n: Int) { articles(first: $n) { nodes { id } } }"
FILTERING = "query ($f: ArticleFilter) { articles(filter: $f) { totalCount } }"


def with_json(query: str, variables: str) -> str:
    return f'{{"query": {json.dumps(query)}, "variables": {variables}}}'


BODIES: dict[str, tuple[str | bytes, tuple[int, str]]] = {
    "first: 2^31 - 1": (with_json(COUNTING, f'{{"n": {2**31 - 1}}}'), LIMIT),
    "first: 2^31": (with_json(COUNTING, f'{{"n": {2**31}}}'), VARIABLES),
    "first: 10^30": (with_json(COUNTING, f'{{"n": {10**30}}}'), VARIABLES),
    "first: infinity": (with_json(COUNTING, '{"n": 1e999}'), VARIABLES),
    "first: a fraction": (with_json(COUNTING, '{"n": 1.5}'), VARIABLES),
    "first: a string": (with_json(COUNTING, '{"n": "5"}'), VARIABLES),
    "first: true": (with_json(COUNTING, '{"n": true}'), VARIABLES),
    "first: a deep list": (
        with_json(COUNTING, f'{{"n": {nested("[", "1", "]", 500)}}}'),
        VARIABLES,
    ),
    "first: five thousand digits": (with_json(COUNTING, f'{{"n": {"9" * 5_000}}}'), JSON),
    "first: not a number": (with_json(COUNTING, '{"n": NaN}'), JSON),
    "a deep object": (
        with_json(FILTERING, '{"f": ' + nested('{"kind": ', "1", "}", 300) + "}"),
        VARIABLES,
    ),
    "thousands of unknown keys": (
        with_json(FILTERING, json.dumps({"f": {f"x{n}": 1 for n in range(5_000)}})),
        VARIABLES,
    ),
    "thousands of wrong values": (
        with_json(FILTERING, json.dumps({"f": {"kind": ["NOPE"] * 9_000}})),
        VARIABLES,
    ),
    "a long wrong value": (
        with_json(FILTERING, json.dumps({"f": {"publishedFrom": "x" * 90_000}})),
        VARIABLES,
    ),
    "deep JSON": (with_json("{ __typename }", nested("[", "", "]", 40_000)), JSON),
    "a lone surrogate": ('{"query": "{ page(path: \\"\\ud800\\") { id } }"}', JSON),
    "a byte order mark before JSON": (b'\xef\xbb\xbf{"query": "{ __typename }"}', JSON),
    "UTF-16": ('{"query": "{ __typename }"}'.encode("utf-16"), JSON),
    "a NUL in JSON": (b'{"query": "{ __typename }"\0}', JSON),
}

HOSTILE: dict[str, tuple[Any, tuple[int, str]]] = {
    **{name: ({"query": text}, expected) for name, (text, expected) in DOCUMENTS.items()},
    **BODIES,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_is_refused_before_anything_runs(client, settings, name):
    body, (status, code) = HOSTILE[name]

    for settings.GRAPHQL_INTROSPECTION in (True, False):
        with CaptureQueriesContext(connection) as captured:
            response = post(client, body)

        answer = response.json()
        assert response.status_code == status
        if settings.GRAPHQL_INTROSPECTION or "__schema" not in str(body):
            assert codes(response) == {code}
        assert codes(response) <= DOCUMENTED_CODES
        assert "data" not in answer
        assert all(error["message"] for error in answer["errors"])
        assert not PYTHON_OR_SQL.search(response.content.decode())
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
    "a list of two thousand values": {
        "query": "{ articles(filter: { kind: [" + "NEWS " * 1_900 + "] }) { totalCount } }"
    },
    "introspection": {"query": get_introspection_query()},
}


@pytest.mark.parametrize("name", HARMLESS)
def test_odd_documents_are_answered(client, name):
    response = post(client, HARMLESS[name])

    assert codes(response) <= {"BAD_ARGUMENT"}
    assert response.json()["data"]


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
    (
        "directives",
        3,
        "{ site { name @skip(if: true) @include(if: true) } ... @skip(if: true) { __typename } }",
    ),
    ("fragments", 2, "{ ...a } fragment a on Query { ...b } fragment b on Query { __typename }"),
    ("fields", 5, "{ site { name url } ...a } fragment a on Query { site { name } }"),
    ("cost", 4, "{ articles(first: 3) { nodes { id } } }"),
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

    document = read_document(file.read_text(), half, introspection=False)

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


def test_an_answer_with_errors_tells_its_cost_too(client):
    response = post(client, {"query": "{ articles(first: 101) { totalCount } site { name } }"})

    assert (response.status_code, codes(response)) == (294, {"BAD_ARGUMENT"})
    assert response.json()["extensions"]["cost"]["requested"] == 2


# Questions about the schema

ASKING = ["{ __schema { queryType { name } } }", '{ __type(name: "Query") { name } }']


@pytest.mark.parametrize("text", ASKING)
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
def test_closed_introspection_opens_with_the_key_alone(client, settings, key, sent, told, text):
    settings.GRAPHQL_INTROSPECTION = False
    settings.GRAPHQL_INTROSPECTION_KEY = key

    response = post(client, {"query": text}, **sent)

    assert codes(response) == (set() if told else {"NO_INTROSPECTION"})
    assert ("data" in response.json()) == told


def test_closed_introspection_does_not_open_for_who_comes_after_the_key(client, settings):
    settings.GRAPHQL_INTROSPECTION = False
    settings.GRAPHQL_INTROSPECTION_KEY = "open sesame"

    post(client, {"query": ASKING[0]}, **{"x-introspection-key": "open sesame"})
    response = post(client, {"query": ASKING[0]})

    assert codes(response) == {"NO_INTROSPECTION"}


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
