"""The public schema: our root, over the types that grapple made and ``types`` narrowed."""

import json
from functools import cache
from typing import Any

import graphene
from graphql import (
    GraphQLInterfaceType,
    GraphQLSchema,
    GraphQLUnionType,
    lexicographic_sort_schema,
    print_schema,
    validate_schema,
)
from grapple.registry import registry

from cms.api.engine.limits import PRICE, Price
from cms.api.reading.markdown import price_of_markdown
from cms.api.schema.mutation import Mutation
from cms.api.schema.query import Query
from cms.api.schema.types import public_types
from pages.markdown import WRITERS
from pages.types import PageInterface

__all__ = ["possible_types_text", "public_schema", "schema_text"]


@cache
def public_schema() -> GraphQLSchema:
    schema = graphene.Schema(query=Query, mutation=Mutation, types=public_types()).graphql_schema
    problems = validate_schema(schema)
    if problems:
        raise RuntimeError("\n".join(problem.message for problem in problems))
    tell_what_markdown_takes(schema)
    return schema


def tell_what_markdown_takes(schema: GraphQLSchema) -> None:
    """Of a page whose type is not told, as much as of the type that takes most."""
    types: Any = schema.type_map
    prices = {model: price_of_markdown(schema, model) for model in WRITERS}
    for model, price in prices.items():
        types[registry.pages[model]._meta.name].fields["markdown"].extensions[PRICE] = price
    most = Price(*map(max, zip(*prices.values(), strict=True)))
    types[PageInterface._meta.name].fields["markdown"].extensions[PRICE] = most


def schema_text() -> str:
    """The schema in the GraphQL definition language, as ``frontend_contract/`` keeps it."""
    return print_schema(lexicographic_sort_schema(public_schema())) + "\n"


def possible_types_text() -> str:
    """Which types an interface or union stands for, in the form in which Apollo Client takes it.

    Without it Apollo does not know that a fragment on an interface fits, and drops what it selects.
    """
    schema = public_schema()
    possible = {
        name: sorted(each.name for each in schema.get_possible_types(named))
        for name, named in sorted(schema.type_map.items())
        if isinstance(named, GraphQLInterfaceType | GraphQLUnionType)
    }
    return json.dumps(possible, indent=2) + "\n"
