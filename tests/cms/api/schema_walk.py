"""Operations that together follow every edge of the schema, made from the schema alone.

An *edge* is a field that leads from one type to another. Every edge is followed along the shortest
way from the root, and under it everything of what it leads to is asked for: with what is part of
it, such as blocks and rows, and with the facts of what that refers to. Arguments are filled in by
their type and name.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)

__all__ = [
    "ONE_OF",
    "Arguments",
    "Operation",
    "SchemaWalk",
    "Step",
    "field_of_key",
    "is_abstract",
    "is_connection",
    "is_wrapping",
    "needs_arguments",
]

SEPARATOR = "__"
PAGING = {"first", "last", "after", "before"}
BATCH = 40
# What a list among the arguments may hold.
MOST_VALUES = 100
# May be left out, but then there is nothing to be told: the first, unless the other is given.
ALWAYS = {"since": None, "path": "id"}
# Where both may be given, one has to be.
ONE_OF = {"path", "id"}


@dataclass(frozen=True)
class Operation:
    """A text to send with its variables, and the edge it follows, perhaps with an argument."""

    edge: Step
    argument: str | None
    text: str
    variables: dict[str, Any]


@dataclass(frozen=True)
class Step:
    """A field on the way to somewhere; ``on`` says where it is selected, ``target`` what it is."""

    on: GraphQLObjectType | GraphQLInterfaceType
    name: str
    field: GraphQLField

    @property
    def target(self) -> Any:
        return get_named_type(self.field.type)


def field_of_key(key: str) -> str:
    """The field's name behind a key of an answer, which may be an alias made here."""
    if key.startswith(SEPARATOR):
        return key
    type_name, _, name = key.rpartition(SEPARATOR)
    return type_name if name.isdigit() else name


class SchemaWalk:
    """Makes the operations.

    ``things`` are the types of what stands for itself, as pages and people do; all other types are
    parts. ``values(name, type_name, returned, few)`` answers what an argument can be tried with:
    ``returned`` is the name of the type that the field with the argument leads to, and ``few`` says
    that some of each kind will do.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        things: set[str],
        values: Callable[[str, str, str, bool], list],
        page_size: int,
    ):
        assert schema.query_type is not None
        self.schema = schema
        self.root = schema.query_type
        self.things = things
        self.values = values
        self.page_size = page_size
        self.ways = self.find_ways()
        self.of_mutations = self.find_types_of_mutations()

    # Which types there are, and how to get there

    def find_ways(self) -> dict[str, list[Step]]:
        """The shortest way from the root to each type.

        One that leads to that very type goes first, then one to whatever has an interface, which
        may be nothing of that type; last comes one that needs arguments.
        """
        ways: dict[str, list[Step]] = {self.root.name: []}
        for to_any, with_arguments in ((False, False), (True, False), (True, True)):
            queue = deque(ways)
            while queue:
                name = queue.popleft()
                for here in self.concrete(self.schema.type_map[name]):
                    for step in self.steps_from(here):
                        target = step.target
                        if needs_arguments(step.field) and not with_arguments:
                            continue
                        for reached in {target, *(self.concrete(target) if to_any else ())}:
                            if reached.name not in ways:
                                ways[reached.name] = [*ways[name], step]
                                queue.append(reached.name)
        return ways

    def steps_from(self, here: GraphQLObjectType) -> Iterator[Step]:
        for name, field in here.fields.items():
            if not is_leaf_type(get_named_type(field.type)):
                yield Step(here, name, field)

    def concrete(self, named: Any) -> list[GraphQLObjectType]:
        if is_abstract(named):
            return sorted(self.schema.get_possible_types(named), key=lambda each: each.name)
        return [named]

    def object_types(self) -> list[GraphQLObjectType]:
        return [
            each
            for each in self.schema.type_map.values()
            if isinstance(each, GraphQLObjectType)
            and not each.name.startswith(SEPARATOR)
            and each.name not in self.of_mutations
        ]

    def find_types_of_mutations(self) -> set[str]:
        """Of what is sent alone: it has tests of its own, and no query leads there."""
        found: set[str] = set()
        queue: deque[Any] = deque(filter(None, [self.schema.mutation_type]))
        while queue:
            here = queue.popleft()
            if here.name not in found | self.ways.keys():
                found.add(here.name)
                queue.extend(step.target for step in self.steps_from(here))
        return found

    def edges(self) -> Iterator[Step]:
        for here in self.object_types():
            yield from self.steps_from(here)

    # Operations

    def operations(self, *, all_arguments: bool = True) -> Iterator[Operation]:
        """Each edge with what must be said, then once more for each argument that may be."""
        done = set()
        for found in self.edges():
            step = Step(self.declared_on(found), found.name, found.field)
            if (step.on.name, step.name) in done:
                continue
            done.add((step.on.name, step.name))
            way = [*self.way_to(step.on), step]
            yield from self.along(way, None)
            for name, argument in step.field.args.items():
                if all_arguments and not is_required_argument(argument):
                    yield from self.along(way, name)

    def items_apart(self) -> Iterator[Operation]:
        """Each list but those of interfaces, once for each field of its items, asked for alone."""
        for step in self.edges():
            if not is_connection(step) or self.declared_on(step) is not step.on:
                continue
            way = [*self.ways[step.on.name], step]
            for name in item_type(step).fields:
                beneath = Arguments(self)
                yield from self.leading(way, None, beneath.of_items(step, name), beneath)

    def way_to(self, named: Any) -> list[Step]:
        """The shortest way to a type; to an interface, that to the nearest type that has it."""
        ways = [self.ways[each.name] for each in self.concrete(named)]
        return min(ways, key=len)

    def declared_on(self, step: Step) -> GraphQLObjectType | GraphQLInterfaceType:
        """The interface that promises a field, so that it is followed for all its types at once."""
        for interface in getattr(step.on, "interfaces", ()):
            if step.name in interface.fields:
                return interface
        return step.on

    def along(self, way: list[Step], argument: str | None) -> Iterator[Operation]:
        """Follow a way with every value there is to try, and ask for what it leads to."""
        beneath = Arguments(self)
        target = way[-1].target
        body = beneath.facts(target) if argument else beneath.everything(target)
        yield from self.leading(way, argument, body, beneath)

    def leading(
        self, way: list[Step], argument: str | None, body: str, beneath: Arguments
    ) -> Iterator[Operation]:
        """Ask for a body at the end of a way, many at once where values stand at the root.

        Where there are several, values of the argument are combined with a few of the others'.
        """
        root, last = way[0], way[-1]
        for before, each in reversed([*pairwise(way)]):
            said = beneath.said(each, argument if each is last else None)
            body = self.narrowed(before, each, f"{each.name}{said} {{ {body} }}")
        fragment = f"fragment beneath on {root.target.name} {{ {body} }}"
        own = argument if root is last else None
        tries = self.tries_at(root, own, few=root is not last or own is not None)
        for below in beneath.sets():
            for number in range(0, len(tries), BATCH):
                yield self.written(
                    last, argument, root, tries[number : number + BATCH], fragment, beneath, below
                )

    def written(self, edge, argument, root, tries, fragment, beneath, below) -> Operation:
        declared = dict(beneath.declared)
        variables = dict(below)
        parts = []
        for number, values in enumerate(tries):
            said = []
            for name, value in values.items():
                declared[f"{name}{number}"] = str(root.field.args[name].type)
                variables[f"{name}{number}"] = value
                said.append(f"{name}: ${name}{number}")
            if "first" in root.field.args and not PAGING.intersection(values):
                said.append(f"first: {self.page_size}")
            arguments = f"({', '.join(said)})" if said else ""
            parts.append(f"{root.name}{SEPARATOR}{number}: {root.name}{arguments} {{ ...beneath }}")
        types = ", ".join(f"${name}: {kind}" for name, kind in declared.items())
        heading = f"query({types})" if types else "query"
        text = f"{heading} {{ {SEPARATOR}typename {' '.join(parts)} }} {fragment}"
        return Operation(edge, argument, text, variables)

    def tries_at(self, step: Step, argument: str | None, *, few: bool) -> list[dict[str, Any]]:
        """Combinations of values for the arguments of a field at the root."""
        required = [
            (name, self.tries(name, each.type, step, few=few))
            for name, each in step.field.args.items()
            if is_required_argument(each)
            or (name in ALWAYS and (not argument or argument not in {name, ALWAYS[name]}))
        ]
        if argument:
            kind = step.field.args[argument].type
            required.append((argument, self.tries(argument, kind, step, few=False)))
        combined: list[dict[str, Any]] = [{}]
        for name, values in required:
            combined = [{**each, name: value} for each in combined for value in values]
        return combined

    def tries(self, name: str, wanted: Any, step: Step, *, few: bool) -> list:
        """What an argument can be tried with."""
        if is_non_null_type(wanted):
            return self.tries(name, wanted.of_type, step, few=few)
        if is_list_type(wanted):
            items = self.tries(name, wanted.of_type, step, few=few)
            many = range(0, len(items), MOST_VALUES)
            return [[item] for item in items] + [items[at : at + MOST_VALUES] for at in many]
        if isinstance(wanted, GraphQLEnumType):
            values = [*wanted.values]
            return [values[0], values[-1]] if few else values
        if isinstance(wanted, GraphQLInputObjectType):
            return [
                {key: value}
                for key, field in wanted.fields.items()
                for value in self.tries(key, field.type, step, few=few)
            ]
        return self.values(name, wanted.name, step.target.name, few)

    @staticmethod
    def narrowed(before: Step, after: Step, selected: str) -> str:
        """A selection under ``before``, which may lead to more types than ``after`` starts at."""
        typename = f"{SEPARATOR}typename "
        if before.target is after.on:
            return typename + selected
        return f"{typename}... on {after.on.name} {{ {selected} }}"


def is_abstract(named: Any) -> bool:
    return isinstance(named, GraphQLInterfaceType | GraphQLUnionType)


def is_connection(step: Step) -> bool:
    return step.target.name.endswith("Connection")


def item_type(step: Step) -> Any:
    """What a connection is a list of."""
    return get_named_type(step.target.fields["nodes"].type)


def needs_arguments(field: GraphQLField) -> bool:
    is_required = any(is_required_argument(argument) for argument in field.args.values())
    return is_required or field.args.keys() >= ONE_OF


class Arguments:
    """Writes what stands beneath the root, and remembers which variables that needs."""

    def __init__(self, walk: SchemaWalk):
        self.walk = walk
        self.declared: dict[str, str] = {}
        self.values: dict[str, list] = {}

    def everything(self, named: Any, above: tuple[str, ...] = ()) -> str:
        """All fields of a type and of its parts, and the facts of what those refer to."""

        def under(here: Any, target: Any) -> str:
            if target.name in self.walk.things and not (is_wrapping(here) and not above):
                return self.facts(target)
            if target.name in above:
                return ""  # A part within parts of its kind: there is nothing new in it.
            return self.everything(target, (*above, target.name))

        return self.selection(named, under)

    def facts(self, named: Any) -> str:
        """The values of a type; of a list, those of its items.

        But for those that take arguments, which are worked out from the others: whoever asks for
        everything of a type asks for them.
        """
        return self.selection(
            named,
            lambda here, target: self.facts(target) if is_wrapping(here) else "",
            worked_out=False,
        )

    def of_items(self, step: Step, name: str) -> str:
        """One field of a list's items, with the facts of what it leads to."""
        item = item_type(step)
        one = self.fields(item, {name: item.fields[name]}, lambda _, target: self.facts(target))
        return f"{SEPARATOR}typename nodes {{ {SEPARATOR}typename {' '.join(one)} }}"

    def selection(
        self, named: Any, under: Callable[[Any, Any], str], *, worked_out: bool = True
    ) -> str:
        """The values of a type, and beneath each edge what ``under`` says, if anything."""
        shared = getattr(named, "fields", {})
        parts = [f"{SEPARATOR}typename", *self.fields(named, shared, under, worked_out=worked_out)]
        if is_abstract(named):
            for each in self.walk.concrete(named):
                own = {name: f for name, f in each.fields.items() if name not in shared}
                # Types may have fields of one name and different types: aliases keep them apart.
                alias = f"{each.name}{SEPARATOR}"
                chosen = self.fields(each, own, under, alias=alias, worked_out=worked_out)
                parts.append(f"... on {each.name} {{ {SEPARATOR}typename {' '.join(chosen)} }}")
        return " ".join(parts)

    def fields(
        self,
        here: Any,
        fields: dict,
        under: Callable,
        *,
        alias: str = "",
        worked_out: bool = True,
    ) -> Iterator[str]:
        for name, field in fields.items():
            target = get_named_type(field.type)
            said = f"{alias}{name}: {name}" if alias else name
            if is_leaf_type(target):
                if worked_out or not field.args:
                    yield said + self.said(Step(here, name, field))
            elif beneath := under(here, target):
                yield f"{said}{self.said(Step(here, name, field))} {{ {beneath} }}"

    def said(self, step: Step, argument: str | None = None) -> str:
        """The arguments of a field: what must be said, how many items, and the one to try."""
        said = []
        for name, each in step.field.args.items():
            if is_required_argument(each) or name == argument:
                key = f"{step.on.name}_{step.name}_{name}"
                self.declared[key] = str(each.type)
                self.values[key] = self.walk.tries(name, each.type, step, few=True)
                said.append(f"{name}: ${key}")
            elif name == "first" and argument not in PAGING:
                said.append(f"first: {self.walk.page_size}")
        return f"({', '.join(said)})" if said else ""

    def sets(self) -> list[dict[str, Any]]:
        """Each value of each variable once, while the others keep their first."""
        if not all(self.values.values()):
            return []  # Nothing sensible is known to try.
        first = {key: values[0] for key, values in self.values.items()}
        sets = [{**first, key: value} for key, values in self.values.items() for value in values]
        return sets or [{}]


def is_wrapping(here: Any) -> bool:
    """Whether a type is only the wrapping of a list's items."""
    return here.name.endswith(("Connection", "Edge"))
