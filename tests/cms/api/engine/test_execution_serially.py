"""The fields of a mutation's root run one after the other, each with all that is beneath it.

graphql-core's own cases (its ``tests/execution/test_mutations.py``, version 3.2) are among these.
"""

from __future__ import annotations

from typing import Any

import pytest
from graphql import ExecutionResult, build_schema, execute_sync, parse

from cms.api.engine.deferred import Deferred, Loader
from tests.cms.api.engine.two_executors import ours, told

pytestmark = pytest.mark.any_database

SCHEMA: Any = build_schema(
    """
    type Holder { number: Int! broken: Int brokenStrictly: Int! parts: [Holder!]! }
    type Query { number: Int }
    type Mutation {
      change(to: Int!): Holder
      changeStrictly(to: Int!): Holder!
      failing(to: Int!): Holder
      failingStrictly(to: Int!): Holder!
    }
    """
)


class Root:
    """What mutations change, and which of them were run."""

    def __init__(self) -> None:
        self.number = 6
        self.ran: list[str] = []

    def change(self, info, to: int) -> Holder:
        self.ran.append(f"change to {to}")
        self.number = to
        return Holder(self)

    changeStrictly = change  # noqa: N815

    def failing(self, info, to: int) -> Holder:
        self.ran.append(f"fail at {to}")
        raise ValueError(f"Cannot be {to}")

    failingStrictly = failing  # noqa: N815


class Holder:
    def __init__(self, root: Root) -> None:
        self.root = root

    def number(self, info) -> int:
        return self.root.number

    def broken(self, info) -> int:
        raise ValueError("Broken")

    brokenStrictly = broken  # noqa: N815

    def parts(self, info) -> list[Holder]:
        return [self, self]


def agreed(query: str) -> tuple[ExecutionResult, list[str]]:
    """What both executors answer, and which mutations both have run, in their order."""
    my_root, their_root = Root(), Root()
    theirs = execute_sync(SCHEMA, parse(query), root_value=their_root)
    mine = ours(SCHEMA, query, root_value=my_root)
    assert repr(mine.data) == repr(theirs.data)
    assert told(mine) == told(theirs)
    assert my_root.ran == their_root.ran
    return mine, my_root.ran


def test_mutations_run_one_after_the_other():
    result, ran = agreed(
        """mutation {
          first: change(to: 1) { number parts { number parts { number } } }
          second: changeStrictly(to: 2) { number }
          third: change(to: 3) { parts { number } number }
        }"""
    )

    assert ran == ["change to 1", "change to 2", "change to 3"]
    assert result.data == {
        "first": {
            "number": 1,
            "parts": 2 * [{"number": 1, "parts": 2 * [{"number": 1}]}],
        },
        "second": {"number": 2},
        "third": {"parts": 2 * [{"number": 3}], "number": 3},
    }


def test_those_after_one_that_failed_run_as_well():
    result, ran = agreed(
        """mutation {
          first: change(to: 1) { number }
          second: failing(to: 2) { number }
          third: change(to: 3) { number broken }
          fourth: change(to: 4) { brokenStrictly }
          fifth: change(to: 5) { number }
        }"""
    )

    assert ran == ["change to 1", "fail at 2", "change to 3", "change to 4", "change to 5"]
    assert result.data == {
        "first": {"number": 1},
        "second": None,
        "third": {"number": 3, "broken": None},
        "fourth": None,
        "fifth": {"number": 5},
    }


@pytest.mark.parametrize(
    "fails", ["failingStrictly(to: 2) { number }", "changeStrictly(to: 2) { brokenStrictly }"]
)
def test_none_runs_once_there_is_no_answer(fails):
    result, ran = agreed(
        f"mutation {{ a: change(to: 1) {{ number }} {fails} c: change(to: 3) {{ number }} }}"
    )

    assert len(ran) == 2
    assert result.data is None


def test_a_field_that_is_selected_twice_runs_once():
    result, ran = agreed(
        """mutation {
          change(to: 1) { number }
          ...more
        }
        fragment more on Mutation { change(to: 1) { parts { number } } __typename }"""
    )

    assert ran == ["change to 1"]
    assert result.data == {
        "change": {"number": 1, "parts": 2 * [{"number": 1}]},
        "__typename": "Mutation",
    }


def test_what_is_left_out_does_not_run():
    _, ran = agreed(
        "mutation { a: change(to: 1) @skip(if: true) { number } change(to: 2) { number } }"
    )

    assert ran == ["change to 2"]


def test_illegal_fields_are_not_in_the_answer():
    result, ran = agreed("mutation { thisIsIllegal }")

    assert (result.data, result.errors, ran) == ({}, None, [])


def test_what_one_has_to_load_is_loaded_before_the_next_runs():
    order: list[str] = []

    class Loading:
        def change(self, info, to: int) -> Deferred:
            def fetch(keys: list) -> dict:
                order.append(f"load {keys}")
                return {to: {"number": to}}

            order.append(f"change to {to}")
            return Loader(fetch).one(to)

    result = ours(
        SCHEMA,
        "mutation { a: change(to: 1) { number } b: change(to: 2) { number } }",
        root_value=Loading(),
    )

    assert order == ["change to 1", "load [1]", "change to 2", "load [2]"]
    assert result.data == {"a": {"number": 1}, "b": {"number": 2}}
