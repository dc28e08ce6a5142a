"""Lists a page at a time, as the Relay connection specification describes.

Cursors hold the sort values of an item, not its number: an item that is published or removed in
the meantime neither repeats nor hides another (keyset pagination).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import CharField, Count, F, Field, IntegerField, Model, Q, Value, Window
from django.db.models.expressions import OrderBy
from django.db.models.functions import Collate, Length, RowNumber, Substr
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.timezone import is_naive
from wagtail.models import Page

from cms.api.engine.deferred import Deferred, Loader
from cms.api.engine.errors import BadArgument
from cms.api.reading.cursors import opened, sealed
from cms.api.reading.questions import Source, of_own_type
from cms.database.collation import COLLATION
from cms.database.statements import AmongGiven, Given, Question

__all__ = ["Connection", "ConnectionLoader", "PageWindow", "window_of"]


@dataclass(frozen=True)
class PageWindow:
    """Which part of a list is asked for."""

    limit: int
    backward: bool = False
    after: str | None = None
    before: str | None = None


def window_of(*, first=None, last=None, after=None, before=None) -> PageWindow:
    """Read Relay's four arguments. Raises ``BadArgument`` when they cannot be served."""
    if first is not None and last is not None:
        raise BadArgument("Give `first` or `last`, not both.")
    for name, count in (("first", first), ("last", last)):
        if count is not None and count < 0:
            raise BadArgument(f"`{name}` cannot be negative.")
        if count is not None and count > settings.GRAPHQL_MAX_PAGE_SIZE:
            raise BadArgument(
                f"`{name}` is {count}; at most {settings.GRAPHQL_MAX_PAGE_SIZE} items are served "
                "at once. Ask for fewer and follow `pageInfo.endCursor`."
            )
    if last is not None:
        return PageWindow(last, backward=True, after=after, before=before)
    limit = settings.GRAPHQL_DEFAULT_PAGE_SIZE if first is None else first
    return PageWindow(limit, after=after, before=before)


ONE, MANY = "one", "many"


@dataclass(frozen=True)
class Whole(Question):
    """A whole list. With ``parents`` it is the children of ``ONE`` page or of ``MANY``."""

    source: Source
    parents: str | None = None

    def queryset(self):
        found = self.source.queryset()
        if self.parents == ONE:
            return found.filter(
                depth=Given("depth", IntegerField()),
                path__gte=Given("first_child", CharField()),
                path__lte=Given("last_child", CharField()),
            )
        if self.parents == MANY:
            above = Substr("path", 1, Length("path") - Page.steplen)
            return found.annotate(parent_path=above).filter(
                AmongGiven("depth", "depths"), AmongGiven("parent_path", "parents")
            )
        return found


@dataclass(frozen=True)
class Total(Question):
    """How many items a whole list has, or each of the lists of ``MANY`` parents."""

    whole: Whole

    def queryset(self):
        found = self.whole.queryset().order_by()
        if self.whole.parents == MANY:
            return found.values_list("parent_path").annotate(total=Count("pk"))
        # Without a column of their own, all rows are one group.
        return found.annotate(every=Value(1)).values_list("every").annotate(total=Count("pk"))


@dataclass(frozen=True)
class Rows(Question):
    """The rows of one window of a list.

    ``after`` and ``before`` tell of a cursor which of its values are null; None is no cursor.
    A null counts as greater than any value, as in PostgreSQL's own order.
    """

    whole: Whole
    order: tuple[str, ...]
    limit: int
    backward: bool
    after: tuple[bool, ...] | None
    before: tuple[bool, ...] | None

    def queryset(self):
        names = reversed_order(self.order) if self.backward else self.order
        order = [self.ordered(name) for name in names]
        rows = self.whole.queryset().order_by(*order)
        for side, nulls in (("after", self.after), ("before", self.before)):
            if nulls is not None:
                rows = rows.filter(self.beyond(side, nulls))
        if self.whole.parents != MANY:
            return rows[: self.limit]
        number = Window(RowNumber(), partition_by=F("parent_path"), order_by=order)
        return rows.annotate(row_number=number).filter(row_number__lte=self.limit)

    def ordered(self, name: str) -> OrderBy:
        column = self.column(name)
        nullable = field_of(self.whole.source.model, name).null or None
        if name.startswith("-"):
            return column.desc(nulls_first=nullable)
        return column.asc(nulls_last=nullable)

    def column(self, name: str) -> F | Collate:
        """What rows are ordered by: words from A to Z, places in the tree as they are written."""
        field = field_of(self.whole.source.model, name)
        column = F(name.lstrip("-"))
        is_words = isinstance(field, CharField) and field.name != "path"
        return Collate(column, COLLATION) if is_words else column

    def beyond(self, side: str, nulls: tuple[bool, ...]) -> Q:
        """Rows on the far side of a cursor's place."""
        condition, equal = Q(), Q()
        for place, (name, is_null) in enumerate(zip(self.order, nulls, strict=True)):
            column, field = name.lstrip("-"), field_of(self.whole.source.model, name)
            ordered, given = self.column(name), Given(f"{side}_{place}", field)
            if (side == "after") != name.startswith("-"):
                further = Q(pk__in=[]) if is_null else Q(GreaterThan(ordered, given))
                if field.null and not is_null:
                    further |= Q(**{f"{column}__isnull": True})
            elif is_null:
                further = Q(**{f"{column}__isnull": False})
            else:
                further = Q(LessThan(ordered, given))
            condition |= equal & further
            equal &= Q(**{f"{column}__isnull": True} if is_null else {column: given})
        return condition


def field_of(model: type[Model], name: str) -> Field:
    name = name.lstrip("-")
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


class ConnectionLoader:
    """Loads the same window of one list, or of the lists of children of many pages, at once.

    ``values`` are what the source's question is asked with.
    """

    def __init__(
        self,
        source: Source,
        order: tuple[str, ...],
        window: PageWindow,
        values: dict[str, Any],
        *,
        by_parent=False,
    ):
        self.source = source
        self.window = window
        self.values = values
        self.by_parent = by_parent
        tie = "-pk" if order[0].startswith("-") else "pk"
        self.order = (*order, tie)
        # A cursor tells which list it marks a place of: values of another might fit as well.
        self.list_name = f"{source.model._meta.model_name} {order[0]}"
        self.rows = Loader(self.fetch_rows)
        self.totals = Loader(self.fetch_totals)

    def of(self, parent_path: str) -> Connection:
        return Connection(self, parent_path)

    def whole(self, parents: list[str]) -> tuple[Whole, dict[str, Any]]:
        """The whole lists of the parents, before any window, with the values to ask with."""
        if not self.by_parent:
            return Whole(self.source), {**self.values}
        if len(parents) == 1:
            first, last = Page._get_children_path_interval(parents[0])
            depth = len(last) // Page.steplen
            given = {"first_child": first, "last_child": last, "depth": depth}
            return Whole(self.source, ONE), {**self.values, **given}
        depths = {len(parent) // Page.steplen + 1 for parent in parents}
        return Whole(self.source, MANY), {**self.values, "parents": parents, "depths": depths}

    def fetch_rows(self, parents: list[str]) -> dict[str, list]:
        whole, values = self.whole(parents)
        nulls: dict[str, tuple[bool, ...] | None] = {"after": None, "before": None}
        for side in nulls:
            cursor = getattr(self.window, side)
            if cursor is not None:
                marked = self.cursor_values(cursor)
                nulls[side] = tuple(value is None for value in marked)
                values |= {f"{side}_{place}": value for place, value in enumerate(marked)}
        limit = self.window.limit + 1
        rows = Rows(whole, self.order, limit, self.window.backward, **nulls).ask(**values)
        if whole.parents != MANY:
            return {parents[0]: [as_own_type(row) for row in rows]}
        by_parent = defaultdict(list)
        for row in rows:
            by_parent[row.parent_path].append(as_own_type(row))
        return {parent: by_parent[parent] for parent in parents}

    def fetch_totals(self, parents: list[str]) -> dict[str, int]:
        whole, values = self.whole(parents)
        rows = Total(whole).ask(**values)
        if whole.parents != MANY:
            return {parents[0]: rows[0][1] if rows else 0}
        totals = Counter(dict(rows))
        return {parent: totals[parent] for parent in parents}

    def cursor(self, row) -> str:
        values = [getattr(row, name.lstrip("-")) for name in self.order]
        texts = [v.isoformat() if isinstance(v, date | datetime) else v for v in values]
        return sealed([self.list_name, *texts])

    def cursor_values(self, cursor: str) -> list[Any]:
        try:
            list_name, *texts = opened(cursor)
            if list_name != self.list_name:
                raise ValueError(cursor)
            return [self.value(name, text) for name, text in zip(self.order, texts, strict=True)]
        except (ValueError, TypeError, OverflowError, RecursionError, ValidationError) as error:
            raise BadArgument("This cursor is not one of this list.") from error

    def value(self, name: str, text: Any) -> Any:
        """What a database can compare a field with. Raises when no item could have it."""
        field = field_of(self.source.model, name)
        if text is None and field.null:
            return None
        value = field.to_python(text)
        impossible = (
            not isinstance(text, str | int)
            or (isinstance(value, datetime) and is_naive(value))
            or (isinstance(value, int) and not -(2**63) <= value < 2**63)
            or (isinstance(value, str) and "\0" in value)
        )
        if impossible:
            raise ValueError(text)
        if isinstance(value, str):
            value.encode()  # Half a surrogate pair is no text.
        return value.astimezone(UTC) if isinstance(value, datetime) else value


class WindowLoader(Protocol):
    """What a connection is loaded by: a window of rows and a total, by the list's parent."""

    window: PageWindow
    rows: Loader
    totals: Loader

    def cursor(self, row: Any) -> str: ...


class Connection:
    """One page of a list; its parts are loaded only when they are asked for."""

    __slots__ = ("loader", "parent")

    def __init__(self, loader: WindowLoader, parent: str):
        self.loader = loader
        self.parent = parent

    def _page(self, finish) -> Deferred:
        window = self.loader.window

        def cut(rows):
            more = len(rows) > window.limit
            rows = rows[: window.limit]
            return finish(rows[::-1] if window.backward else rows, more)

        return self.loader.rows.one(self.parent).then(cut)

    @property
    def nodes(self) -> Deferred:
        return self._page(lambda rows, more: rows)

    @property
    def edges(self) -> Deferred:
        cursor = self.loader.cursor
        return self._page(lambda rows, more: [{"cursor": cursor(row), "node": row} for row in rows])

    @property
    def page_info(self) -> Deferred:
        return self._page(self._page_info)

    def _page_info(self, rows, more):
        window = self.loader.window
        return {
            "has_next_page": window.before is not None if window.backward else more,
            "has_previous_page": more if window.backward else window.after is not None,
            "start_cursor": self.loader.cursor(rows[0]) if rows else None,
            "end_cursor": self.loader.cursor(rows[-1]) if rows else None,
        }

    @property
    def total_count(self) -> Deferred:
        return self.loader.totals.one(self.parent)


def as_own_type(row):
    """A page found among pages of all types, as an instance of its own type."""
    return of_own_type(row) if type(row) is Page else row


def reversed_order(order: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)
