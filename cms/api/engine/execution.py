"""Executes GraphQL operations breadth first.

graphql-core resolves one object at a time, which either costs one SQL statement an object or needs
an event loop to batch them. This executor follows the same algorithm (section 6 of the GraphQL
specification, October 2021) level by level: a field is resolved for all objects of its level, then
completed for all of them, and values that need loading (``Deferred``) wait until nothing else can
be done and are then loaded together.

Results agree with graphql-core's: ``tests/cms/api/engine/test_execution*.py`` run both on the same
operations. Everything it needs besides is graphql-core's own. The fields of a mutation's root run
one after the other, each with all that is beneath it, before the next begins. Two things differ on
purpose. Where several errors would each null the same place, it tells the one nearest to
the root, and graphql-core the one that comes first in the document. And ``info`` serves a field of
many objects, so that its ``path`` can be read only while one of them is resolved.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from json import dumps
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    default_type_resolver,
    is_introspection_type,
    is_leaf_type,
    located_error,
)
from graphql.pyutils import Path, Undefined, inspect, is_iterable

from cms.api.engine.budget import AnswerStopped, Budget
from cms.api.engine.collecting import (
    ABSTRACT,
    Collected,
    CollectedField,
    Collector,
    Kept,
    response_key,
)
from cms.api.engine.deferred import Deferred, Loader

__all__ = ["Gap", "execute"]

# What an answer in JSON has at least, besides names and texts: a digit or a quote, a brace, what
# every error says. No more than that, so that none is stopped that would have fitted.
BYTES_OF_A_LEAF = 1
BYTES_OF_AN_OBJECT = 1
BYTES_OF_AN_ERROR = 100

# An error in the place of a value that the schema promises and that is missing: of the objects
# around the place, the nearest first, and the field, as ``Person.name``.
Gap = Callable[[Iterable[Any], str], GraphQLError]


def execute(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: dict[str, FragmentDefinitionNode],
    *,
    variables: dict[str, Any] | None = None,
    context: Any = None,
    root_value: Any = None,
    gap: Gap | None = None,
    budget: Budget | None = None,
    introspection: bool = True,
    kept: Kept | None = None,
) -> ExecutionResult:
    """Execute a validated query or mutation and return its data and errors.

    Without ``introspection`` no type is known by its name. With ``kept``, what is the same each
    time the document runs is looked for there, and left there; it belongs to this document, schema
    and ``introspection`` alone.

    ``variables`` are coerced already. With ``gap``, null stands where the schema promises a value,
    instead of giving up everything around it, and its error says so: of an unfinished draft all
    is shown that is there. Raises ``AnswerStopped`` when the answer takes more than ``budget``.
    """
    spend = (budget or Budget({})).spend
    execution = _Execution(
        schema,
        operation,
        fragments,
        variables or {},
        context,
        root_value,
        gap,
        spend,
        Collector(schema, fragments, variables or {}, introspection=introspection, kept=kept),
    )
    return execution.run()


class _Position:
    """A place in the answer that holds an object or a list: where errors turn values to null.

    ``info`` is that of the field whose value, or an item of whose value, stands here.
    """

    __slots__ = ("container", "info", "key", "nullable", "parent", "value", "voided")

    def __init__(
        self,
        parent: _Position | None,
        container: Any,
        key: Any,
        nullable: bool,
        info: _ResolveInfo | None,
    ):
        self.parent = parent
        self.container = container
        self.key = key
        self.nullable = nullable
        self.info = info
        # The object that stands here, kept only for a gap to be told of.
        self.value: Any = None
        self.voided = False

    def values(self) -> Iterator[Any]:
        """The objects from here up to the root."""
        position: _Position | None = self
        while position is not None:
            yield position.value
            position = position.parent

    def path(self) -> Path | None:
        if self.parent is None or self.info is None:
            return None
        typename = self.info.parent_type.name if isinstance(self.key, str) else None
        return Path(self.parent.path(), self.key, typename)

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


class _ResolveInfo(GraphQLResolveInfo):
    """What a resolver is told; one serves all objects a field is resolved for.

    So ``path`` is that of the object being resolved now, which is known without any work for each
    of them: it is the one for which there is no result yet. What a ``Deferred`` finishes with and
    what a generator yields may read it too; whoever keeps the info for longer is refused. It is an
    attribute only: in the tuple that an info also is, its place is empty.
    """

    positions: Sequence[_Position] = ()
    results: Sequence = ()

    def serve(self, positions: Sequence[_Position], results: Sequence) -> None:
        """Be for the object at ``positions[len(results)]`` from now on."""
        self.positions = positions
        self.results = results

    def rest(self) -> None:
        """Let go of what was resolved: positions keep the info until the answer is complete."""
        self.serve((), ())

    @property
    def path(self) -> Path:
        if len(self.results) >= len(self.positions):
            raise RuntimeError("info.path can only be read while a value is resolved.")
        position: Any = self.positions[len(self.results)]
        # A position within the field's own value is left for the object that has the field.
        while position.info is self:
            position = position.parent
        return Path(position.path(), response_key(self.field_nodes[0]), self.parent_type.name)


class _Execution:
    def __init__(
        self,
        schema,
        operation,
        fragments,
        variables,
        context,
        root_value,
        gap,
        spend,
        collector,
    ):
        self.schema = schema
        self.operation = operation
        self.fragments = fragments
        self.variables = variables
        self.context = context
        self.root_value = root_value
        self.gap = gap
        self.spend = spend
        self.fields_of = collector.fields_of
        self.errors: list[GraphQLError] = []
        self.ready: deque[Callable[[], None]] = deque()
        self.waiting: list[tuple[list, _ResolveInfo | None, list, Callable[[list], None]]] = []
        self.failed: dict[Loader, Exception] = {}

    def run(self) -> ExecutionResult:
        root_type = self.schema.get_root_type(self.operation.operation)
        answer: dict[str, Any] = {"data": {}}
        root = _Position(None, answer, "data", nullable=True, info=None)
        try:
            fields = self.fields_of(root_type, [self.operation.selection_set])
        except GraphQLError as error:
            return ExecutionResult(data=None, errors=[error])
        if self.operation.operation is OperationType.MUTATION:
            self.run_serially(root_type, fields, answer["data"], root)
        else:
            self.run_objects(root_type, fields, [self.root_value], [answer["data"]], [root])
            self.run_what_waits()
        self.errors.sort(key=place_in_document)
        return ExecutionResult(data=answer["data"], errors=self.errors or None)

    def run_serially(self, root_type, fields: Collected, answer, root: _Position) -> None:
        """What comes after a field that nulls the whole answer does not happen."""
        self.begin_fields(fields, [answer])
        for field in fields.fields:
            if root.voided:
                break
            self.resolve_field(root_type, field, [self.root_value], [answer], [root])
            self.run_what_waits()

    def run_what_waits(self) -> None:
        while self.ready or self.waiting:
            while self.ready:
                self.ready.popleft()()
            self.load_waiting()

    def load_waiting(self) -> None:
        """Load what values wait for, each loader once, the lowest rank first; let them go on."""
        keys_by_loader: dict[Loader, list] = defaultdict(list)
        for values, *_ in self.waiting:
            for loader, keys in needs_of(values):
                if loader not in self.failed and not loader.has(keys):
                    keys_by_loader[loader].extend(keys)
        rank = min((loader.rank for loader in keys_by_loader), default=0)
        for loader, keys in keys_by_loader.items():
            if loader.rank == rank:
                try:
                    loader.load(keys)
                except AnswerStopped:
                    raise
                except Exception as error:
                    self.failed[loader] = error
        waiting, self.waiting = self.waiting, []
        for values, info, positions, proceed in waiting:
            if all(loader in self.failed or loader.has(keys) for loader, keys in needs_of(values)):
                finished = each(self.finish, values, info, positions)
                self.ready.append(partial(self.when_loaded, finished, info, positions, proceed))
            else:
                self.waiting.append((values, info, positions, proceed))

    def finish(self, value: Any) -> Any:
        if not isinstance(value, Deferred):
            return value
        for loader, _ in value.needs:
            if loader in self.failed:
                return self.failed[loader]
        return value.finish()

    # Objects and their fields

    def run_objects(self, object_type, fields, objects, answers, positions) -> None:
        """Resolve every selected field for all ``objects``, which share one concrete type."""
        prepare = getattr(self.context, "prepare", None)
        prepared = prepare(object_type, fields, objects) if prepare is not None else None
        if prepared is None:
            self.run_fields(object_type, fields, objects, answers, positions)
            return
        self.when_loaded(
            prepared,
            None,
            positions,
            lambda values: self.run_prepared(object_type, fields, values, answers, positions),
        )

    def run_prepared(self, object_type, fields, objects, answers, positions) -> None:
        usable = []
        for obj, answer, position in zip(objects, answers, positions, strict=True):
            if isinstance(obj, Exception):
                self.fail(obj, position)
            else:
                usable.append((obj, answer, position))
        if usable:
            self.run_fields(object_type, fields, *zip(*usable, strict=True))

    def run_fields(self, object_type, fields: Collected, objects, answers, positions) -> None:
        if self.gap is not None:
            for obj, position in zip(objects, positions, strict=True):
                position.value = obj
        self.begin_fields(fields, answers)
        for field in fields.fields:
            self.resolve_field(object_type, field, objects, answers, positions)

    def begin_fields(self, fields: Collected, answers) -> None:
        self.spend("bytes", len(answers) * (BYTES_OF_AN_OBJECT + fields.bytes))
        for answer in answers:
            answer.update(fields.blank)

    def resolve_field(
        self, object_type, field: CollectedField, objects, answers, positions
    ) -> None:
        return_type = field.definition.type
        info = self.info(field.nodes, return_type, object_type)
        try:
            arguments = field.arguments_for(self.variables)
        except Exception as error:
            values: list[Any] = [error] * len(objects)
        else:
            values = resolve_all(field.resolve, objects, info, arguments, positions)

        def complete(values):
            keys = [field.key] * len(values)
            self.complete(return_type, info, values, answers, keys, positions)

        self.when_loaded(values, info, positions, complete)

    def info(self, nodes: list[FieldNode], return_type, parent_type) -> _ResolveInfo:
        # In the order of its fields: it is made for each field of each kind of object.
        return _ResolveInfo(
            nodes[0].name.value,
            nodes,
            return_type,
            parent_type,
            None,  # type: ignore[arg-type]
            self.schema,
            self.fragments,
            self.root_value,
            self.operation,
            self.variables,
            self.context,
            never_awaitable,
        )

    def when_loaded(self, values: list, info, positions, proceed: Callable[[list], None]) -> None:
        """Go on with ``values`` once none of them is deferred any more."""
        if Deferred in map(type, values):
            self.waiting.append((values, info, positions, proceed))
        else:
            proceed(values)

    # Completing values

    def complete(self, return_type, info, values, containers, keys, positions) -> None:
        """Put ``values`` into ``containers[i][keys[i]]``, as ``return_type`` demands.

        ``positions[i]`` is the position of the object or list that ``containers[i]`` is. Null
        stands in every container already.
        """
        required = isinstance(return_type, GraphQLNonNull)
        named = return_type.of_type if required else return_type
        if is_leaf_type(named):
            self.complete_leaves(named, required, info, values, containers, keys, positions)
            return
        nullable = self.gap is not None or not required
        present = []
        places = []
        for index, value in enumerate(values):
            if value is None and not required:
                continue
            place = _Position(positions[index], containers[index], keys[index], nullable, info)
            if value is None:
                self.fail(self.missing(info, positions[index]), place)
            elif isinstance(value, Exception):
                self.fail(value, place)
            else:
                present.append(value)
                places.append(place)
        if present:
            self.complete_composites(named, info, present, places)

    def complete_leaves(
        self, leaf_type, required, info, values, containers, keys, positions
    ) -> None:
        serialize = leaf_type.serialize
        size = len(values) * BYTES_OF_A_LEAF
        error: Exception
        for index, value in enumerate(values):
            if value is None:
                if not required:
                    continue
                error = self.missing(info, positions[index])
            elif isinstance(value, Exception):
                error = value
            else:
                try:
                    leaf = serialize(value)
                except Exception as raised:
                    is_gap = self.gap is not None and value == ""
                    error = self.missing(info, positions[index]) if is_gap else raised
                else:
                    if leaf is not None and leaf is not Undefined:
                        containers[index][keys[index]] = leaf
                        if type(leaf) is str:
                            size += len(leaf) if leaf.isascii() else bytes_of(leaf)
                        elif type(leaf) is list:
                            size += bytes_of_list(leaf)
                        continue
                    error = not_serialized(leaf_type, value, leaf)
            nullable = self.gap is not None or not required
            self.fail(
                error, _Position(positions[index], containers[index], keys[index], nullable, info)
            )
        self.spend("bytes", size)

    def complete_composites(self, named, info, values, places) -> None:
        if isinstance(named, GraphQLList):
            self.complete_lists(named, info, values, places)
        elif isinstance(named, ABSTRACT):
            self.complete_abstract(named, info, values, places)
        else:
            self.complete_objects(named, info, values, places)

    def complete_lists(self, list_type, info, values, places) -> None:
        flat: list[Any] = []
        containers: list[list] = []
        keys: list[int] = []
        owners: list[_Position] = []
        lists = each(partial(items_of, info), values, info, places)
        for items, place in zip(lists, places, strict=True):
            if isinstance(items, Exception):
                self.fail(items, place)
                continue
            container = [None] * len(items)
            place.container[place.key] = container
            flat.extend(items)
            containers.extend([container] * len(items))
            keys.extend(range(len(items)))
            owners.extend([place] * len(items))
        if flat:
            self.when_loaded(
                flat,
                info,
                owners,
                lambda values: self.complete(
                    list_type.of_type, info, values, containers, keys, owners
                ),
            )

    def complete_abstract(self, abstract_type, info, values, places) -> None:
        types = each(partial(self.runtime_type, abstract_type, info), values, info, places)
        by_type: dict[GraphQLObjectType, tuple[list, list]] = defaultdict(lambda: ([], []))
        for object_type, value, place in zip(types, values, places, strict=True):
            if isinstance(object_type, Exception):
                self.fail(object_type, place)
            else:
                members, their_places = by_type[object_type]
                members.append(value)
                their_places.append(place)
        for object_type, (members, their_places) in by_type.items():
            self.complete_objects(object_type, info, members, their_places)

    def runtime_type(self, abstract_type, info, value) -> GraphQLObjectType:
        name = (abstract_type.resolve_type or default_type_resolver)(value, info, abstract_type)
        object_type = self.schema.get_type(name) if isinstance(name, str) else None
        if not isinstance(object_type, GraphQLObjectType):
            raise untold_type(abstract_type, info, value, name, object_type)
        if not self.schema.is_sub_type(abstract_type, object_type):
            raise GraphQLError(
                f"Runtime Object type '{object_type.name}' is not a possible type"
                f" for '{abstract_type.name}'.",
                info.field_nodes,
            )
        return object_type

    def complete_objects(self, object_type, info, values, places) -> None:
        sets = [node.selection_set for node in info.field_nodes if node.selection_set]
        try:
            fields = self.fields_of(object_type, sets)
        except Exception as error:
            for place in places:
                self.fail(error, place)
            return
        if object_type.is_type_of:
            values, places = self.of_type(object_type, info, values, places)
            if not values:
                return
        if not is_introspection_type(object_type):
            self.spend("cost", len(places))
        answers: list[dict[str, Any]] = []
        for place in places:
            answer: dict[str, Any] = {}
            place.container[place.key] = answer
            answers.append(answer)
        self.ready.append(lambda: self.run_objects(object_type, fields, values, answers, places))

    def of_type(self, object_type, info, values, places) -> tuple[list, list]:
        """The values that their type recognises as its own; the others are errors."""
        checks = each(lambda value: bool(object_type.is_type_of(value, info)), values, info, places)
        accepted: tuple[list, list] = ([], [])
        for check, value, place in zip(checks, values, places, strict=True):
            if check is True:
                accepted[0].append(value)
                accepted[1].append(place)
            else:
                failed = isinstance(check, Exception)
                self.fail(check if failed else wrong_type(object_type, info, value), place)
        return accepted

    # Errors

    def missing(self, info: _ResolveInfo, position: _Position) -> Exception:
        """What is said of a null where the schema promises a value."""
        if self.gap is None:
            return promised(info)
        return self.gap(position.values(), field_of(info))

    def fail(self, error: Exception, position: _Position) -> None:
        """Record an error and put null where it belongs, unless that place is null already."""
        path, info = position.path(), position.info
        if position.is_voided() or path is None or info is None:
            return
        self.spend("bytes", BYTES_OF_AN_ERROR)
        self.errors.append(located_error(error, info.field_nodes, path.as_list()))
        position.void()


def bytes_of(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def bytes_of_list(value: list) -> int:
    """Of a scalar that is answered as it is."""
    return len(dumps(value, ensure_ascii=False, check_circular=False).encode())


def never_awaitable(value: Any) -> bool:
    return False


def needs_of(values: list) -> Iterator[tuple[Loader, Any]]:
    for value in values:
        if isinstance(value, Deferred):
            yield from value.needs


def resolve_all(
    resolve, objects: list, info: _ResolveInfo, arguments: dict, positions: list
) -> list:
    """One value for each object; an exception stands in the place of a value that failed."""
    values: list[Any] = []
    info.serve(positions, values)
    for obj in objects:
        try:
            values.append(resolve(obj, info, **arguments))
        except AnswerStopped:
            raise
        except Exception as error:
            values.append(error)
    info.rest()
    return values


def each(
    function: Callable[[Any], Any], values: list, info: _ResolveInfo | None, positions: list
) -> list:
    """One result for each value, with ``info`` being for that value, or the exception raised."""
    results: list[Any] = []
    if info is not None:
        info.serve(positions, results)
    for value in values:
        try:
            results.append(function(value))
        except AnswerStopped:
            raise
        except Exception as error:
            results.append(error)
    if info is not None:
        info.rest()
    return results


def items_of(info: _ResolveInfo, value: Any) -> list:
    if type(value) is list:
        return value
    if not is_iterable(value):
        raise GraphQLError(f"Expected Iterable, but did not find one for field '{field_of(info)}'.")
    return list(value)


def field_of(info: _ResolveInfo) -> str:
    return f"{info.parent_type.name}.{info.field_name}"


# What graphql-core says, word for word.


def promised(info: _ResolveInfo) -> TypeError:
    return TypeError(f"Cannot return null for non-nullable field {field_of(info)}.")


def not_serialized(leaf_type, value: Any, leaf: Any) -> TypeError:
    return TypeError(
        f"Expected `{leaf_type}.serialize({inspect(value)})` to return non-nullable value,"
        f" returned: {inspect(leaf)}"
    )


def wrong_type(object_type: GraphQLObjectType, info: _ResolveInfo, value: Any) -> GraphQLError:
    return GraphQLError(
        f"Expected value of type '{object_type.name}' but got: {inspect(value)}.",
        info.field_nodes,
    )


def untold_type(
    abstract_type, info: _ResolveInfo, value: Any, name: Any, found: Any
) -> GraphQLError:
    """What is wrong with ``name``, under which the schema has ``found``: no object type."""
    abstract, field = abstract_type.name, field_of(info)
    must = f"Abstract type '{abstract}' must resolve to an Object type at runtime for field"
    if isinstance(name, GraphQLObjectType):
        return GraphQLError(
            "Support for returning GraphQLObjectType from resolve_type was removed in"
            " GraphQL-core 3.2, please return type name instead."
        )
    if name is None:
        message = (
            f"{must} '{field}'. Either the '{abstract}' type should provide a 'resolve_type'"
            " function or each possible type should provide an 'is_type_of' function."
        )
    elif not isinstance(name, str):
        message = f"{must} '{field}' with value {inspect(value)}, received '{inspect(name)}'."
    elif found is None:
        message = (
            f"Abstract type '{abstract}' was resolved to a type '{name}' that does not exist"
            " inside the schema."
        )
    else:
        message = f"Abstract type '{abstract}' was resolved to a non-object type '{name}'."
    return GraphQLError(message, info.field_nodes)


def place_in_document(error: GraphQLError) -> tuple:
    """Errors are told in graphql-core's order."""
    path = [(isinstance(key, str), key) for key in error.path or []]
    return (error.locations or [], path, error.message)
