"""The public schema: our root, over the types that grapple made and ``types`` narrowed."""

from functools import cache

import graphene
from graphql import (
    GraphQLSchema,
    lexicographic_sort_schema,
    print_schema,
    validate_schema,
)

from cms.api.schema.query import Query
from cms.api.schema.types import public_types

__all__ = ["public_schema", "schema_text"]


@cache
def public_schema() -> GraphQLSchema:
    schema = graphene.Schema(query=Query, types=public_types()).graphql_schema
    problems = validate_schema(schema)
    if problems:
        raise RuntimeError("\n".join(problem.message for problem in problems))
    return schema


def schema_text() -> str:
    """The schema in the GraphQL definition language, as ``frontend_contract/`` keeps it."""
    return print_schema(lexicographic_sort_schema(public_schema())) + "\n"
