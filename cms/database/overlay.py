"""Rows in the place of those in the database, for the statements of one operation.

A statement is prefixed with a common table expression for each table it names that has such rows.
The expression has the table's own name, so that the rest of the statement reads it without knowing:
lists, their order and totals, filters and links follow, in as many statements as without. What
``sql_reading`` does not understand is refused, lest what is published be shown in its place. What
no perspective changes, such as a page's place in the tree, may be read as it is stored, which costs
less: ``FROM "table" "stored name"``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, connections
from django.db.models import Field, Model
from psycopg.types.json import Jsonb

from cms.database.sql_reading import STORED, NotOverlaid, Reading, Reason, reading_of

__all__ = ["Amendment", "NotOverlaid", "Overlay", "TableOverlay"]

NAMES = re.compile(r'"(\w+)"')
PLACE = re.compile(r"%%|%s")

# Not that of a backslash followed by these letters.
NULL_CHARACTER = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")

MOST_ROWS = 1_000_000

Sql = tuple[str, list[Any]]


@dataclass(frozen=True)
class Amendment:
    """Another value for a column of published rows, without reading them."""

    condition: Sql
    value: Sql


@dataclass
class TableOverlay:
    """The rows that stand in for those whose key is among the ``replaced``.

    Where the table has a row for each of them, ``unchanging`` names the columns that stay the same.
    """

    model: type[Model]
    key: Field
    unchanging: frozenset[str] | None = None
    replaced: set[Any] = field(default_factory=set)
    # A condition for the rows with such a key to be replaced, of columns that are always read.
    only_replaces: Sql | None = None
    rows: list[dict[str, str]] = field(default_factory=list)
    amendments: dict[str, list[Amendment]] = field(default_factory=dict)

    def add(self, instance: Model) -> None:
        """Show an object's row, whether or not the table has one."""
        self.rows.append(
            {
                each.column: f'"{each.column}":{cell(each, getattr(instance, each.attname))}'
                for each in self.model._meta.local_concrete_fields
            }
        )

    def add_new(self, instance: Model) -> None:
        """Show a row that has yet to be written.

        Its key is beyond those of all rows there are, so that it comes after them, as it will.
        """
        key = self.model._meta.pk
        _, highest = connection.ops.integer_field_range(key.get_internal_type())
        setattr(instance, key.attname, highest - MOST_ROWS + len(self.rows))
        self.add(instance)

    def amend(self, column: str, condition: Sql, value: Sql) -> None:
        self.amendments.setdefault(column, []).append(Amendment(condition, value))

    def fields_among(self, names: frozenset[str]) -> list[Field]:
        """Those whose columns a statement names, and those by which rows are replaced."""
        own = {self.key.column, *NAMES.findall(self.condition()[0])}
        return [
            each
            for each in self.model._meta.local_concrete_fields
            if each.column in own or each.column.lower() in names
        ]

    def expressions(self, fields: list[Field]) -> list[Sql]:
        """The table as it is to be read, with some of its columns."""
        if connection.vendor == "postgresql":
            return in_postgresql(self, fields)
        if self.unchanging is None:
            return in_sqlite(self, fields)
        return replaced_in_sqlite(self, fields, self.unchanging)

    def shadowing(self, sql: str, parameters: list[Any]) -> Sql:
        return f'"{self.model._meta.db_table}" AS NOT MATERIALIZED ({sql})', parameters

    def published(self, fields: list[Field]) -> Sql:
        """The columns of the rows that are in the table, as far as they are not replaced."""
        return joined(self.amended(each.column) for each in fields)

    def amended(self, column: str, *cases: Amendment) -> Sql:
        cases = (*cases, *self.amendments.get(column, ()))
        if not cases:
            return f'"{column}"', []
        whens = " ".join(f"WHEN {each.condition[0]} THEN {each.value[0]}" for each in cases)
        parameters = [one for each in cases for one in (*each.condition[1], *each.value[1])]
        return f'CASE {whens} ELSE "{column}" END AS "{column}"', parameters

    def condition(self) -> Sql:
        """Which of the published rows are replaced."""
        sql, parameters = one_of(self.key, self.replaced)
        if self.only_replaces is not None:
            also, more = self.only_replaces
            sql, parameters = f"{sql} AND {also}", [*parameters, *more]
        return sql, parameters

    def json(self, fields: list[Field]) -> str:
        rows = (",".join(row[each.column] for each in fields) for row in self.rows)
        return f"[{','.join(f'{{{row}}}' for row in rows)}]"


def joined(parts: Iterable[Sql]) -> Sql:
    found = list(parts)
    return ", ".join(sql for sql, _ in found), [one for _, values in found for one in values]


def in_postgresql(table: TableOverlay, fields: list[Field]) -> list[Sql]:
    """Written so that PostgreSQL goes on using the indexes of the table.

    It merges the branches of a UNION ALL into the rest of the statement only when they have no
    condition, which therefore stands outside. OFFSET 0 keeps the second branch a query of its own:
    PostgreSQL can look up one row at a time in a query, and not in a function.
    """
    columns = ", ".join(f'"{each.column}"' for each in fields)
    types = ", ".join(f'"{each.column}" {type_of(each)}' for each in fields)
    published, parameters = table.published(fields)
    replaced, keys = table.condition()
    return [
        table.shadowing(
            f'SELECT {columns} FROM (SELECT {published}, 0 AS "overlay branch"'
            f' FROM "{table.model._meta.db_table}"'
            f" UNION ALL SELECT {columns}, 1 FROM (SELECT * FROM jsonb_to_recordset(%s::jsonb)"
            f' AS "rows"({types}) OFFSET 0) AS "rows") AS "both"'
            f' WHERE "overlay branch" = 1 OR NOT ({replaced})',
            [*parameters, table.json(fields), *keys],
        )
    ]


def in_sqlite(table: TableOverlay, fields: list[Field]) -> list[Sql]:
    """The published rows come first: what SQLite knows of a column's type it takes from them."""
    published, parameters = table.published(fields)
    replaced, keys = table.condition()
    return [
        table.shadowing(
            f'SELECT {published} FROM main."{table.model._meta.db_table}" WHERE NOT ({replaced})'
            f" UNION ALL SELECT {extracted(fields)} FROM json_each(%s)",
            [*parameters, *keys, table.json(fields)],
        )
    ]


def replaced_in_sqlite(
    table: TableOverlay, fields: list[Field], unchanging: frozenset[str]
) -> list[Sql]:
    """Row by row, since SQLite reads all of a UNION ALL that is joined with something else.

    So it goes on using the indexes of the columns that stay the same, such as the primary key.
    """
    name, key = table.model._meta.db_table, f'"{table.key.column}"'
    rows = f'"rows of {name}"'
    is_replaced: Sql = (f"{key} IN (SELECT {key} FROM {rows})", [])

    def column(each: Field) -> Sql:
        if each.column in unchanging or not table.rows:
            return table.amended(each.column)
        own = f'SELECT "{each.column}" FROM {rows} AS "own" WHERE "own".{key} = "published".{key}'
        return table.amended(each.column, Amendment(is_replaced, (f"({own})", [])))

    columns, parameters = joined(column(each) for each in fields)
    return [
        (
            f"{rows} AS MATERIALIZED (SELECT {extracted(fields)} FROM json_each(%s))",
            [table.json(fields)],
        ),
        table.shadowing(f'SELECT {columns} FROM main."{name}" AS "published"', parameters),
    ]


def one_of(key: Field, keys: set[Any]) -> Sql:
    """Whether a column has one of the keys."""
    if connection.vendor == "postgresql":
        return f'"{key.column}" = ANY(%s::{type_of(key)}[])', [sorted(keys)]
    listed = f"[{','.join(cell(key, each) for each in sorted(keys))}]"
    return f'"{key.column}" IN (SELECT value FROM json_each(%s))', [listed]


def type_of(each: Field) -> str:
    """The type of a column, without the length of a text: publishing refuses what is too long."""
    db_type = each.db_type(connection)
    return "varchar" if db_type.startswith("varchar") else db_type


def extracted(fields: list[Field]) -> str:
    values = []
    for each in fields:
        value = f"json_extract(value, '$.\"{each.column}\"')"
        if each.get_internal_type() == "DecimalField":
            value = f"CAST({value} AS NUMERIC)"
        values.append(f'{value} AS "{each.column}"')
    return ", ".join(values)


def cell(each: Field, value: Any) -> str:
    """A value in JSON, as both databases turn it back into the value of a column."""
    prepared = each.get_db_prep_save(value, connection)
    text = json.dumps(prepared, default=plain, ensure_ascii=False, allow_nan=False)
    if NULL_CHARACTER.search(text):
        raise ValueError("PostgreSQL keeps no null character.")
    text.encode()  # Half of a character would fail only when a statement is sent.
    return text


def plain(value: Any) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, Jsonb):
        return value.obj
    raise TypeError(f"Teach this module to write a {type(value).__name__} as JSON.")


class Overlay:
    """The tables of which readers see other rows than those in the database.

    Some, ``later``, are worked out from what is published when the first statement names them.
    ``moved`` tells of a page that was read before, by its path, the address it has now.
    """

    def __init__(
        self,
        tables: dict[str, TableOverlay],
        later: dict[str, Callable[[], TableOverlay]],
        moved: Callable[[str, str], str],
    ):
        self.tables = dict(tables)
        self.later = later
        self.moved = moved
        self.names = {name.lower(): name for name in (*tables, *later)}
        self.lower_names = frozenset(self.names)
        self.is_off = False

    def keys_replaced(self, model: type[Model]) -> frozenset[Any]:
        """Of the rows of a model's own table that others stand for."""
        table = self.tables.get(model._meta.db_table)
        return frozenset(table.replaced) if table else frozenset()

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """For all that this thread asks through Django's ``execute``.

        What is not understood raises ``NotOverlaid``, and so does what asks another connection.
        Nothing can be done about what goes past ``execute``, such as ``callproc`` and ``copy``,
        about other threads and copies of connections, nor about what views and functions read.
        """
        with ExitStack() as stack:
            for each in connections.all():
                own = each.alias == connection.alias
                wrapper = self.execute if own else self.refuse_elsewhere
                stack.enter_context(each.execute_wrapper(wrapper))
            yield

    def execute(self, execute, sql: str, parameters, many: bool, context: dict) -> Any:
        if not self.is_off:
            reading = self.reading(sql, connection.vendor)
            if reading is not None:
                if many:
                    raise NotOverlaid(sql, Reason.MANY)
                sql, parameters = self.overlaid(sql, parameters, reading)
        return execute(sql, parameters, many, context)

    def refuse_elsewhere(self, execute, sql: str, parameters, many: bool, context: dict) -> Any:
        if not self.is_off and self.reading(sql, context["connection"].vendor) is not None:
            raise NotOverlaid(sql, Reason.OTHER_CONNECTION)
        return execute(sql, parameters, many, context)

    def reading(self, sql: str, vendor: str) -> Reading | None:
        if not isinstance(sql, str):
            raise NotOverlaid(sql, Reason.NOT_TEXT)
        return reading_of(sql, self.lower_names, vendor)

    def overlaid(self, sql: str, parameters: Any, reading: Reading) -> Sql:
        if isinstance(parameters, Mapping):
            raise NotOverlaid(sql, Reason.NAMED_PARAMETERS)
        ours, values = joined([*self.stored(reading), *self.expressions(sql, reading)])
        sql = with_stored_names(sql, reading)
        before, rest = sql[: reading.begins], sql[reading.begins :]
        if reading.goes_on is not None:  # Those that the statement has go on with the list.
            rest = f", {sql[reading.goes_on :]}"
        if parameters is None:
            return f"{escaped(before)}WITH {ours} {escaped(rest)}", values
        # In comments PostgreSQL's driver sees the places of parameters, and SQLite does not.
        in_comments = before if connection.vendor == "postgresql" else ""
        taken = PLACE.findall(in_comments).count("%s")
        given = list(parameters)
        return f"{before}WITH {ours} {rest}", [*given[:taken], *values, *given[taken:]]

    def stored(self, reading: Reading) -> list[Sql]:
        """Other names of tables as they are stored, given before their own stand for another.

        SQLite has expressions see those that follow, but its schema always has the same name.
        """
        if connection.vendor == "sqlite":
            return []
        names = sorted({token.text for token in reading.stored} & reading.tables)
        return [
            (f'{stored_name(name)} AS NOT MATERIALIZED (SELECT * FROM "{self.names[name]}")', [])
            for name in names
        ]

    def expressions(self, sql: str, reading: Reading) -> list[Sql]:
        found = []
        for name in sorted(reading.tables):
            table = self.table(self.names[name])
            if reading.every_column:
                fields = self.fields_in_order(sql, table)
            else:
                fields = table.fields_among(reading.names)
            found += table.expressions(fields)
        return found

    def table(self, name: str) -> TableOverlay:
        if name not in self.tables:
            with self.off():
                self.tables[name] = self.later[name]()
        return self.tables[name]

    def fields_in_order(self, sql: str, table: TableOverlay) -> list[Field]:
        """As the database has them, which need not be the order of the model."""
        with self.off(), connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table.model._meta.db_table}" LIMIT 0')
            names = [column[0] for column in cursor.description]
        known = {each.column: each for each in table.model._meta.local_concrete_fields}
        if not known.keys() >= set(names):
            raise NotOverlaid(sql, Reason.UNKNOWN_COLUMNS)
        return [known[name] for name in names]

    @contextmanager
    def off(self) -> Iterator[None]:
        """For a look at what is published."""
        was_off, self.is_off = self.is_off, True
        try:
            yield
        finally:
            self.is_off = was_off


def with_stored_names(sql: str, reading: Reading) -> str:
    for token in reversed(reading.stored):
        if token.text in reading.tables:
            sql = sql[: token.begins] + stored_name(token.text) + sql[token.ends :]
    return sql


def stored_name(table: str) -> str:
    return f'main."{table}"' if connection.vendor == "sqlite" else f'"{STORED}{table}"'


def escaped(sql: str) -> str:
    """As a statement with parameters has to be written."""
    return sql.replace("%", "%%")
