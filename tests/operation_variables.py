"""What a registered operation has to be given."""

from functools import cache

from graphql import OperationDefinitionNode, parse

__all__ = ["operation_variables"]


@cache
def operation_variables(text: str) -> frozenset[str]:
    """The names of the variables that an operation declares."""
    return frozenset(
        variable.variable.name.value
        for node in parse(text).definitions
        if isinstance(node, OperationDefinitionNode)
        for variable in node.variable_definitions or ()
    )
