"""What graphql-core, graphene and grapple do inside."""

from __future__ import annotations

import enum
from typing import Any

import graphene
import pytest
from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    build_schema,
    parse,
    specified_rules,
    validate,
)
from graphql.execution import values
from graphql.pyutils import Path
from grapple.models import GraphQLField
from grapple.registry import registry
from wagtail.models import Page

from pages.blocks import Link
from pages.models import CharterPage, Navigation, Person
from pages.types import GraphQLString
from tests.internals.upstream import canary, source, upstream

pytestmark = pytest.mark.any_database

DOCUMENTS = "cms/api/engine/documents.py"
EXECUTION = "cms/api/engine/execution.py"

SCHEMA: Any = build_schema("type Query { field(number: Int): String names: [String] }")


def operation(text: str) -> OperationDefinitionNode:
    node = parse(text).definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    return node


# graphql-core


@canary(
    "graphql-core bounds tokens and comments by other arguments, or says so in other words",
    where=DOCUMENTS,
    look_at="`parsed_within`",
)
@pytest.mark.parametrize("what", ["tokens", "comments"])
def test_parser_says_that_there_are_too_many(what):
    text = "{ a b c }" if what == "tokens" else "#\n#\n#\n{ a }"
    limits: dict[str, Any] = {"max_lexical_tokens": 2} if what == "tokens" else {"max_comments": 2}

    with pytest.raises(GraphQLSyntaxError) as caught:
        parse(text, **limits)

    assert f" more than 2 {what}." in caught.value.message


@canary(
    "graphql-core validates with other arguments, or suggests names though it should not",
    where=DOCUMENTS,
    look_at="`read_document`",
)
def test_validation_hides_suggestions():
    problems = validate(SCHEMA, parse("{ fiel }"), [*specified_rules], max_errors=10)
    hidden = validate(SCHEMA, parse("{ fiel }"), max_errors=10, hide_suggestions=True)

    assert "Did you mean 'field'?" in problems[0].message
    assert "Did you mean" not in hidden[0].message


@canary(
    "graphql-core coerces variables with other arguments, or reports mistakes in another form",
    where="cms/api/operations.py",
    look_at="`coerce`",
)
def test_variables_are_coerced_to_a_dict_or_a_list_of_errors():
    node = operation("query ($number: Int!) { field(number: $number) }")

    def coerced(given: dict[str, Any]) -> Any:
        return values.get_variable_values(
            SCHEMA, node.variable_definitions or (), given, max_errors=10, hide_suggestions=True
        )

    assert coerced({"number": 1}) == {"number": 1}
    problems = coerced({"number": "one"})
    assert isinstance(problems, list)
    assert all(isinstance(problem, GraphQLError) for problem in problems)


@canary(
    "graphql-core adds what Python had to say to its messages in another form",
    where=DOCUMENTS,
    look_at="`coded`",
)
def test_message_ends_with_what_python_had_to_say():
    def refuse(value: Any) -> Any:
        raise ValueError("the reason")

    schema = build_schema("type Query { field(number: Odd): String } scalar Odd")
    odd: Any = schema.type_map["Odd"]
    odd.parse_value = odd.parse_literal = refuse

    (in_document,) = validate(schema, parse("{ field(number: 1) }"))
    node = operation("query ($number: Odd!) { field(number: $number) }")
    in_variable = values.get_variable_values(schema, node.variable_definitions or (), {"number": 1})

    assert in_document.message.endswith("; the reason")
    assert isinstance(in_variable, list)
    assert in_variable[0].message.endswith(" the reason")
    assert in_document.original_error is not None
    assert in_variable[0].original_error is not None


@canary(
    "graphql-core tells resolvers other things, or takes other arguments for it",
    where=EXECUTION,
    look_at="`_Execution.info`",
)
def test_resolvers_are_told_what_they_were():
    assert GraphQLResolveInfo._fields == (
        "field_name",
        "field_nodes",
        "return_type",
        "parent_type",
        "path",
        "schema",
        "fragments",
        "root_value",
        "operation",
        "variable_values",
        "context",
        "is_awaitable",
    )
    assert Path(None, "name", "Query").as_list() == ["name"]


@canary(
    "graphql-core reads arguments and directives in another way",
    where=EXECUTION,
    look_at="`resolve_field` and `is_included`",
)
def test_arguments_and_directives_are_read_of_nodes():
    selections: Any = operation("query { field(number: 2) @skip(if: true) }").selection_set
    (node,) = selections.selections
    skip = upstream("graphql.GraphQLSkipDirective")
    include = upstream("graphql.GraphQLIncludeDirective")

    assert values.get_argument_values(SCHEMA.query_type.fields["field"], node, {}) == {"number": 2}
    assert values.get_directive_values(skip, node, {}) == {"if": True}
    assert values.get_directive_values(include, node, {}) is None


@canary(
    "graphql-core's types, errors or fields about the schema have other parts",
    where=f"{EXECUTION}, cms/api/engine/errors.py and cms/api/engine/limits.py",
    look_at="what is imported from `graphql`",
)
def test_schema_and_errors_have_their_parts():
    for name in ("SchemaMetaFieldDef", "TypeMetaFieldDef", "TypeNameMetaFieldDef"):
        assert callable(upstream(f"graphql.{name}").resolve)
    error = GraphQLError("words", extensions={"code": "CODE"})
    assert error.formatted == {"message": "words", "extensions": {"code": "CODE"}}
    located = GraphQLError("words", path=["a", 0], original_error=ValueError("cause"))
    assert (located.path, str(located.original_error)) == (["a", 0], "cause")
    interfaces: Any = build_schema("interface I { a: Int } type T implements I { a: Int }")
    assert interfaces.is_sub_type(interfaces.type_map["I"], interfaces.type_map["T"])
    type_from_ast = upstream("graphql.utilities.type_from_ast.type_from_ast")
    fragment: Any = parse("fragment F on T { a }").definitions[0]
    assert type_from_ast(interfaces, fragment.type_condition) is interfaces.type_map["T"]


# graphene


@canary(
    "graphene keeps what a type says of itself, or freezes it, in another way",
    where="cms/api/schema/types.py",
    look_at="`redefine`",
)
def test_frozen_options_of_a_type_can_be_changed_before_the_schema_is_built():
    class Thing(graphene.ObjectType):
        secret = graphene.String()

    open_fields = {"open": graphene.Field(graphene.String, description="Open.")}
    with pytest.raises(Exception, match="frozen"):
        Thing._meta.fields = open_fields

    object.__setattr__(Thing._meta, "fields", open_fields)
    object.__setattr__(Thing._meta, "description", "A thing.")
    query = type("Query", (graphene.ObjectType,), {"thing": graphene.Field(Thing)})

    made = graphene.Schema(query=query).graphql_schema.type_map["Thing"]
    assert list(made.fields) == ["open"]
    assert made.description == "A thing."


@canary(
    "graphene describes the values of an enum in another way",
    where="pages/types.py",
    look_at="`choice_enum`",
)
def test_enum_is_described_by_a_function_of_its_member():
    class Colour(enum.Enum):
        RED = "red"

    made = graphene.Enum.from_enum(
        Colour, description=lambda member: f"It is {member.value}." if member else "A colour."
    )
    query = type("Query", (graphene.ObjectType,), {"colour": graphene.Field(made)})

    described = graphene.Schema(query=query).graphql_schema.type_map["Colour"]
    assert described.description == "A colour."
    assert described.values["RED"].description == "It is red."


@canary(
    "graphene finds the value of a field without a resolver in another way",
    where=f"{EXECUTION}, cms/api/schema/query.py and cms/api/schema/route.py",
    look_at="the objects that are answered as dicts or with attributes",
)
def test_field_without_a_resolver_is_read_from_a_dict_or_an_attribute():
    default = upstream("graphene.types.resolver.get_default_resolver")()

    assert default("name", None, {"name": "dict"}, None) == "dict"
    assert default("__doc__", None, Ellipsis, None) == Ellipsis.__doc__
    assert upstream("graphene.utils.str_converters.to_camel_case")("page_info") == "pageInfo"


@canary(
    "graphene calls the resolvers of an interface in another way",
    where="pages/types.py",
    look_at="`PageInterface`",
)
def test_resolvers_of_an_interface_serve_its_types():
    class Named(graphene.Interface):
        name = graphene.String()

        def resolve_name(thing, info):
            return f"of {thing}"

    class Thing(graphene.ObjectType):
        class Meta:
            interfaces = (Named,)

    query = type("Query", (graphene.ObjectType,), {"thing": graphene.Field(Thing)})
    made = graphene.Schema(query=query, types=[Thing]).graphql_schema.type_map["Thing"]

    assert made.fields["name"].resolve("it", None) == "of it"


# grapple


@canary(
    "grapple's registry holds the types in another way",
    where="cms/api/schema/types.py, cms/api/reading/questions.py and pages/types.py",
    look_at="what reads `registry`",
)
def test_registry_holds_a_type_for_each_model_and_block():
    assert registry.pages[CharterPage] is registry.models[CharterPage]
    assert registry.models[CharterPage] is registry.class_models[CharterPage]
    assert {Person, Navigation} <= registry.class_models.keys()
    assert issubclass(registry.class_models[Person], graphene.ObjectType)
    assert Navigation in registry.settings
    assert issubclass(registry.streamfield_blocks[Link], graphene.ObjectType)
    strangers = [model for model in registry.pages if not issubclass(model, Page)]
    assert strangers in ([], [type(Page)])


@canary(
    "grapple's fields have other attributes, or are read in another form",
    where="pages/types.py",
    look_at="`ResolvedField`",
)
def test_field_knows_its_name_source_type_and_words():
    field = GraphQLField(
        "name", graphene.String, required=True, description="Words.", source="column"
    )

    assert (field.field_name, field.field_source) == ("name", "column")
    assert isinstance(field.field_type, graphene.NonNull)
    assert (field.description, field.deprecation_reason) == ("Words.", None)
    assert not callable(GraphQLString("name", description="Words."))
    actions = source("grapple.actions")
    assert 'getattr(cls, "graphql_fields"' in actions or "cls.graphql_fields" in actions
    assert "if callable(field): field = field()" in actions


@canary(
    "grapple takes its apps, its interface of pages or its blocks in another way",
    where="genedge_site/settings/base.py, pages/blocks.py and pages/types.py",
    look_at="`GRAPPLE` and `register_streamfield_block`",
)
def test_grapple_takes_our_interface_and_our_blocks():
    interface = upstream("grapple.types.interfaces.get_page_interface")

    assert interface() is upstream("pages.types.PageInterface")
    assert "graphql_description" in source("grapple.actions") + source("grapple.types.streamfield")
    register = upstream("grapple.helpers.register_streamfield_block")
    assert register(Link) is Link
    upstream("grapple.helpers.streamfield_types").pop()
