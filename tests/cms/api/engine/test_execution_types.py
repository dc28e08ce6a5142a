"""Which type an object of an interface or a union has, and what is said of the wrong ones."""

from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema

from tests.cms.api.engine.two_executors import agreed

pytestmark = pytest.mark.any_database

PETS = """
type Query { pets: [Pet] pet: Pet dogs: [Dog] dog: Dog! }
type Dog implements Named { name: String woofs: Boolean mother: Named }
type Cat implements Named { name: String meows: Boolean mother: Named }
"""
INTERFACE = "interface Named { name: String mother: Named }"
AS_INTERFACE = (
    f"interface Pet {{ name: String }} {PETS.replace('implements', 'implements Pet &')} {INTERFACE}"
)
AS_UNION = f"union Pet = Cat | Dog {PETS} {INTERFACE}"

EVERYTHING = """{
  pets {
    __typename
    ... on Dog { name woofs }
    ... on Cat { name meows }
    ... on Named { mother { __typename name } }
  }
}"""


@dataclass
class Dog:
    name: str
    woofs: bool = True
    mother: Any = None


@dataclass
class Cat:
    name: str
    meows: bool = False
    mother: Any = None


def zoo() -> dict:
    return {
        "pets": [Dog("Odie", mother=Dog("Lady")), None, Cat("Garfield", mother=Cat("Sonja"))],
        "pet": Dog("Odie"),
        "dogs": [Dog("Odie"), Cat("Garfield"), Dog("Rex")],
        "dog": Cat("Garfield"),
    }


def schema_of(definition: str, **functions: Any) -> GraphQLSchema:
    """``Dog=function`` is the type's ``is_type_of``, ``Pet=function`` is ``resolve_type``."""
    schema = build_schema(definition)
    for name, function in functions.items():
        told_by = "is_type_of" if name in ("Dog", "Cat") else "resolve_type"
        setattr(schema.type_map[name], told_by, function)
    return schema


def is_dog(value, info):
    return isinstance(value, Dog)


def is_cat(value, info):
    return isinstance(value, Cat)


def fails(*_):
    raise RuntimeError("Nobody knows.")


either = pytest.mark.parametrize("definition", [AS_INTERFACE, AS_UNION], ids=["interface", "union"])


@either
def test_the_possible_types_tell_which_of_them_an_object_is(definition):
    schema = schema_of(definition, Dog=is_dog, Cat=is_cat)

    result = agreed(schema, EVERYTHING, root_value=zoo())

    assert result.errors is None
    assert [pet and pet["__typename"] for pet in result.data["pets"]] == ["Dog", None, "Cat"]
    assert result.data["pets"][2]["mother"] == {"__typename": "Cat", "name": "Sonja"}


@either
def test_possible_types_are_asked_in_the_order_the_schema_has_them(definition):
    schema = schema_of(definition, Dog=lambda *_: True, Cat=lambda *_: True)

    agreed(schema, EVERYTHING, root_value=zoo())


@either
def test_an_object_of_none_of_the_possible_types_is_an_error_that_says_what_to_do(definition):
    schema = schema_of(definition, Dog=is_dog)

    result = agreed(schema, EVERYTHING, root_value=zoo())

    assert [error.path for error in result.errors] == [["pets", 2]]
    assert "'is_type_of' function" in result.errors[0].message


@either
def test_a_type_that_fails_to_tell_is_an_error_for_each_object(definition):
    schema = schema_of(definition, Dog=fails, Cat=is_cat)

    result = agreed(schema, EVERYTHING, root_value=zoo())

    assert {error.message for error in result.errors} == {"Nobody knows."}


@either
def test_a_function_that_fails_to_resolve_the_type_is_an_error_for_each_object(definition):
    schema = schema_of(definition, Pet=fails, Named=fails)

    result = agreed(schema, EVERYTHING, root_value=zoo())

    assert [error.path for error in result.errors] == [["pets", 0], ["pets", 2]]


@either
def test_the_type_that_is_resolved_has_to_recognise_the_object_too(definition):
    schema = schema_of(definition, Dog=is_dog, Cat=is_cat, Pet=lambda *_: "Dog")

    result = agreed(schema, "{ pets { __typename } }", root_value=zoo())

    assert result.data == {"pets": [{"__typename": "Dog"}, None, None]}
    assert result.errors[0].path == ["pets", 2]
    assert result.errors[0].message.startswith("Expected value of type 'Dog' but got: <Cat")


class Named:
    __typename = "Named"


class SomeDog(Named):
    __typename = "Dog"
    name = "Odie"
    woofs = True


class Odie(SomeDog):
    pass


class Garfield:
    __typename = "Cat"
    name = "Garfield"
    meows = False


@either
@pytest.mark.parametrize(
    "pets",
    [
        [{"__typename": "Dog", "name": "Odie"}, {"__typename": "Cat", "name": "Garfield"}],
        [SomeDog(), Garfield()],
        [Odie(), Garfield()],
    ],
    ids=["key", "attribute", "inherited"],
)
def test_an_object_may_name_its_type_itself(definition, pets):
    schema = schema_of(definition)

    result = agreed(schema, EVERYTHING, root_value={"pets": pets})

    assert [pet["__typename"] for pet in result.data["pets"]] == ["Dog", "Cat"]


@pytest.mark.parametrize("name", [None, "Human", "String", "Pet", "Query", "__Schema", 5, [], ""])
@pytest.mark.parametrize("query", ["{ pet { __typename } }", "{ pets { __typename } }"])
def test_a_name_that_is_no_possible_type_is_an_error(name, query):
    values = {"pet": {"__typename": name}, "pets": [{"__typename": name}, {"__typename": "Cat"}]}

    result = agreed(schema_of(AS_INTERFACE), query, root_value=values)

    assert len(result.errors) == 1

    schema = schema_of(AS_INTERFACE, Pet=lambda value, info, abstract_type: name)

    result = agreed(schema, query, root_value=values)

    assert len(result.errors) == (1 if "pet " in query else 2)


def test_types_are_resolved_to_names_and_not_to_types():
    schema = schema_of(AS_INTERFACE, Pet=lambda value, info, _: info.schema.type_map["Dog"])

    result = agreed(schema, "{ pet { name } }", root_value=zoo())

    assert result.data == {"pet": None}


def test_an_object_its_own_type_does_not_recognise_is_an_error_and_its_siblings_are_answered():
    schema = schema_of(AS_UNION, Dog=is_dog)

    result = agreed(schema, "{ dogs { name } }", root_value=zoo())

    assert result.data == {"dogs": [{"name": "Odie"}, None, {"name": "Rex"}]}
    assert [error.path for error in result.errors] == [["dogs", 1]]


def test_an_object_its_own_type_does_not_recognise_takes_its_parent_with_it_where_promised():
    schema = schema_of(AS_UNION, Dog=is_dog)

    result = agreed(schema, "{ dog { name } pets { __typename } }", root_value=zoo())

    assert result.data is None


@pytest.mark.parametrize("answer", [1, "yes", 0, "", None])
def test_whatever_counts_as_true_recognises_an_object(answer):
    schema = schema_of(AS_UNION, Dog=lambda *_: answer, Cat=is_cat)

    agreed(schema, "{ dogs { name } pets { __typename } }", root_value=zoo())


def test_fragments_apply_to_the_interfaces_of_an_object_also_where_those_extend_one_another():
    schema = build_schema(
        """
        interface Life { progeny: [Life] }
        interface Mammal implements Life { progeny: [Mammal] mother: Mammal }
        type Person implements Mammal & Life { progeny: [Person] mother: Person friends: [Being] }
        type Plant implements Life { progeny: [Plant] name: String }
        union Being = Person | Plant
        type Query { beings: [Being] }
        """
    )
    fern = {"__typename": "Plant", "name": "Fern", "progeny": []}
    ada: dict = {"__typename": "Person", "progeny": [{"__typename": "Person"}], "friends": [fern]}
    query = """
      { beings { ...being } }
      fragment being on Being { ...life ... on Mammal { mother { ...life } } }
      fragment life on Life { __typename progeny { ...name } ... on Plant { name } }
      fragment name on Life { kind: __typename }
    """

    result = agreed(schema, query, root_value={"beings": [{**ada, "mother": ada}, fern]})

    assert result.errors is None
    assert result.data["beings"][0]["mother"] == {
        "__typename": "Person",
        "progeny": [{"kind": "Person"}],
    }
    assert result.data["beings"][1] == {"__typename": "Plant", "progeny": [], "name": "Fern"}


def test_fields_that_only_some_possible_types_have_are_answered_for_those():
    """Validation refuses such a document; executing it is safe all the same."""
    schema = schema_of(AS_UNION, Dog=is_dog, Cat=is_cat)

    result = agreed(schema, "{ pets { name woofs meows } }", root_value=zoo(), valid=False)

    assert result.data["pets"][0] == {"name": "Odie", "woofs": True}
    assert result.data["pets"][2] == {"name": "Garfield", "meows": False}


def test_abstract_types_can_be_introspected():
    query = """{
      pet: __type(name: "Pet") { ...it } named: __type(name: "Named") { ...it }
      dog: __type(name: "Dog") { ...it }
    }
    fragment it on __Type {
      kind name fields { name } interfaces { name } possibleTypes { name }
      enumValues { name } inputFields { name }
    }"""

    for definition in (AS_INTERFACE, AS_UNION):
        assert agreed(schema_of(definition), query).errors is None
