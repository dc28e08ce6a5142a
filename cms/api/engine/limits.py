"""What one operation may ask for, checked before anything runs.

The first checks read the document alone, before it is validated: validating compares fields of one
name in pairs, so a document may not have many of those before that can be afforded. The cost needs
the schema and the variables, so it comes last. The first checks measure a fragment once, so that
fragments within fragments cannot make measuring expensive; by the last, all of them are few fields.

Numbers are settings (``GRAPHQL_LIMITS``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

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
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_list_type,
    is_non_null_type,
    value_from_ast_untyped,
)
from graphql.utilities.type_from_ast import type_from_ast

__all__ = [
    "BYTES_AROUND_A_NAME",
    "PRICE",
    "LimitExceeded",
    "Limits",
    "Price",
    "check_shape",
    "price_of",
]

# `"":,` of a field in JSON.
BYTES_AROUND_A_NAME = 4
# Among a field's extensions: the price of a leaf that is made of much that is asked for it alone.
PRICE = "price"


@dataclass(frozen=True)
class Limits:
    """How much one document may hold, and its answer take. Every number is inclusive."""

    tokens: int
    operations: int
    depth: int
    aliases: int
    duplicate_fields: int
    directives: int
    fragments: int
    fields: int
    cost: int
    lists: int
    bytes: int
    characters_read: int
    statements: int


class LimitExceeded(GraphQLError):
    """The operation asks for more than one request may."""

    def __init__(self, what: str, requested: int, limit: int):
        super().__init__(
            f"The operation has {requested} {what}; at most {limit} are allowed. "
            "Split it, or ask for less.",
            extensions={"code": "LIMIT_EXCEEDED", "limit": what, "requested": requested},
        )


class Circular(GraphQLError):
    """A fragment contains itself. Validation would say so too, but measuring needs to know."""

    def __init__(self, node: FragmentSpreadNode):
        super().__init__(
            f"Fragment '{node.name.value}' is spread within itself.",
            node,
            extensions={"code": "GRAPHQL_VALIDATION_FAILED"},
        )


class Measure(NamedTuple):
    """The size of a selection set, with all fragments in it spread out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0


NOTHING = Measure()
LABELS = {"depth": "levels", "fields": "fields", "aliases": "aliases", "directives": "directives"}


def check_shape(document: DocumentNode, limits: Limits) -> None:
    """Raise ``LimitExceeded`` when the document is too large to be worth validating."""
    fragments = [n for n in document.definitions if isinstance(n, FragmentDefinitionNode)]
    operations = [n for n in document.definitions if isinstance(n, OperationDefinitionNode)]
    for what, count in (("operations", len(operations)), ("fragments", len(fragments))):
        if count > getattr(limits, what):
            raise LimitExceeded(what, count, getattr(limits, what))
    ruler = _Ruler({fragment.name.value: fragment for fragment in fragments})
    definitions = [*operations, *fragments]
    for definition in definitions:
        measure = ruler.measure(definition.selection_set)
        own = len(definition.directives)
        measure = measure._replace(directives=measure.directives + own)
        for name, label in LABELS.items():
            if getattr(measure, name) > getattr(limits, name):
                raise LimitExceeded(label, getattr(measure, name), getattr(limits, name))
    for definition in definitions:
        duplicates = ruler.duplicates([definition.selection_set])
        if duplicates > limits.duplicate_fields:
            raise LimitExceeded("fields selected twice", duplicates, limits.duplicate_fields)


class _Ruler:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]):
        self.fragments = fragments
        self.measured: dict[str, Measure] = {}
        self.measuring: set[str] = set()

    def measure(self, selection_set: SelectionSetNode | None) -> Measure:
        if selection_set is None:
            return NOTHING
        depth = fields = aliases = directives = 0
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                below = self.measure(node.selection_set)
                depth = max(depth, below.depth + 1)
                fields += 1
                aliases += node.alias is not None
            else:
                below = self.spread_out(node)
                depth = max(depth, below.depth)
            fields += below.fields
            aliases += below.aliases
            directives += below.directives + len(node.directives)
        return Measure(depth, fields, aliases, directives)

    def spread_out(self, node: SelectionNode) -> Measure:
        if not isinstance(node, FragmentSpreadNode):
            return self.measure(getattr(node, "selection_set", None))
        name = node.name.value
        if name in self.measuring:
            raise Circular(node)
        if name not in self.measured:
            if name not in self.fragments:
                return NOTHING  # Unknown: validation says so.
            self.measuring.add(name)
            self.measured[name] = self.measure(self.fragments[name].selection_set)
            self.measuring.discard(name)
        return self.measured[name]

    def duplicates(self, selection_sets: list[SelectionSetNode]) -> int:
        """How many fields have the key of another beside them, as the answer merges them.

        Call it once ``measure`` found that nothing is circular and the fields are few.
        """
        merged: dict[str, list[FieldNode]] = defaultdict(list)
        visited: set[str] = set()
        for selection_set in selection_sets:
            self.merge(selection_set, merged, visited)
        total = 0
        for nodes in merged.values():
            below = [node.selection_set for node in nodes if node.selection_set]
            total += len(nodes) - 1 + (self.duplicates(below) if below else 0)
        return total

    def merge(
        self, selection_set: SelectionSetNode, merged: dict[str, list[FieldNode]], visited: set[str]
    ) -> None:
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                merged[(node.alias or node.name).value].append(node)
            elif isinstance(node, InlineFragmentNode):
                self.merge(node.selection_set, merged, visited)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                visited.add(node.name.value)
                if node.name.value in self.fragments:
                    self.merge(self.fragments[node.name.value].selection_set, merged, visited)


class Price(NamedTuple):
    """What an answer may take, with all its lists full.

    ``bytes`` are those of names alone: how long texts are is not known beforehand.
    """

    cost: int = 0
    lists: int = 0
    bytes: int = 0


NO_PRICE = Price()


def price_of(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
    *,
    page_size: int,
    list_size: int,
) -> Price:
    """How many objects an answer may hold at most: lists multiply what is under them.

    A connection counts as many as ``first`` or ``last`` says, ``page_size`` when neither is given;
    what is found by ``ids`` counts as many as they are; any other list counts as ``list_size``. A
    list counts once however many objects have it, since it is read for all of them together.
    """
    return _CostMeter(schema, fragments, variables, page_size, list_size).operation(operation)


class _CostMeter:
    def __init__(self, schema, fragments, variables, page_size, list_size):
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
        self.page_size = page_size
        self.list_size = list_size

    def operation(self, operation: OperationDefinitionNode) -> Price:
        root_type = self.schema.get_root_type(operation.operation)
        return self.selection(root_type, operation.selection_set, None)

    def selection(self, parent_type, selection_set: SelectionSetNode, page: int | None) -> Price:
        """``page`` is the size of the page whose lists these are, if they are of one."""
        cost = lists = size = 0
        for node in selection_set.selections:
            price = NO_PRICE
            if isinstance(node, FieldNode):
                price = self.field(parent_type, node, page)
                size += len((node.alias or node.name).value) + BYTES_AROUND_A_NAME
            elif isinstance(node, FragmentSpreadNode):
                price = self.fragment(node.name.value, page)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = type_from_ast(self.schema, condition) if condition else parent_type
                price = self.selection(inner, node.selection_set, page)
            cost, lists, size = cost + price.cost, lists + price.lists, size + price.bytes
        return Price(cost, lists, size)

    def fragment(self, name: str, page: int | None) -> Price:
        node = self.fragments[name]
        condition = type_from_ast(self.schema, node.type_condition)
        return self.selection(condition, node.selection_set, page)

    def field(self, parent_type, node: FieldNode, page: int | None) -> Price:
        definition = getattr(parent_type, "fields", {}).get(node.name.value)
        if definition is None or node.selection_set is None:
            # A leaf, or introspection. Most of them read no content.
            return getattr(definition, "extensions", {}).get(PRICE, NO_PRICE)
        named = get_named_type(definition.type)
        if "first" in definition.args:
            below = self.selection(named, node.selection_set, self.size_asked(node))
            return Price(1 + below.cost, 1 + below.lists, below.bytes)
        count = 1
        if "ids" in definition.args:
            count = self.ids_given(node)
        elif holds_a_list(definition.type):
            count = self.list_size if page is None else page
        below = self.selection(named, node.selection_set, None)
        return Price(count * (1 + below.cost), below.lists, count * below.bytes)

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

    def ids_given(self, node: FieldNode) -> int:
        values = {argument.name.value: argument.value for argument in node.arguments}
        given = value_from_ast_untyped(values["ids"], self.variables)  # What takes them needs them.
        return len(given) if isinstance(given, list) else 1


def holds_a_list(field_type) -> bool:
    if is_non_null_type(field_type):
        field_type = field_type.of_type
    return is_list_type(field_type)
