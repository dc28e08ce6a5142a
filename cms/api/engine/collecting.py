"""Which fields an operation selects of an object: the specification's ``CollectFields()``.

That depends on the document and the type alone, unless ``@skip`` or ``@include`` ask a variable. So
it is worked out once for as long as a document is kept, with all else that is the same each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLUnionType,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    VariableNode,
    default_field_resolver,
)
from graphql.execution.values import get_argument_values, get_directive_values
from graphql.utilities.type_from_ast import type_from_ast

from cms.api.engine.limits import BYTES_AROUND_A_NAME, Price

__all__ = ["ABSTRACT", "Collected", "CollectedField", "Collector", "Kept", "response_key"]

ABSTRACT = (GraphQLInterfaceType, GraphQLUnionType)

# As ``__type`` answers for a name that the schema does not have.
UnknownType = GraphQLField(
    TypeMetaFieldDef.type, args=TypeMetaFieldDef.args, resolve=lambda *_, **__: None
)


class CollectedField:
    """A field of the answer, for which a document may have several nodes."""

    __slots__ = ("arguments", "definition", "key", "nodes", "resolve")

    def __init__(self, key: str, nodes: list[FieldNode], definition: GraphQLField):
        self.key = key
        self.nodes = nodes
        self.definition = definition
        self.resolve: Callable[..., Any] = definition.resolve or default_field_resolver
        # Those that no variable changes, once they were read.
        self.arguments: dict[str, Any] | None = None

    def arguments_for(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Raises ``GraphQLError`` for what the field does not take."""
        if self.arguments is not None:
            return self.arguments
        arguments = get_argument_values(self.definition, self.nodes[0], variables)
        if not any(has_variable(each.value) for each in self.nodes[0].arguments):
            self.arguments = arguments
        return arguments


class Collected:
    """The fields of a type of object, in their order."""

    __slots__ = ("blank", "bytes", "fields")

    def __init__(self, fields: list[CollectedField]):
        self.fields = fields
        # An object of the answer before it has values, and how long its names are.
        self.blank: dict[str, Any] = {field.key: None for field in fields}
        self.bytes = sum(BYTES_AROUND_A_NAME + len(key) for key in self.blank)


class Kept:
    """What was worked out for a document: of so many fields at most what was collected, and its
    last price with what that depends on. Threads may share it."""

    __slots__ = ("collected", "priced", "room")

    def __init__(self, room: int):
        self.room = room
        self.collected: dict[tuple, Collected] = {}
        self.priced: tuple[Hashable, Price] | None = None

    def add(self, key: tuple, collected: Collected) -> None:
        taken = 1 + len(collected.fields)
        if taken <= self.room:
            # Two threads at once may go beyond the room by what one of them adds.
            self.room -= taken
            self.collected[key] = collected


class Collector:
    """Collects for one execution; what is the same for the next goes to ``kept``."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, FragmentDefinitionNode],
        variables: dict[str, Any],
        *,
        introspection: bool,
        kept: Kept | None,
    ):
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
        self.introspection = introspection
        self.kept = kept or Kept(0)
        self.collected: dict[tuple, Collected] = {}
        self.is_conditional = False

    def fields_of(self, object_type: Any, selection_sets: list[SelectionSetNode]) -> Collected:
        key = (object_type.name, *map(id, selection_sets))
        found = self.kept.collected.get(key) or self.collected.get(key)
        if found is None:
            self.is_conditional = False
            found = self.collected[key] = self.collected_anew(object_type, selection_sets)
            if not self.is_conditional:
                self.kept.add(key, found)
        return found

    def collected_anew(self, object_type: Any, selection_sets: list[SelectionSetNode]) -> Collected:
        grouped: dict[str, list[FieldNode]] = {}
        visited: set[str] = set()
        for selection_set in selection_sets:
            self.collect(object_type, selection_set, grouped, visited)
        definitions = {
            key: self.definition(object_type, nodes[0].name.value) for key, nodes in grouped.items()
        }
        return Collected(
            [
                CollectedField(key, grouped[key], definition)
                for key, definition in definitions.items()
                if definition is not None
            ]
        )

    def collect(
        self,
        object_type: Any,
        selection_set: SelectionSetNode,
        grouped: dict[str, list[FieldNode]],
        visited: set[str],
    ) -> None:
        for node in selection_set.selections:
            if not self.is_included(node):
                continue
            if isinstance(node, FieldNode):
                grouped.setdefault(response_key(node), []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if self.applies(node.type_condition, object_type):
                    self.collect(object_type, node.selection_set, grouped, visited)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                visited.add(node.name.value)
                fragment = self.fragments.get(node.name.value)
                if fragment and self.applies(fragment.type_condition, object_type):
                    self.collect(object_type, fragment.selection_set, grouped, visited)

    def is_included(self, node: Any) -> bool:
        if not node.directives:
            return True
        self.is_conditional = True
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        if skip and skip["if"]:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return include is None or include["if"]

    def applies(self, type_condition: Any, object_type: GraphQLObjectType) -> bool:
        if type_condition is None:
            return True
        condition = type_from_ast(self.schema, type_condition)
        if condition is object_type:
            return True
        return isinstance(condition, ABSTRACT) and self.schema.is_sub_type(condition, object_type)

    def definition(self, object_type: GraphQLObjectType, name: str) -> GraphQLField | None:
        if name == "__typename":
            return TypeNameMetaFieldDef
        if object_type is self.schema.query_type:
            if name == "__schema":
                return SchemaMetaFieldDef
            if name == "__type":
                return TypeMetaFieldDef if self.introspection else UnknownType
        return object_type.fields.get(name)


def response_key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def has_variable(value: Any) -> bool:
    if isinstance(value, ListValueNode):
        return any(map(has_variable, value.values))
    if isinstance(value, ObjectValueNode):
        return any(has_variable(field.value) for field in value.fields)
    return isinstance(value, VariableNode)
