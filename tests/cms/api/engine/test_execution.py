"""Our executor and graphql-core's have to agree: same data, same errors, at the same paths."""

from typing import Any

import pytest
from graphql import build_schema
from hypothesis import given
from hypothesis_graphql import queries

from cms.api.engine.deferred import Loader
from tests.cms.api.engine.two_executors import agreed, both, nulls_of_errors, ours
from tests.drawing import drawn

pytestmark = pytest.mark.any_database

SCHEMA: Any = build_schema(
    """
    interface Named { name: String! }
    type Cat implements Named { name: String! lives: Int }
    type Dog implements Named { name: String! barks: Boolean! friend: Named owner: Person! }
    type Person { name: String! pets(first: Int = 2, kind: Kind): [Named]! best: Pet shy: String! }
    union Pet = Cat | Dog
    enum Kind { CAT DOG }
    type Query {
      person: Person
      people: [Person!]
      perhaps: [[Int!]]
      strict: [Int!]!
      broken: String
      brokenStrict: Person!
      echo(text: String!, times: Int): String
      nothing: Person
      notAList: [Int]
      badEnum: Kind
    }
    """
)


class Row(dict):
    """A dict whose values may be functions, as graphql-core's default resolver allows."""


def boom(*_):
    raise ValueError("boom")


def cat(name):
    return Row(kind="Cat", name=name, lives=9)


def person(name, **more):
    tom, rex = cat("Tom"), Row(kind="Dog", name="Rex", barks=True)
    rex["owner"] = lambda *_: person("Owner")
    rex["friend"] = tom
    fields = {"name": name, "pets": [tom, None, rex], "best": rex, "shy": "shy"}
    return Row({**fields, **more})


VALUES: dict[str, Any] = {
    "person": person("Ada"),
    "people": [person("Ada"), person("Ben", shy=boom), person("Cy")],
    "perhaps": [[1, 2], None, [3, None]],
    "strict": [1, "two", 3],
    "broken": boom,
    "brokenStrict": boom,
    "nothing": None,
    "notAList": 5,
    "badEnum": "BIRD",
}


def resolve(obj, info, **arguments):
    if info.field_name == "echo":
        # Drawn queries ask for billions of times.
        return arguments["text"] * min(arguments.get("times") or 1, 3)
    source: dict[str, Any] = VALUES if obj is None else obj
    value: Any = source.get(info.field_name)
    if callable(value):
        value = value()
    if info.field_name == "pets":
        return value[: arguments["first"]]
    return value


for type_name in ("Query", "Person", "Dog", "Cat"):
    for field in SCHEMA.type_map[type_name].fields.values():
        field.resolve = resolve
for type_name in ("Named", "Pet"):
    SCHEMA.type_map[type_name].resolve_type = lambda value, info, abstract_type: value["kind"]

QUERIES = [
    "{ person { name __typename } }",
    "{ __typename a: person { name } b: person { alias: name } nothing { name } }",
    "{ people { name shy } }",
    "{ people { name } person { best { ... on Dog { name barks owner { name } } } } }",
    "{ person { pets { __typename name ... on Cat { lives } ... on Dog { barks } } } }",
    "{ person { pets(first: 3) { ...n } } } fragment n on Named { name ... on Dog { barks } }",
    "{ perhaps }",
    "{ strict }",
    "{ broken person { name } }",
    "{ brokenStrict { name } person { name } }",
    "{ notAList badEnum }",
    "{ person { name name ...p ...p } } fragment p on Person { name best { __typename } }",
    "{ person { best { ... on Named { name } ... on Dog { friend { name } } } } }",
    "{ a: person { best { ... on Dog { owner { name } } } } }",
    "query ($n: Int!) { person { pets(first: $n) { name } } }",
    "query ($n: Int = 1) { person { pets(first: $n) { name } } }",
    "query ($t: String!) { echo(text: $t, times: 2) }",
    "query ($yes: Boolean!) { person { name @include(if: $yes) shy @skip(if: $yes) } }",
    "query ($yes: Boolean!) { ... @skip(if: $yes) { person { name } } broken }",
    "query ($k: Kind) { person { pets(kind: $k) { name } } }",
    "{ person { pets(kind: CAT) { name } } }",
    "{ __schema { queryType { name fields { name type { kind ofType { name } } } } } }",
    '{ __type(name: "Dog") { name interfaces { name } possibleTypes { name } } }',
    "{ person { best { ... on Cat { lives } } } }",
    "{ person { ...a } } fragment a on Person { best { ...b } } fragment b on Pet { __typename }",
]
VARIABLES = [
    {},
    {"n": 1, "t": "ab", "yes": True, "k": "DOG"},
    {"n": None, "t": 5, "yes": "no", "k": "BIRD"},
    {"n": 3, "t": "", "yes": False},
]


@pytest.mark.parametrize("variables", VARIABLES)
@pytest.mark.parametrize("query", QUERIES)
def test_answers_what_graphql_core_answers(query, variables):
    agreed(SCHEMA, query, variables=variables)


@drawn(examples=300)
@given(query=queries(SCHEMA))
def test_answers_what_graphql_core_answers_to_any_query(query):
    mine, theirs = both(SCHEMA, query)

    assert repr(mine.data) == repr(theirs.data)
    assert nulls_of_errors(mine) == nulls_of_errors(theirs)


BATCHED: Any = build_schema(
    """
    type Item { id: Int! next: Item items: [Item]! strict: Item! }
    type Query { items: [Item!]! item: Item again: Item }
    """
)


def batched_execution(query, *, missing=(), failing=False):
    """Run a query over a schema whose every edge is deferred; returns the result and the loads."""
    loads = []

    def fetch(keys):
        loads.append(sorted(keys))
        if failing:
            raise ValueError("The database is away.")
        return {key: {"id": key} for key in keys if key not in missing}

    loader = Loader(fetch)
    edges = {
        "items": lambda obj, info: loader.many([1, 2, 3]),
        "item": lambda obj, info: loader.one(2),
        "again": lambda obj, info: loader.one(4).then(lambda item: loader.one(5)),
        "next": lambda obj, info: loader.one(obj["id"] + 10),
        "strict": lambda obj, info: loader.one(obj["id"] + 20),
        "id": lambda obj, info: obj["id"],
    }
    for type_name in ("Query", "Item"):
        for name, field in BATCHED.type_map[type_name].fields.items():
            field.resolve = edges[name]
    return ours(BATCHED, query), loads


def test_what_a_level_needs_is_loaded_at_once():
    result, loads = batched_execution("{ items { id next { id } } item { id next { id } } }")

    assert result.errors is None
    assert [item["next"]["id"] for item in result.data["items"]] == [11, 12, 13]
    assert result.data["item"] == {"id": 2, "next": {"id": 12}}
    assert loads == [[1, 2, 3], [11, 12, 13]]


def test_a_deferred_value_may_need_another():
    result, loads = batched_execution("{ again { id } item { id } }")

    assert result.data == {"again": {"id": 5}, "item": {"id": 2}}
    assert loads == [[2, 4], [5]]


def test_a_missing_item_is_null_and_keeps_its_place():
    result, _ = batched_execution("{ item { items { id } } }", missing={2, 13})

    assert result.data == {"item": None}

    result, _ = batched_execution("{ item { items { id } } }", missing={3})

    assert result.data == {"item": {"items": [{"id": 1}, {"id": 2}, None]}}


def test_a_missing_item_that_was_promised_takes_its_parent_with_it():
    result, _ = batched_execution("{ item { id strict { id } } }", missing={22})

    assert result.data == {"item": None}
    assert [error.path for error in result.errors] == [["item", "strict"]]


def test_a_failed_load_is_an_error_where_it_was_needed():
    result, _ = batched_execution("{ item { id } again { id } }", failing=True)

    assert result.data == {"item": None, "again": None}
    assert [error.path for error in result.errors] == [["item"], ["again"]]
    assert all(isinstance(error.original_error, ValueError) for error in result.errors)
