"""Executes GraphQL operations breadth first.

graphql-core resolves one object at a time, which either costs one SQL statement an object or needs
an event loop to batch them. This executor follows the same algorithm (section 6 of the GraphQL
specification, October 2021) level by level: a field is resolved for all objects of its level, then
completed for all of them, and values that need loading (``Deferred``) wait until nothing else can
be done and are then loaded together.

Results agree with graphql-core's: ``tests/cms/api/test_execution.py`` runs both on the same
queries. It executes queries only; everything it needs besides is graphql-core's own.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    is_leaf_type,
)
from graphql.execution.values import get_argument_values, get_directive_values
from graphql.pyutils import Path
from graphql.utilities.type_from_ast import type_from_ast

from cms.api.engine.deferred import Deferred, Loader

__all__ = ["execute"]

ABSTRACT = (GraphQLInterfaceType, GraphQLUnionType)


def execute(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: dict[str, FragmentDefinitionNode],
    *,
    variables: dict[str, Any] | None = None,
    context: Any = None,
    lenient: bool = False,
) -> ExecutionResult:
    """Execute a validated query operation and return its data and errors.

    ``variables`` are coerced already. ``lenient`` lets null stand where the schema promises a
    value, instead of giving up everything around it: a preview of an unfinished draft shows what
    is there.
    """
    return _Execution(schema, operation, fragments, variables or {}, context, lenient).run()


class _Position:
    """A place in the answer that holds an object or a list: where errors turn values to null."""

    __slots__ = ("container", "key", "nullable", "parent", "voided")

    def __init__(self, parent: _Position | None, container: Any, key: Any, nullable: bool):
        self.parent = parent
        self.container = container
        self.key = key
        self.nullable = nullable
        self.voided = False

    def path(self) -> list[str | int]:
        keys = []
        position: _Position | None = self
        while position is not None and position.parent is not None:
            keys.append(position.key)
            position = position.parent
        return keys[::-1]

    def is_voided(self) -> bool:
        position: _Position | None = self
        while position is not None:
            if position.voided:
                return True
            position = position.parent
        return False

    def void(self) -> None:
        """Put null here, or at the nearest place above that allows it."""
        position = self
        while not position.nullable and position.parent is not None:
            position.voided = True
            position = position.parent
        position.voided = True
        position.container[position.key] = None


class _Execution:
    def __init__(self, schema, operation, fragments, variables, context, lenient):
        self.schema = schema
        self.operation = operation
        self.fragments = fragments
        self.variables = variables
        self.context = context
        self.lenient = lenient
        self.errors: list[GraphQLError] = []
        self.ready: deque[Callable[[], None]] = deque()
        self.waiting: list[tuple[list, Callable[[list], None]]] = []
        self.failed: dict[Loader, Exception] = {}
        self.collected: dict[tuple, dict[str, list[FieldNode]]] = {}

    def run(self) -> ExecutionResult:
        root_type = self.schema.query_type
        answer: dict[str, Any] = {"data": {}}
        root = _Position(None, answer, "data", nullable=True)
        sets = [self.operation.selection_set]
        self.run_objects(root_type, sets, [None], [answer["data"]], [root])
        while self.ready or self.waiting:
            while self.ready:
                self.ready.popleft()()
            self.load_waiting()
        return ExecutionResult(data=answer["data"], errors=self.errors or None)

    def load_waiting(self) -> None:
        """Load what values wait for, each loader once, the lowest rank first; let them go on."""
        keys_by_loader: dict[Loader, list] = defaultdict(list)
        for values, _ in self.waiting:
            for loader, keys in needs_of(values):
                if loader not in self.failed and not loader.has(keys):
                    keys_by_loader[loader].extend(keys)
        rank = min((loader.rank for loader in keys_by_loader), default=0)
        for loader, keys in keys_by_loader.items():
            if loader.rank == rank:
                try:
                    loader.load(keys)
                except Exception as error:
                    self.failed[loader] = error
        waiting, self.waiting = self.waiting, []
        for values, proceed in waiting:
            if all(loader in self.failed or loader.has(keys) for loader, keys in needs_of(values)):
                finished = [
                    self.finish(value) if isinstance(value, Deferred) else value for value in values
                ]
                self.ready.append(partial(self.when_loaded, finished, proceed))
            else:
                self.waiting.append((values, proceed))

    def finish(self, value: Deferred) -> Any:
        for loader, _ in value.needs:
            if loader in self.failed:
                return self.failed[loader]
        try:
            return value.finish()
        except Exception as error:
            return error

    # Selections

    def fields_of(self, object_type, selection_sets: list[SelectionSetNode]) -> dict:
        key = (object_type.name, *map(id, selection_sets))
        fields = self.collected.get(key)
        if fields is None:
            fields = {}
            visited: set[str] = set()
            for selection_set in selection_sets:
                self.collect(object_type, selection_set, fields, visited)
            self.collected[key] = fields
        return fields

    def collect(self, object_type, selection_set, fields, visited) -> None:
        for node in selection_set.selections:
            if not self.is_included(node):
                continue
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                fields.setdefault(key, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if self.applies(node.type_condition, object_type):
                    self.collect(object_type, node.selection_set, fields, visited)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                visited.add(node.name.value)
                fragment = self.fragments.get(node.name.value)
                if fragment and self.applies(fragment.type_condition, object_type):
                    self.collect(object_type, fragment.selection_set, fields, visited)

    def is_included(self, node) -> bool:
        if not node.directives:
            return True
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        if skip and skip["if"]:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return include is None or include["if"]

    def applies(self, type_condition, object_type) -> bool:
        if type_condition is None:
            return True
        condition = type_from_ast(self.schema, type_condition)
        if condition is object_type:
            return True
        return isinstance(condition, ABSTRACT) and self.schema.is_sub_type(condition, object_type)

    def field_definition(self, object_type, name: str) -> GraphQLField | None:
        if name == "__typename":
            return TypeNameMetaFieldDef
        if object_type is self.schema.query_type:
            if name == "__schema":
                return SchemaMetaFieldDef
            if name == "__type":
                return TypeMetaFieldDef
        return object_type.fields.get(name)

    # Objects and their fields

    def run_objects(self, object_type, selection_sets, objects, answers, positions) -> None:
        """Resolve every selected field for all ``objects``, which share one concrete type."""
        fields = self.fields_of(object_type, selection_sets)
        prepare = getattr(self.context, "prepare", None)
        if prepare is not None:
            deferred = prepare(object_type, fields, objects)
            if deferred is not None:
                self.when_loaded(
                    deferred,
                    lambda values: self.run_fields(object_type, fields, values, answers, positions),
                )
                return
        self.run_fields(object_type, fields, objects, answers, positions)

    def run_fields(self, object_type, fields, objects, answers, positions) -> None:
        for key in fields:
            for answer in answers:
                answer[key] = None
        for key, nodes in fields.items():
            definition = self.field_definition(object_type, nodes[0].name.value)
            if definition is not None:
                self.resolve_field(object_type, definition, key, nodes, objects, answers, positions)

    def resolve_field(
        self, object_type, definition, key, nodes, objects, answers, positions
    ) -> None:
        try:
            arguments = get_argument_values(definition, nodes[0], self.variables)
        except GraphQLError as error:
            values = [error] * len(objects)
        else:
            info = self.info(nodes, definition.type, object_type)
            values = resolve_all(definition.resolve, objects, info, arguments)

        def complete(values):
            self.complete(definition.type, nodes, values, answers, [key] * len(values), positions)

        self.when_loaded(values, complete)

    def info(self, nodes: list[FieldNode], return_type, parent_type) -> GraphQLResolveInfo:
        """What a resolver is told. It serves many objects at once, so its path is the field's."""
        name = nodes[0].name.value
        return GraphQLResolveInfo(
            field_name=name,
            field_nodes=nodes,
            return_type=return_type,
            parent_type=parent_type,
            path=Path(None, name, parent_type.name),
            schema=self.schema,
            fragments=self.fragments,
            root_value=None,
            operation=self.operation,
            variable_values=self.variables,
            context=self.context,
            is_awaitable=bool,
        )

    def when_loaded(self, values: list, proceed: Callable[[list], None]) -> None:
        """Go on with ``values`` once none of them is deferred any more."""
        if any(isinstance(value, Deferred) for value in values):
            self.waiting.append((values, proceed))
        else:
            proceed(values)

    # Completing values

    def complete(self, return_type, nodes, values, containers, keys, positions) -> None:
        """Put ``values`` into ``containers[i][keys[i]]``, as ``return_type`` demands.

        ``positions[i]`` is the position of the object or list that ``containers[i]`` is.
        """
        required = isinstance(return_type, GraphQLNonNull)
        named = return_type.of_type if required else return_type
        nullable = self.lenient or not required
        if is_leaf_type(named):
            self.complete_leaves(named, required, nodes, values, containers, keys, positions)
            return
        present = []
        for index, value in enumerate(values):
            position = _Position(positions[index], containers[index], keys[index], nullable)
            if isinstance(value, Exception):
                self.fail(value, nodes, position)
            elif value is None:
                self.nothing(required, nodes, position)
            else:
                present.append((value, position))
        if present:
            self.complete_composites(named, nodes, present)

    def complete_leaves(
        self, leaf_type, required, nodes, values, containers, keys, positions
    ) -> None:
        serialize = leaf_type.serialize
        nullable = self.lenient or not required
        for index, value in enumerate(values):
            leaf = value if value is None else serialized(value, serialize)
            if leaf is None and not required:
                containers[index][keys[index]] = None
            elif leaf is None or isinstance(leaf, Exception):
                position = _Position(positions[index], containers[index], keys[index], nullable)
                if leaf is None:
                    self.nothing(required, nodes, position)
                else:
                    self.fail(leaf, nodes, position)
            else:
                containers[index][keys[index]] = leaf

    def complete_composites(self, named, nodes, present) -> None:
        if isinstance(named, GraphQLList):
            self.complete_lists(named, nodes, present)
        elif isinstance(named, ABSTRACT):
            self.complete_abstract(named, nodes, present)
        else:
            self.complete_objects(named, nodes, present)

    def complete_lists(self, list_type, nodes, present) -> None:
        flat: list[Any] = []
        containers: list[list] = []
        keys: list[int] = []
        owners: list[_Position] = []
        for value, position in present:
            if isinstance(value, str | dict) or not hasattr(value, "__iter__"):
                self.fail(TypeError("Expected a list."), nodes, position)
                continue
            items = list(value)
            container = [None] * len(items)
            position.container[position.key] = container
            flat.extend(items)
            containers.extend([container] * len(items))
            keys.extend(range(len(items)))
            owners.extend([position] * len(items))
        if not flat:
            return
        self.when_loaded(
            flat,
            lambda values: self.complete(
                list_type.of_type, nodes, values, containers, keys, owners
            ),
        )

    def complete_abstract(self, abstract_type, nodes, present) -> None:
        by_type = defaultdict(list)
        for value, position in present:
            try:
                by_type[self.runtime_type(abstract_type, value, nodes)].append((value, position))
            except Exception as error:
                self.fail(error, nodes, position)
        for object_type, members in by_type.items():
            self.complete_objects(object_type, nodes, members)

    def runtime_type(self, abstract_type, value, nodes) -> GraphQLObjectType:
        info = self.info(nodes, abstract_type, abstract_type)
        found = abstract_type.resolve_type(value, info, abstract_type)
        object_type = self.schema.get_type(found) if isinstance(found, str) else found
        if not isinstance(object_type, GraphQLObjectType):
            raise TypeError(f"{abstract_type.name} cannot tell the type of a value.")
        if not self.schema.is_sub_type(abstract_type, object_type):
            raise TypeError(f"{object_type.name} is not a possible {abstract_type.name}.")
        return object_type

    def complete_objects(self, object_type, nodes, present) -> None:
        objects, answers, positions = [], [], []
        for value, position in present:
            answer: dict[str, Any] = {}
            position.container[position.key] = answer
            objects.append(value)
            answers.append(answer)
            positions.append(position)
        sets = [node.selection_set for node in nodes if node.selection_set]
        self.ready.append(lambda: self.run_objects(object_type, sets, objects, answers, positions))

    # Errors

    def nothing(self, required, nodes, position) -> None:
        if not required:
            position.container[position.key] = None
            return
        name = nodes[0].name.value
        self.fail(TypeError(f"Cannot return null for non-nullable field {name}."), nodes, position)

    def fail(self, error: Exception, nodes, position) -> None:
        """Record an error and put null where it belongs, unless that place is null already."""
        if position.is_voided():
            return
        path = position.path()
        if isinstance(error, GraphQLError) and error.original_error is None:
            located = GraphQLError(
                error.message, nodes, path=path, extensions=error.extensions or None
            )
        else:
            original = getattr(error, "original_error", None) or error
            located = GraphQLError(str(original), nodes, path=path, original_error=original)
        self.errors.append(located)
        position.void()


def needs_of(values: list) -> Iterator[tuple[Loader, Any]]:
    for value in values:
        if isinstance(value, Deferred):
            yield from value.needs


def serialized(value: Any, serialize: Callable[[Any], Any]) -> Any:
    """A leaf as the answer holds it, or the exception that stands in its place."""
    if isinstance(value, Exception):
        return value
    try:
        return serialize(value)
    except Exception as error:
        return error


def resolve_all(resolve, objects: list, info: GraphQLResolveInfo, arguments: dict) -> list:
    """One value for each object; an exception stands in the place of a value that failed."""
    if resolve is None:
        name = info.field_name
        return [getattr(obj, name, None) if obj is not None else None for obj in objects]
    values = []
    for obj in objects:
        try:
            values.append(resolve(obj, info, **arguments))
        except Exception as error:
            values.append(error)
    return values
