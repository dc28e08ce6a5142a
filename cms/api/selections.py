"""What an operation asks for, as far as it decides what is worth loading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from graphene.utils.str_converters import to_camel_case
from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, GraphQLResolveInfo
from wagtail.fields import RichTextField, StreamField

__all__ = ["fields_within", "unread_columns"]


def unread_columns(model: Any, info: GraphQLResolveInfo) -> frozenset[str]:
    """The columns with long texts of a list's items that nothing beneath a field asks for.

    Many items with their whole text cost many times what they cost without it.
    """
    texts = long_texts(model)
    if not texts:
        return frozenset()
    asked = set(names_within(info.field_nodes, info.fragments, set()))
    return frozenset(column for name, column in texts.items() if name not in asked)


@cache
def long_texts(model: Any) -> dict[str, str]:
    """The columns with long texts that exactly one field of the schema is resolved from."""
    columns = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, RichTextField | StreamField)
    }
    return {
        to_camel_case(declared.field_name): declared.field_source
        for declared in getattr(model, "graphql_fields", [])
        if declared.field_source in columns and declared.resolve is None
    }


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
