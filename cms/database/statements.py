"""SQL that is built once and run many times, each time with other values.

Django builds a statement anew whenever a queryset is run, which costs several times what running it
does. A ``Question`` describes a queryset with ``Given`` in the place of the values that change, so
its statement can be kept. PostgreSQL keeps its own plan of it (a prepared statement).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import BooleanField, CharField, Expression, F, Field, Func, Model, QuerySet
from django.db.models.base import ModelState

__all__ = [
    "AmongGiven",
    "BeginsWithGiven",
    "Given",
    "Question",
    "forget_statements",
    "long_texts_noted",
]

# Lists can be asked for in many ways; the least recently used statements go first.
STATEMENTS_KEPT = 1_000
PLACE = re.compile(r"%%|%s")
# Kinds of columns that hold a text of any length.
LONG_TEXTS = {"JSONField", "TextField"}

_noted: ContextVar[Callable[[int], None] | None] = ContextVar("noted", default=None)


@contextmanager
def long_texts_noted(note: Callable[[int], None]) -> Iterator[None]:
    """Each statement tells how many characters of long texts it has read; ``note`` may raise."""
    token = _noted.set(note)
    try:
        yield
    finally:
        _noted.reset(token)


class Question:
    """What is asked of the database. Subclasses are frozen dataclasses: equal ones are one SQL."""

    def queryset(self) -> QuerySet:
        raise NotImplementedError

    def tables(self) -> tuple[str, tuple[Any, ...]]:
        """Tables that only its own statement has: a WITH to put before it, and its parameters."""
        return "", ()

    def ask(self, **values: Any) -> list:
        """The rows, for the values by their names: instances, or tuples for ``values_list``."""
        return _statement_of(self).run(values)


class Given(Expression):
    """A value that is given by its name each time a statement runs."""

    def __init__(self, name: str, field: Field):
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def prepared(self, value: Any, connection) -> Any:
        return self.output_field.get_db_prep_value(value, connection)


class _GivenList(Given):
    def prepared(self, value, connection):
        return list(value) if connection.vendor == "postgresql" else json.dumps(list(value))


class AmongGiven(Func):
    """Whether a column has one of the values given by a name, which are whole numbers or texts.

    Unlike ``IN`` this is the same SQL for any number of values, and knows no greatest number.
    """

    output_field = BooleanField()
    arity = 2
    arg_joiner = " IN (SELECT value FROM json_each("
    template = "%(expressions)s))"

    def __init__(self, column: str, name: str):
        super().__init__(F(column), _GivenList(name, BooleanField()))

    def as_postgresql(self, compiler, connection):
        # Another type than the column's own would keep PostgreSQL from using its index, but for
        # longer whole numbers: whoever asks for one that the column cannot have finds nothing.
        column = self.source_expressions[0].output_field
        kind = "text" if column.empty_strings_allowed else column.rel_db_type(connection)
        kind = "bigint" if kind == "integer" else kind
        return self.as_sql(
            compiler, connection, arg_joiner=" = ANY(", template=f"%(expressions)s::{kind}[])"
        )


class BeginsWithGiven(Func):
    """Whether a column's text begins with the one given by a name.

    Of a pattern or a beginning that it does not know yet, PostgreSQL expects that next to nothing
    has it, and fetches what it finds row by row; of a CASE, that half has it.
    """

    output_field = BooleanField()
    arity = 2
    template = "(CASE WHEN STARTS_WITH(%(expressions)s) THEN TRUE ELSE FALSE END)"

    def __init__(self, column: str, name: str):
        super().__init__(F(column), Given(name, CharField()))

    def as_sqlite(self, compiler, connection):
        return self.as_sql(compiler, connection, template="(INSTR(%(expressions)s) = 1)")


@lru_cache(maxsize=STATEMENTS_KEPT)
def _statement_of(question: Question) -> _Statement | _Nothing:
    try:
        return _Statement(question.queryset(), *question.tables())
    except EmptyResultSet:
        return _Nothing()


def forget_statements() -> None:
    """Build every statement anew, as when what they were built from has changed."""
    _statement_of.cache_clear()


class _Nothing:
    """In the place of a statement that would find nothing whatever it is given."""

    def run(self, values: dict[str, Any]) -> list:
        return []


class _Statement:
    def __init__(self, queryset: QuerySet, before: str, given: tuple[Any, ...]):
        self.database = queryset.db
        compiler = queryset.query.get_compiler(self.database)
        sql, parameters = compiler.as_sql()
        self.sql, self.parameters = _with_numbers_written_out(
            f"{before} {sql}" if before else sql, (*given, *parameters)
        )
        columns = [column for column, *_ in compiler.select]
        self.long_texts = [
            place
            for place, column in enumerate(columns)
            if column.output_field.get_internal_type() in LONG_TEXTS
        ]
        self.converters = list(compiler.get_converters(columns).items())
        info = None if queryset._fields else compiler.klass_info
        self.make: Callable[[tuple], Any] = (
            _Instances(info, compiler, self.database).make if info else tuple
        )

    def run(self, values: dict[str, Any]) -> list:
        connection = connections[self.database]
        parameters = [
            each.prepared(values[each.name], connection) if isinstance(each, Given) else each
            for each in self.parameters
        ]
        with _cursor(connection) as cursor:
            cursor.execute(self.sql, parameters)
            rows = cursor.fetchall()
        note = _noted.get()
        if note is not None and self.long_texts:
            note(sum(len(row[place] or "") for row in rows for place in self.long_texts))
        if self.converters:
            rows = [self.converted(row, connection) for row in rows]
        return [self.make(row) for row in rows]

    def converted(self, row: tuple, connection) -> list:
        cells = list(row)
        for place, (converters, expression) in self.converters:
            for convert in converters:
                cells[place] = convert(cells[place], expression, connection)
        return cells


def _cursor(connection):
    """A cursor that leaves it to PostgreSQL to put values in, which lets it keep its plan."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    return connection._prepare_cursor(ServerBindingCursor(connection.connection))


def _with_numbers_written_out(sql: str, parameters) -> tuple[str, list]:
    """Numbers that never change stand in the text, where PostgreSQL's planner can see them."""
    remaining = iter(parameters)
    kept: list[Any] = []

    def written(place: re.Match) -> str:
        if place[0] == "%%":
            return "%%"
        value = next(remaining)
        if type(value) is int:
            return str(value)
        kept.append(value)
        return "%s"

    return PLACE.sub(written, sql), kept


class _Instances:
    """Makes instances from rows as Django does, but for the signals and what ``__init__`` checks.

    Rows come from the database, so there is nothing to check.
    """

    def __init__(self, info: dict[str, Any], compiler, database: str):
        self.model: type[Model] = info["model"]
        places = {compiler.select[i][0].target.attname: i for i in info["select_fields"]}
        self.names = list(places)
        self.values = itemgetter(*places.values())
        self.key = places[self.model._meta.pk.attname]
        self.annotations = list((compiler.annotation_col_map or {}).items())
        self.related = [
            (_Instances(each, compiler, database), each["local_setter"], each["remote_setter"])
            for each in info.get("related_klass_infos", [])
        ]
        self.database = database

    def make(self, row) -> Any:
        if row[self.key] is None:
            return None  # Nothing was joined.
        instance: Any = object.__new__(self.model)
        state = ModelState()
        state.adding = False
        state.db = self.database
        instance.__dict__ = dict(zip(self.names, self.values(row), strict=True), _state=state)
        for name, place in self.annotations:
            instance.__dict__[name] = row[place]
        for related, set_here, set_there in self.related:
            other = related.make(row)
            set_here(instance, other)
            if other is not None:
                set_there(other, instance)
        return instance
