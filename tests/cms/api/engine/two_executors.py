"""Runs an operation through our executor and through graphql-core's, on the same values.

The ``test_execution*`` modules hold graphql-core's own cases (its folder
``tests/execution``, version 3.2), each as a rule of ours. What has no counterpart is left out:
asynchronous resolvers and iterables, subscriptions, middleware, the choice of an
operation by its name (``cms.api.engine.documents``), and resolvers given for a whole execution.
"""

from __future__ import annotations

from typing import Any

from graphql import (
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    execute_sync,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values

from cms.api.engine.execution import Gap, execute

__all__ = ["agreed", "both", "nulls_of_errors", "ours", "told"]


def ours(
    schema: GraphQLSchema,
    query: str,
    *,
    root_value: Any = None,
    variables: dict[str, Any] | None = None,
    context: Any = None,
    gap: Gap | None = None,
) -> Any:
    definitions = parse(query).definitions
    operation = next(each for each in definitions if isinstance(each, OperationDefinitionNode))
    fragments = {
        each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)
    }
    declared = operation.variable_definitions or ()
    coerced = get_variable_values(schema, declared, variables or {})
    if isinstance(coerced, list):
        return ExecutionResult(data=None, errors=coerced)
    return execute(
        schema,
        operation,
        fragments,
        variables=coerced,
        context=context,
        root_value=root_value,
        gap=gap,
    )


def both(
    schema: GraphQLSchema,
    query: str,
    *,
    root_value: Any = None,
    variables: dict[str, Any] | None = None,
    context: Any = None,
    valid: bool = True,
) -> tuple[Any, ExecutionResult]:
    """Both executors' results. ``valid=False`` is for what validation would have refused."""
    assert (validate(schema, parse(query)) == []) is valid
    given: dict[str, Any] = {"root_value": root_value}
    theirs = execute_sync(
        schema, parse(query), variable_values=variables, context_value=context, **given
    )
    return ours(schema, query, variables=variables, context=context, **given), theirs


def agreed(schema: GraphQLSchema, query: str, **given: Any) -> Any:
    """The ``ExecutionResult`` of both executors, equal down to the order of keys and of errors."""
    mine, theirs = both(schema, query, **given)
    assert mine.data == theirs.data
    assert repr(mine.data) == repr(theirs.data)
    assert told(mine) == told(theirs)
    return mine


def told(result: ExecutionResult) -> list[tuple]:
    """All that a client or a log can learn of the errors."""
    return [
        (
            error.message,
            error.path,
            error.locations,
            error.extensions,
            type(error.original_error),
            str(error.original_error),
        )
        for error in result.errors or []
    ]


def nulls_of_errors(result: ExecutionResult) -> set[tuple]:
    """The places in the answer that are null because of an error.

    Where several values that were promised fail within such a place, the specification leaves open
    how many of them are told: what comes to light first differs from executor to executor.
    """
    places = set()
    for error in result.errors or []:
        value, place, path = result.data, 0, error.path or []
        while value is not None:
            value, place = value[path[place]], place + 1  # type: ignore[index]
        places.add(tuple(path[:place]))
    return places
