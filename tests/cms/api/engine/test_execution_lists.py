"""What can be a list, and where null and errors within one lead."""

from collections import UserList, deque
from typing import Any

import pytest
from graphql import build_schema

from tests.cms.api.engine.two_executors import agreed

pytestmark = pytest.mark.any_database

LISTS = build_schema(
    """
    type Query { list: [String] rows: [Row!] nested: [[Int!]!] }
    type Row { name: String! list: [String!]! }
    """
)


class Words:
    """Iterable, and nothing else that a list is."""

    def __iter__(self):
        yield "one"
        yield 2
        yield True


ITERABLES: dict[str, Any] = {
    "list": lambda *_: ["one", 2, True],
    "tuple": lambda *_: ("one", 2, True),
    "set": lambda *_: {"one"},
    "frozenset": lambda *_: frozenset({"one"}),
    "generator": lambda *_: (word for word in Words()),
    "iterator": lambda *_: iter(["one", 2]),
    "own class": lambda *_: Words(),
    "map": lambda *_: map(str, [1, 2]),
    "range": lambda *_: range(3),
    "deque": lambda *_: deque(["one"]),
    "UserList": lambda *_: UserList(["one"]),
    "keys": lambda *_: {"one": 1}.keys(),
    "empty": lambda *_: (),
}
NO_ITERABLES: dict[str, Any] = {
    "text": "Singular",
    "bytes": b"one",
    "bytearray": bytearray(b"one"),
    "dict": {1: "one"},
    "number": 5,
    "zero": 0,
    "object": object(),
    "class": lambda *_: Words,
}


@pytest.mark.parametrize("value", ITERABLES.values(), ids=ITERABLES)
def test_whatever_can_be_iterated_is_a_list(value):
    result = agreed(LISTS, "{ list }", root_value={"list": value})

    assert result.errors is None
    assert isinstance(result.data["list"], list)


@pytest.mark.parametrize("value", NO_ITERABLES.values(), ids=NO_ITERABLES)
def test_texts_mappings_and_single_values_are_no_list(value):
    result = agreed(LISTS, "{ list }", root_value={"list": value})

    assert result.data == {"list": None}
    assert result.errors[0].message == (
        "Expected Iterable, but did not find one for field 'Query.list'."
    )


CONTENTS: dict[str, Any] = {
    "values": [1, 2],
    "null within": [1, None, 2],
    "null": None,
    "error within": [1, RuntimeError("bad"), 2],
    "errors within": [1, RuntimeError("bad"), RuntimeError("worse")],
    "error": RuntimeError("bad"),
    "wrong within": [1, "two", 3],
    "empty": [],
}


@pytest.mark.parametrize("contents", CONTENTS.values(), ids=CONTENTS)
@pytest.mark.parametrize("list_type", ["[Int]", "[Int]!", "[Int!]", "[Int!]!"])
def test_null_and_errors_within_a_list_null_the_nearest_place_that_allows_it(list_type, contents):
    schema = build_schema(f"type Query {{ list: {list_type} }}")

    agreed(schema, "{ list }", root_value={"list": contents})


BAD: dict[str, Any] = {"null": None, "error": ValueError("bad"), "text": "text"}


@pytest.mark.parametrize("inner", ["[Int]", "[Int]!", "[Int!]", "[Int!]!"])
@pytest.mark.parametrize("outer", ["[{}]", "[{}]!", "[{}!]", "[{}!]!"])
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_lists_of_lists_follow_the_same_rules(outer, inner, bad):
    schema = build_schema(f"type Query {{ nested: {outer.format(inner).replace('!!', '!')} }}")

    agreed(schema, "{ nested }", root_value={"nested": [[1], (2, bad, 4), (5,)]})
    agreed(schema, "{ nested }", root_value={"nested": [[1], bad, (5,)]})
    agreed(schema, "{ nested }", root_value={"nested": bad})


def test_a_list_that_fails_while_it_is_iterated_is_an_error_of_the_field():
    def rows(*_):
        yield {"name": "Ada", "list": []}
        raise ValueError("The rest is missing.")

    result = agreed(LISTS, "{ rows { name } list }", root_value={"rows": rows, "list": ["a"]})

    assert result.data == {"rows": None, "list": ["a"]}
    assert [error.path for error in result.errors] == [["rows"]]


def test_errors_within_the_items_of_a_list_are_told_at_their_place():
    rows = [
        {"name": "Ada", "list": ["a", "b"]},
        {"name": "Ben", "list": lambda info: iter(["a", ValueError("bad")])},
    ]

    result = agreed(LISTS, "{ rows { name list } }", root_value={"rows": rows})

    assert result.data == {"rows": None}
    assert [error.path for error in result.errors] == [["rows", 1, "list", 1]]
