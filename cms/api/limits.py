"""What one operation may ask for, checked before anything runs.

The first checks read the document alone, before it is validated: validating compares fields in
pairs, so a document has to be small before that can be afforded. The cost needs the schema and the
variables, so it comes last. Fragments are measured once and reused, so that fragments within
fragments cannot make measuring expensive.

Numbers are settings (``GRAPHQL_LIMITS``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.utilities.type_from_ast import type_from_ast

__all__ = ["LimitExceeded", "Limits", "check_shape", "cost_of"]

CONNECTION_PARTS = {"edges", "nodes", "pageInfo", "totalCount"}


@dataclass(frozen=True)
class Limits:
    """How much one document may hold. Every number is inclusive."""

    tokens: int
    operations: int
    depth: int
    aliases: int
    duplicate_fields: int
    directives: int
    fragments: int
    fields: int
    cost: int


class LimitExceeded(GraphQLError):
    """The operation asks for more than one request may."""

    def __init__(self, what: str, requested: int, limit: int):
        super().__init__(
            f"The operation has {requested} {what}; at most {limit} are allowed. "
            "Split it, or ask for less.",
            extensions={"code": "LIMIT_EXCEEDED", "limit": what, "requested": requested},
        )


@dataclass(frozen=True)
class Measure:
    """The size of a selection set, with all fragments in it spread out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    duplicate_fields: int = 0
    directives: int = 0

    def beside(self, other: Measure) -> Measure:
        return Measure(
            max(self.depth, other.depth),
            *(getattr(self, f.name) + getattr(other, f.name) for f in fields(Measure)[1:]),
        )


LABELS = {
    "depth": "levels",
    "fields": "fields",
    "aliases": "aliases",
    "duplicate_fields": "fields selected twice",
    "directives": "directives",
}


def check_shape(document: DocumentNode, limits: Limits) -> None:
    """Raise ``LimitExceeded`` when the document is too large to be worth validating."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    operations = [n for n in document.definitions if isinstance(n, OperationDefinitionNode)]
    for what, count in (("operations", len(operations)), ("fragments", len(fragments))):
        if count > getattr(limits, what):
            raise LimitExceeded(what, count, getattr(limits, what))
    ruler = _Ruler(fragments)
    for definition in document.definitions:
        if not isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            continue
        measure = ruler.measure(definition.selection_set)
        measure = measure.beside(Measure(directives=len(definition.directives or ())))
        for name, label in LABELS.items():
            if getattr(measure, name) > getattr(limits, name):
                raise LimitExceeded(label, getattr(measure, name), getattr(limits, name))


class _Ruler:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]):
        self.fragments = fragments
        self.measured: dict[str, Measure] = {}
        self.measuring: set[str] = set()

    def measure(self, selection_set: SelectionSetNode | None) -> Measure:
        total = Measure()
        if selection_set is None:
            return total
        keys: Counter[str] = Counter()
        for node in selection_set.selections:
            directives = len(node.directives or ())
            if isinstance(node, FieldNode):
                below = self.measure(node.selection_set)
                key = node.alias.value if node.alias else node.name.value
                keys[key] += 1
                own = Measure(
                    depth=1 + below.depth,
                    fields=1 + below.fields,
                    aliases=below.aliases + (1 if node.alias else 0),
                    duplicate_fields=below.duplicate_fields + (1 if keys[key] > 1 else 0),
                    directives=directives + below.directives,
                )
            elif isinstance(node, FragmentSpreadNode):
                own = self.fragment(node.name.value).beside(Measure(directives=directives))
            elif isinstance(node, InlineFragmentNode):
                own = self.measure(node.selection_set).beside(Measure(directives=directives))
            total = total.beside(own)
        return total

    def fragment(self, name: str) -> Measure:
        if name in self.measured:
            return self.measured[name]
        if name not in self.fragments or name in self.measuring:
            return Measure()  # Unknown or circular: validation says so.
        self.measuring.add(name)
        self.measured[name] = self.measure(self.fragments[name].selection_set)
        self.measuring.discard(name)
        return self.measured[name]


def cost_of(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
    *,
    page_size: int,
    list_size: int,
) -> int:
    """How many objects an answer may hold at most: lists multiply what is under them.

    A connection counts as many as ``first`` or ``last`` says, ``page_size`` when neither is given;
    any other list counts as ``list_size``.
    """
    return _CostMeter(schema, fragments, variables, page_size, list_size).operation(operation)


class _CostMeter:
    def __init__(self, schema, fragments, variables, page_size, list_size):
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
        self.page_size = page_size
        self.list_size = list_size
        self.measured: dict[tuple[str, int], int] = {}

    def operation(self, operation: OperationDefinitionNode) -> int:
        return self.selection(self.schema.query_type, operation.selection_set, 1)

    def selection(self, parent_type, selection_set: SelectionSetNode, page: int) -> int:
        """``page`` is the size of the page when the parent is a connection."""
        total = 0
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                total += self.field(parent_type, node, page)
            elif isinstance(node, FragmentSpreadNode):
                total += self.fragment(node.name.value, page)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = type_from_ast(self.schema, condition) if condition else parent_type
                total += self.selection(inner, node.selection_set, page)
        return total

    def fragment(self, name: str, page: int) -> int:
        key = (name, page)
        if key not in self.measured:
            node = self.fragments[name]
            condition = type_from_ast(self.schema, node.type_condition)
            self.measured[key] = self.selection(condition, node.selection_set, page)
        return self.measured[key]

    def field(self, parent_type, node: FieldNode, page: int) -> int:
        definition = getattr(parent_type, "fields", {}).get(node.name.value)
        if definition is None or node.selection_set is None:
            return 0  # A leaf, or introspection, which reads no content.
        named = get_named_type(definition.type)
        if is_leaf_type(named):
            return 0
        if "first" in definition.args:
            size = self.size_asked(node)
            return 1 + self.selection(named, node.selection_set, size)
        count = 1
        if holds_a_list(definition.type):
            is_page = node.name.value in CONNECTION_PARTS and parent_type.name.endswith(
                "Connection"
            )
            count = page if is_page else self.list_size
        return count * (1 + self.selection(named, node.selection_set, page))

    def size_asked(self, node: FieldNode) -> int:
        for argument in node.arguments:
            if argument.name.value not in {"first", "last"}:
                continue
            value = argument.value
            if isinstance(value, IntValueNode):
                return max(0, int(value.value))
            if isinstance(value, VariableNode):
                given = self.variables.get(value.name.value)
                if isinstance(given, int):
                    return max(0, given)
        return self.page_size


def holds_a_list(field_type) -> bool:
    if is_non_null_type(field_type):
        field_type = field_type.of_type
    return is_list_type(field_type)
