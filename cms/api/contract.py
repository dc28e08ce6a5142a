"""Reading the registered operations of ``frontend_contract/``."""

from functools import cache
from pathlib import Path

from django.conf import settings
from graphql import OperationDefinitionNode, parse

__all__ = ["operation_text", "operation_variables"]


def operation_text(name: str) -> str:
    return (Path(settings.FRONTEND_CONTRACT) / "operations" / f"{name}.graphql").read_text()


@cache
def operation_variables(text: str) -> frozenset[str]:
    """The names of the variables that an operation declares."""
    return frozenset(
        variable.variable.name.value
        for node in parse(text).definitions
        if isinstance(node, OperationDefinitionNode)
        for variable in node.variable_definitions or ()
    )
