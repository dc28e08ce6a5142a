"""What an operation asks for: the fields beneath a node, fragments spread out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode

__all__ = ["fields_within", "names_within"]


def names_within(
    nodes: Iterable, fragments: dict[str, FragmentDefinitionNode], visited: set[str]
) -> Iterator[str]:
    """The names of all fields beneath some nodes, at any depth and on any type."""
    return (field.name.value for field in fields_within(nodes, fragments, visited))


def fields_within(
    nodes: Iterable, fragments: dict[str, FragmentDefinitionNode], visited: set[str]
) -> Iterator[FieldNode]:
    for node in nodes:
        inner = node
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, FragmentSpreadNode):
            if node.name.value in visited:
                continue
            visited.add(node.name.value)
            inner = fragments[node.name.value]
        if inner.selection_set:
            yield from fields_within(inner.selection_set.selections, fragments, visited)
