"""Which fields are answered: directives, fragments and aliases; and with which arguments."""

from math import nan
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLError,
    GraphQLField,
    GraphQLFloat,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    build_schema,
)
from graphql.pyutils import Undefined

from tests.cms.api.engine.two_executors import agreed

pytestmark = pytest.mark.any_database

LETTERS: Any = build_schema("type Query { a: String b: String deep: Query deeps: [Query] }")
for letter in "ab":
    LETTERS.query_type.fields[letter].resolve = lambda obj, info: info.field_name.upper()
LETTERS.query_type.fields["deep"].resolve = lambda obj, info: {}
LETTERS.query_type.fields["deeps"].resolve = lambda obj, info: [{}, {}]

CARRIERS = {
    "field": "{ a b %s }",
    "spread": "{ a ...it %s } fragment it on Query { b }",
    "inline fragment": "{ a ... on Query %s { b } }",
    "inline fragment without a type": "{ a ... %s { b } }",
    "object": "{ a deep %s { b } }",
    "field beneath a list": "{ deeps { a b %s } }",
}


@pytest.mark.parametrize("include", ["", "@include(if: true)", "@include(if: false)"])
@pytest.mark.parametrize("skip", ["", "@skip(if: true)", "@skip(if: false)"])
@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS)
def test_a_selection_is_answered_if_it_is_included_and_not_skipped(carrier, include, skip):
    result = agreed(LETTERS, carrier % f"{include} {skip}")

    omitted = "false" in include or "true" in skip
    assert ("B" in repr(result.data)) is not omitted


@pytest.mark.parametrize("value", [True, False, None, Undefined])
@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS)
def test_a_directive_that_cannot_be_told_is_an_error_of_what_carries_it(carrier, value):
    """A variable with a default may be null all the same: validation lets that pass."""
    query = f"query ($if: Boolean = true) {carrier % '@include(if: $if)'}"

    result = agreed(LETTERS, query, variables={} if value is Undefined else {"if": value})

    assert bool(result.errors) is (value is None)


@pytest.mark.parametrize(
    "query",
    [
        "{ a a a deep { a } deep { b } }",
        "{ c: a a b: a other: b deep { a: b } }",
        """{ a ...one ...two }
           fragment one on Query { b deep { b deeper: deep { b } } }
           fragment two on Query { c: a deep { c: a deeper: deep { c: a } } }""",
        "{ deeps { ...one } deep { ...one } ...one } fragment one on Query { a deep { a b } }",
        "{ ... { ... on Query { ... { a } } } }",
    ],
)
def test_selections_of_one_field_are_merged_in_the_order_of_the_document(query):
    agreed(LETTERS, query)


@pytest.mark.parametrize(
    "query",
    [
        "{ unknown a }",
        "{ deep }",
        "{ deeps { unknown deep } }",
        "{ a { b } }",
        "{ a ...lost }",
        "{ a ...it ...it } fragment it on Query { b ...it }",
        "{ a ... on Lost { b } }",
        "{ b type: __type { name } }",
        "{ a } type Query { c: String }",
    ],
)
def test_what_validation_would_have_refused_is_executed_without_harm(query):
    agreed(LETTERS, query, valid=False)


@pytest.mark.parametrize(
    "query",
    [
        "{ a: __typename deep { __typename } deeps { it: __typename } }",
        "{ __schema { types { name kind fields { name args { name } } } directives { name } } }",
        '{ deep { __schema { queryType { name } } __type(name: "Query") { name } } }',
        '{ __type(name: "Lost") { name } it: __type(name: "Query") { name kind } }',
    ],
)
def test_the_schema_is_told(query):
    agreed(LETTERS, query)


def refuses(*_):
    raise GraphQLError("This is never right.", extensions={"code": "FAULTY"})


FAULTY = GraphQLScalarType("Faulty", parse_value=refuses, parse_literal=refuses)
REVERSED = GraphQLScalarType("Reversed", parse_value=lambda value: value[::-1])
ENUM = GraphQLEnumType(
    "Enumerated",
    {
        "NULL": None,
        "UNDEFINED": Undefined,
        "NAN": nan,
        "FALSE": False,
        "CUSTOM": "custom value",
        "DEFAULT_VALUE": GraphQLEnumValue(),
    },
)
INPUT: Any = GraphQLInputObjectType(
    "Given",
    lambda: {
        "a": GraphQLInputField(GraphQLString, out_name="a_out"),
        "b": GraphQLInputField(GraphQLList(GraphQLString)),
        "c": GraphQLInputField(GraphQLNonNull(GraphQLString)),
        "d": GraphQLInputField(REVERSED),
        "e": GraphQLInputField(FAULTY),
        "more": GraphQLInputField(INPUT),
    },
)
POINT = GraphQLInputObjectType(
    "Point",
    {"x": GraphQLInputField(GraphQLFloat), "y": GraphQLInputField(GraphQLFloat)},
    out_type=lambda value: f"{value['x']}|{value['y']}",
)


def tells(argument: GraphQLArgument) -> GraphQLField:
    return GraphQLField(
        GraphQLString, args={"it": argument}, resolve=lambda obj, info, **given: repr(given)
    )


STRINGS = GraphQLList(GraphQLString)
ARGUMENTS = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "string": tells(GraphQLArgument(GraphQLString)),
            "mustString": tells(GraphQLArgument(GraphQLNonNull(GraphQLString))),
            "default": tells(GraphQLArgument(GraphQLString, default_value="Hello")),
            "mustDefault": tells(
                GraphQLArgument(GraphQLNonNull(GraphQLString), default_value="Hello")
            ),
            "enum": tells(GraphQLArgument(ENUM)),
            "mustEnum": tells(GraphQLArgument(GraphQLNonNull(ENUM))),
            "object": tells(GraphQLArgument(INPUT, out_name="it_out")),
            "point": tells(GraphQLArgument(POINT)),
            "list": tells(GraphQLArgument(STRINGS)),
            "mustList": tells(GraphQLArgument(GraphQLNonNull(STRINGS))),
            "listOfMust": tells(GraphQLArgument(GraphQLList(GraphQLNonNull(GraphQLString)))),
        },
    )
)


@pytest.mark.parametrize(
    "query",
    [
        "{ string default mustDefault enum object list }",
        '{ string(it: "a") default(it: "b") mustDefault(it: "c") mustString(it: "") }',
        "{ string(it: null) default(it: null) enum(it: null) object(it: null) list(it: null) }",
        "{ null: enum(it: NULL) nan: enum(it: NAN) no: enum(it: FALSE) it: enum(it: CUSTOM) }",
        "{ mustEnum(it: NULL) default: mustEnum(it: DEFAULT_VALUE) }",
        '{ object(it: {a: "foo", b: ["bar"], c: "baz", d: "abc"}) }',
        '{ object(it: {b: "bar", c: "baz", more: {c: "c", b: ["A", null, "C"]}}) }',
        "{ point(it: {x: -3.0, y: 4.5}) }",
        '{ list(it: "one") mustList(it: ["a", null]) listOfMust(it: ["a", "b"]) }',
        "query ($it: String) { string(it: $it) default(it: $it) mustDefault(it: $it) }",
        'query ($it: String = "x") { string(it: $it) mustString(it: $it) default(it: $it) }',
        "query ($it: String = null) { string(it: $it) list(it: [$it]) }",
        'query ($it: String! = "x") { string(it: $it) mustString(it: $it) }',
        "query ($it: String!) { string(it: $it) mustString(it: $it) mustDefault(it: $it) }",
        "query ($it: [String]) { list(it: $it) }",
        "query ($it: [String]!) { mustList(it: $it) list(it: $it) }",
        "query ($it: [String!]) { listOfMust(it: $it) list(it: $it) }",
        "query ($it: [String!]!) { listOfMust(it: $it) mustList(it: $it) }",
        "query ($it: Given) { object(it: $it) }",
        'query ($it: Given = {c: "x", b: "y"}) { object(it: $it) }',
        'query ($it: String) { object(it: {a: $it, b: [$it], c: "x"}) }',
        "query ($it: Enumerated) { enum(it: $it) }",
        "query ($it: Enumerated!) { mustEnum(it: $it) }",
    ],
)
@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"it": None},
        {"it": "text"},
        {"it": "CUSTOM"},
        {"it": ["A"]},
        {"it": ["A", None, "B"]},
        {"it": {"a": "foo", "b": "bar", "c": "baz"}},
        {"it": {"c": "foo", "d": "abc", "more": {"c": "x"}}},
        {"it": {"c": "foo", "e": "abc"}},
        {"it": {"c": None, "extra": "dog", "more": {}}},
        {"it": {"x": 1, "y": 2.5}},
        {"it": 5, "unknown": 1},
    ],
    ids=repr,
)
def test_arguments_are_what_the_document_and_the_variables_say(query, variables):
    agreed(ARGUMENTS, query, variables=variables)


@pytest.mark.parametrize(
    "query",
    [
        "{ mustString }",
        "{ mustString(it: null) }",
        "{ mustString(it: $it) }",
        "{ string(it: $it) default(it: $it) }",
        "{ string(it: 5) default(it: WRONG) }",
        '{ object(it: ["foo", "bar"]) }',
        '{ object(it: {c: "foo", e: "bar"}) }',
        '{ object(it: {a: "no c"}) string }',
        "{ enum(it: LOST) }",
        "query ($it: String) { mustString(it: $it) string }",
        "query ($it: Lost!) { object(it: $it) }",
        "query ($it: Query!) { object(it: $it) }",
    ],
)
@pytest.mark.parametrize("variables", [{}, {"it": None}, {"it": "text"}], ids=repr)
def test_arguments_that_validation_would_have_refused_are_errors_of_their_field(query, variables):
    agreed(ARGUMENTS, query, variables=variables, valid=False)


def test_input_that_cannot_be_made_into_what_a_resolver_wants_is_an_error_of_the_field():
    result = agreed(ARGUMENTS, "{ point(it: {x: 1}) string }")

    assert result.data == {"point": None, "string": "{}"}
    assert isinstance(result.errors[0].original_error, KeyError)
