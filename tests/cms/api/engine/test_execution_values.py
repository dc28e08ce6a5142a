"""How a field without a resolver gets its value, what is a leaf, and what becomes of errors."""

import math
from collections import ChainMap, OrderedDict
from enum import Enum
from types import MappingProxyType
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLSchema, build_schema, parse
from graphql.pyutils import Undefined

from cms.api.engine.deferred import Loader
from tests.cms.api.engine.two_executors import agreed, ours

pytestmark = pytest.mark.any_database

VALUES = build_schema("type Query { value(plus: Int): Int thing: Thing } type Thing { value: Int }")


class Attribute:
    value = 1


class Method:
    base = 2

    def value(self, info, plus=0):
        return self.base + plus + (info.context or 0)


class Property:
    @property
    def value(self):
        return 3


class FailingProperty:
    @property
    def value(self):
        raise ValueError("No value.")


class Slots:
    __slots__ = ("value",)


SOURCES: dict[str, Any] = {
    "attribute": Attribute(),
    "class": Attribute,
    "method": Method(),
    "property": Property(),
    "failing property": FailingProperty(),
    "missing attribute": Slots(),
    "nothing of the kind": 5,
    "dict": {"value": 1},
    "dict without it": {"other": 1},
    "OrderedDict": OrderedDict(value=1),
    "ChainMap": ChainMap({"value": 1}),
    "MappingProxyType": MappingProxyType({"value": 1}),
    "function in a dict": {"value": lambda info, plus=0: 4 + plus},
    "function that returns one": {"value": lambda info: lambda: 5},
    "function that wants more": {"value": lambda: 6},
    "attribute of a dict": type("Row", (dict,), {"value": 7})(),
    "none": None,
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_field_without_a_resolver_is_read_from_a_key_or_an_attribute(source):
    agreed(VALUES, "{ value }", root_value=source)
    agreed(VALUES, "{ value(plus: 5) }", root_value=source)
    agreed(VALUES, "{ thing { value } }", root_value={"thing": source})


def test_a_method_that_is_a_field_is_given_its_arguments_and_the_context():
    query = "query ($plus: Int) { value(plus: $plus) }"

    result = agreed(VALUES, query, root_value=Method(), variables={"plus": 80}, context=700)

    assert result.data == {"value": 782}


LEAVES: Any = build_schema(
    """
    enum Kind { CAT DOG }
    scalar Odd
    type Query {
      string: String mustString: String! int: Int float: Float boolean: Boolean id: ID
      kind: Kind mustKind: Kind! kinds: [Kind!] odd: Odd odds: [Odd]
    }
    """
)


class Animal(Enum):
    CAT = "CAT"


@pytest.mark.parametrize("name", ["string", "mustString", "int", "float", "boolean", "id"])
@pytest.mark.parametrize(
    "value",
    [
        *("1", "", "abc", b"1", 1, 0, -1, 2**31, 2**60, 1.0, 1.5, math.nan, math.inf),
        *(True, False, None, [1], (), {"a": 1}, object, Animal.CAT, Undefined, ValueError("bad")),
    ],
    ids=repr,
)
def test_scalars_are_written_as_their_type_says_or_are_an_error(name, value):
    agreed(LEAVES, f"{{ {name} }}", root_value={name: value})


@pytest.mark.parametrize("value", ["CAT", "BIRD", "cat", "", 5, None, True, [], {}, Animal.CAT])
def test_what_is_no_value_of_an_enum_is_an_error(value):
    values = {"kind": value, "mustKind": value, "kinds": ["CAT", value, "DOG"]}

    agreed(LEAVES, "{ kind }", root_value=values)
    agreed(LEAVES, "{ mustKind }", root_value=values)
    agreed(LEAVES, "{ kinds kind }", root_value=values)


def odd_as(serialize) -> GraphQLSchema:
    LEAVES.type_map["Odd"].serialize = serialize
    return LEAVES


def raises(error):
    def serialize(value):
        raise error

    return serialize


@pytest.mark.parametrize(
    "serialize",
    [
        lambda value: None,
        lambda value: Undefined,
        lambda value: {"as": value},
        lambda value: value == 1,
        raises(ValueError("odd")),
        raises(GraphQLError("odd", extensions={"code": "ODD"})),
    ],
)
def test_a_scalar_may_write_anything_but_null(serialize):
    schema = odd_as(serialize)

    agreed(schema, "{ odd odds }", root_value={"odd": 1, "odds": [1, None, 2]})


ERRORS = build_schema(
    """
    type Query { value: String must: String! values: [String] row: Row }
    type Row { value: String! }
    """
)
NODE: Any = parse("query Elsewhere { other }").definitions[0]


class Coded(Exception):
    extensions = {"code": "CODED"}


class WithMessage(Exception):
    message = "What it says of itself"


def caused() -> Exception:
    try:
        raise ValueError("cause")
    except ValueError as cause:
        error = RuntimeError("effect")
        error.__cause__ = cause
        return error


FAILURES: dict[str, Exception] = {
    "any": Exception("bad"),
    "without a message": ValueError(),
    "with arguments": KeyError("key"),
    "with a message of its own": WithMessage("text"),
    "with extensions": Coded("bad"),
    "with a cause": caused(),
    "GraphQLError": GraphQLError("bad"),
    "GraphQLError with extensions": GraphQLError("bad", extensions={"code": "BAD", "more": [1]}),
    "GraphQLError of another": GraphQLError("bad", original_error=ValueError("cause")),
    "GraphQLError of a coded one": GraphQLError("bad", original_error=Coded("cause")),
    "GraphQLError with nodes": GraphQLError("bad", NODE),
    "GraphQLError with a path": GraphQLError("bad", path=["else", 1]),
}


@pytest.mark.parametrize("error", FAILURES.values(), ids=FAILURES)
def test_an_error_keeps_all_it_says_whether_it_is_raised_or_returned(error):
    def fails(*_):
        raise error

    for value in (error, fails):
        for name in ("value", "must", "values"):
            agreed(ERRORS, f"{{ a: {name} __typename }}", root_value={name: value})
        agreed(ERRORS, "{ row { value } }", root_value={"row": {"value": value}})
    agreed(ERRORS, "{ values }", root_value={"values": ["a", error, "b"]})


def test_errors_are_told_in_the_order_of_the_document_whatever_was_resolved_first():
    query = "{ row { value } values last: value first: value }"
    failures = [ValueError(str(number)) for number in range(11, 0, -1)]
    values = {"row": {"value": ValueError("deep")}, "values": failures}

    result = agreed(ERRORS, query, root_value={**values, "value": ValueError("flat")})

    assert [error.path for error in result.errors] == [
        ["row", "value"],
        *(["values", index] for index in range(11)),
        ["last"],
        ["first"],
    ]


def test_a_field_of_two_places_in_the_document_tells_its_error_at_both():
    result = agreed(
        ERRORS, "{ value ...again } fragment again on Query { value }", root_value=FailingProperty()
    )

    assert len(result.errors[0].locations) == 2


class Preparing:
    """A context that loads more of every row before its fields are resolved."""

    def __init__(self, loader: Loader):
        self.loader = loader

    def prepare(self, object_type, fields, objects):
        if object_type.name != "Row":
            return None
        return [self.loader.one(each) for each in objects]


def test_an_object_that_could_not_be_prepared_is_an_error_where_it_stands():
    def fetch(keys):
        raise ValueError("The database is away.")

    schema = build_schema("type Query { rows: [Row] } type Row { value: String }")

    result = ours(
        schema,
        "{ rows { value } }",
        root_value={"rows": [1, 2]},
        context=Preparing(Loader(fetch)),
    )

    assert result.data == {"rows": [None, None]}
    assert [error.path for error in result.errors or []] == [["rows", 0], ["rows", 1]]


def test_objects_that_are_prepared_are_what_fields_are_resolved_from():
    schema = build_schema("type Query { rows: [Row] } type Row { value: String }")
    loader = Loader(lambda keys: {key: {"value": f"row {key}"} for key in keys})

    result = ours(
        schema, "{ rows { value } }", root_value={"rows": [1, 2]}, context=Preparing(loader)
    )

    assert result.data == {"rows": [{"value": "row 1"}, {"value": "row 2"}]}
