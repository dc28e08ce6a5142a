"""Where null was promised not to stand: what an error takes with it."""

from typing import Any

import pytest
from graphql import GraphQLError, build_schema

from tests.cms.api.engine.two_executors import agreed, both, nulls_of_errors, ours

pytestmark = pytest.mark.any_database

SCHEMA = build_schema(
    """
    type Query { text: String must_text: String! nest: Nest must_nest: Nest! nests: [Nest!] }
    type Nest { text: String must_text: String! nest: Nest must_nest: Nest! nests: [Nest!] }
    """
)


class Nulls:
    def text(self, info):
        return None

    must_text = text

    def nest(self, info):
        return type(self)()

    must_nest = nest

    def nests(self, info):
        return [type(self)(), type(self)()]


class Errors(Nulls):
    def text(self, info):
        raise RuntimeError(info.field_name)

    must_text = text


def gap(around, field):
    return GraphQLError(f"No {field}")


CHAIN = "must_nest { must_nest { again: must_nest { must_nest { must_text } } } }"
QUERIES = [
    "{ text }",
    "{ must_text }",
    "{ nest { must_text } }",
    "{ nest { text must_text } text }",
    "{ must_nest { must_text } }",
    f"{{ nest {{ {CHAIN} }} other: nest {{ {CHAIN} }} text }}",
    f"{{ {CHAIN} }}",
    """{
      nest { text nest { text other: text } more: nest { text } }
      other: nest { text nest { text } more: nest { text } }
    }""",
    "{ nests { must_text } nest { text } }",
    "{ nests { text } }",
    "{ nest { must_nest { must_text } nest { must_text } } }",
    "{ must_nest { must_text } nest { must_text } }",
    "{ nests { nests { must_nest { must_text } } text } }",
]


@pytest.mark.parametrize("values", [Nulls(), Errors()], ids=["null", "error"])
@pytest.mark.parametrize("query", QUERIES)
def test_what_was_promised_nulls_the_nearest_place_that_allows_it(query, values):
    agreed(SCHEMA, query, root_value=values)


def test_of_promises_broken_in_one_place_one_is_told():
    result = agreed(SCHEMA, "{ nest { must_text again: must_text } }", root_value=Errors())

    assert [error.path for error in result.errors] == [["nest", "must_text"]]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("{ nest { must_nest { must_text } must_text } }", ["nest", "must_text"]),
        ("{ nest { nest { text } must_text } }", ["nest", "must_text"]),
    ],
    ids=["another promise", "an error beneath"],
)
def test_the_broken_promise_nearest_to_the_root_is_told_and_nothing_beneath_it(query, path):
    """The one thing on purpose not as in graphql-core, which tells what it meets depth first."""
    mine, theirs = both(SCHEMA, query, root_value=Errors())

    assert mine.data == theirs.data
    assert nulls_of_errors(mine) == nulls_of_errors(theirs)
    assert [error.path for error in mine.errors or []] == [path]
    assert [error.path for error in theirs.errors or []] != [path]


@pytest.mark.parametrize("values", [Nulls(), Errors()], ids=["null", "error"])
def test_an_answer_that_may_have_gaps_has_null_in_their_place_and_no_further_up(values):
    query = "{ must_text must_nest { must_text text } nests { must_text } }"

    result = ours(SCHEMA, query, root_value=values, gap=gap)

    assert result.data == {
        "must_text": None,
        "must_nest": {"must_text": None, "text": None},
        "nests": [{"must_text": None}, {"must_text": None}],
    }
    assert [error.path for error in result.errors or [] if error.path != ["must_nest", "text"]] == [
        ["must_text"],
        ["must_nest", "must_text"],
        ["nests", 0, "must_text"],
        ["nests", 1, "must_text"],
    ]


def test_a_gap_is_told_in_the_words_of_whoever_asks_with_the_objects_around_it():
    query = "{ nests { must_nest { must_text } } }"
    told = []

    def gap(around, field):
        told.append((list(around), field))
        return GraphQLError(f"No {field}")

    result = ours(SCHEMA, query, root_value=(root := Nulls()), gap=gap)

    assert [error.message for error in result.errors or []] == ["No Nest.must_text"] * 2
    around, field = told[0]
    assert field == "Nest.must_text"
    assert [type(each) for each in around] == [Nulls, Nulls, type(None), Nulls]
    assert around[-1] is root


ARGUMENT: Any = build_schema("type Query { given(it: String!): String }")
ARGUMENT.query_type.fields["given"].resolve = lambda obj, info, it: f"Given {it}"


@pytest.mark.parametrize(
    ("query", "variables", "valid"),
    [
        ('{ given(it: "a") }', {}, True),
        ("query ($it: String!) { given(it: $it) }", {"it": "a"}, True),
        ('query ($it: String = "a") { given(it: $it) }', {}, True),
        ('query ($it: String = "a") { given(it: $it) }', {"it": None}, True),
        ("{ given }", {}, False),
        ("{ given(it: null) }", {}, False),
        ("query ($it: String) { given(it: $it) }", {}, False),
        ("{ given(it: $it) }", {}, False),
    ],
)
def test_an_argument_that_must_be_given_is_told_of_where_it_is_missing(query, variables, valid):
    agreed(ARGUMENT, query, variables=variables, valid=valid)
