"""What is changed: one comparison, condition, truth value or number at a time.

Of cosmic-ray's operators those that change conditions are used, and some of ours for what it lacks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators import (
    boolean_replacer,
    comparison_operator_replacement,
    number_replacer,
    unary_operator_replacement,
)
from cosmic_ray.operators.operator import Operator

__all__ = ["Mutant", "mutants_of"]

BOUNDS = ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt")
TURNED_ROUND = (
    "Eq_NotEq",
    "NotEq_Eq",
    "Lt_GtE",
    "LtE_Gt",
    "Gt_LtE",
    "GtE_Lt",
    "Is_IsNot",
    "IsNot_Is",
)
OPPOSITES = {"in": "not in", "not in": "in"}
# How wide a column is says a migration, and that none is missing is checked by itself; where a
# button stands among others is no bound.
NO_BOUNDS = ("max_length", "order", "priority", "menu_order", "action_priority")


@dataclass(frozen=True)
class Mutant:
    """The file's text as changed, and the words by which the change is known."""

    file: str
    source: str
    first_line: int
    last_line: int
    within: str  # The function, or nothing of what runs at import.
    around: range  # Its lines.
    was: str
    becomes: str

    @property
    def at_import(self) -> bool:
        return not self.within


def mutants_of(file: str, source: str) -> list[Mutant]:
    """All changes of a file, by line."""
    found: dict[str, Mutant] = {}
    statements, functions = [*statements_of(source)], [*functions_of(source)]
    for operator in operators():
        for occurrence, line in enumerate(lines_of(operator, source)):
            changed = mutate_code(source, operator, occurrence)
            if changed is None or changed == source or not compiles(changed):
                continue
            was, becomes = difference(source, changed)
            first, last = statement_at(line, statements)
            at_import = "", range(first, last + 1)
            found_in = (each for each in reversed(functions) if line in each[1])
            within, around = next(found_in, at_import)
            made = Mutant(file, changed, first, last, within, around, was, becomes)
            found.setdefault(changed, made)
    return sorted(found.values(), key=lambda mutant: (mutant.first_line, mutant.was))


def operators() -> Iterator[Operator]:
    yield from map(comparison, BOUNDS)
    yield from map(OutsideConditions, map(comparison, TURNED_ROUND))
    yield OutsideConditions(Membership())
    yield OutsideConditions(unary_operator_replacement.ReplaceUnaryOperator_Delete_Not())
    yield InFunctions(boolean_replacer.ReplaceTrueWithFalse())
    yield InFunctions(boolean_replacer.ReplaceFalseWithTrue())
    yield Condition("True")
    yield Condition("False")
    yield OneOperand()
    yield Number()


def comparison(name: str) -> Operator:
    return getattr(comparison_operator_replacement, f"ReplaceComparisonOperator_{name}")()


def lines_of(operator: Operator, source: str) -> Iterator[int]:
    for node in ast_nodes(get_ast(source)):
        for start, _ in operator.mutation_positions(node):
            yield start[0]


def compiles(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def difference(before: str, after: str) -> tuple[str, str]:
    """The lines that are not alike, each as one line."""
    old, new = before.splitlines(), after.splitlines()
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return one_line(old[start : len(old) - end]), one_line(new[start : len(new) - end])


def one_line(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def statements_of(source: str) -> Iterator[tuple[int, int]]:
    """The first and last line of each statement; of one with a body, of what is above it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None) or getattr(node, "cases", None)
            last = node.end_lineno or node.lineno
            inner = body[0] if body else None
            if isinstance(inner, ast.stmt):
                last = max(node.lineno, inner.lineno - 1)
            yield node.lineno, last


def functions_of(source: str) -> Iterator[tuple[str, range]]:
    """The lines of their bodies; what is within another comes after it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)


def statement_at(line: int, statements: list[tuple[int, int]]) -> tuple[int, int]:
    around = [(first, last) for first, last in statements if first <= line <= last]
    return min(around, key=lambda lines: lines[1] - lines[0], default=(line, line))


class OurOperator(Operator):
    """One that sets the children of a node anew; `choices` lists how."""

    def choices(self, node) -> list[tuple[int, str]]:
        """Which child takes what place, each as one change."""
        raise NotImplementedError

    def mutation_positions(self, node):
        for child, _ in self.choices(node):
            yield node.children[child].start_pos, node.children[child].end_pos

    def mutate(self, node, index):
        child, text = self.choices(node)[index]
        node.children[child] = parso.parse(text)
        return node

    @classmethod
    def examples(cls):
        return ()


class Membership(OurOperator):
    """`in` as `not in`, and the other way round."""

    def choices(self, node):
        if node.type != "comparison":
            return []
        signs = [
            (place, " ".join(child.get_code().split())) for place, child in enumerate(node.children)
        ]
        return [(place, f" {OPPOSITES[sign]}") for place, sign in signs if sign in OPPOSITES]


class Condition(OurOperator):
    """A condition that always holds, or never."""

    def __init__(self, always: str):
        self.always = always

    def choices(self, node):
        endless = node.type == "while_stmt" and self.always == "True"
        return [
            (place, f" {self.always}")
            for place in places_of_conditions(node)
            if not endless and node.children[place].get_code().strip() != "TYPE_CHECKING"
        ]


class OneOperand(Operator):
    """`a and b` without `a`, and without `b`; tests that tell these from it tell `or` as well."""

    def mutation_positions(self, node):
        if node.type in ("and_test", "or_test"):
            for operand in node.children[::2]:
                yield operand.start_pos, operand.end_pos

    def mutate(self, node, index):
        place = 2 * index
        prefix = node.get_first_leaf().prefix
        del node.children[max(place - 1, 0) : max(place - 1, 0) + 2]
        node.get_first_leaf().prefix = prefix
        return node

    @classmethod
    def examples(cls):
        return ()


class Number(number_replacer.NumberReplacer):
    """Each number by one more and one less."""

    def mutation_positions(self, node):
        if not is_given_as(node, NO_BOUNDS):
            yield from super().mutation_positions(node)

    def mutate(self, node, index):
        changed = super().mutate(node, index)
        changed.value, changed.prefix = changed.value.strip(), node.prefix
        return changed


def is_given_as(node: Any, names: tuple[str, ...]) -> bool:
    """Whether it is what an argument, or a name, is set to."""
    given = node.parent
    return (
        given is not None
        and given.type in ("argument", "expr_stmt")
        and given.children[0].get_code().strip() in names
    )


class OutsideConditions(Operator):
    """Turning a whole condition, or an operand, round tells no more than leaving it out does."""

    def __init__(self, operator: Operator):
        self.operator = operator

    def mutation_positions(self, node):
        if not is_condition(node):
            yield from self.operator.mutation_positions(node)

    def mutate(self, node, index):
        return self.operator.mutate(node, index)

    @classmethod
    def examples(cls):
        return ()


class InFunctions(OutsideConditions):
    """What a class or a decorator is told at import is no condition of what runs."""

    def mutation_positions(self, node):
        if parso.tree.search_ancestor(
            node, "funcdef", "lambdef"
        ) and not parso.tree.search_ancestor(node, "decorator"):
            yield from self.operator.mutation_positions(node)


def is_condition(node: Any) -> bool:
    above = node.parent
    while above is not None and above.type in ("atom", "not_test"):
        node, above = above, above.parent
    if above is None:
        return False
    return above.type in ("and_test", "or_test") or node in [
        above.children[place] for place in places_of_conditions(above)
    ]


def places_of_conditions(node: Any) -> list[int]:
    """Which children of a node are conditions."""
    if node.type in ("if_stmt", "while_stmt"):
        return [
            place + 1
            for place, child in enumerate(node.children)
            if child.type == "keyword" and child.value in ("if", "elif", "while")
        ]
    if node.type == "test" and len(node.children) == 5:
        return [2]
    if node.type in ("comp_if", "old_comp_if"):
        return [1]
    return []
