"""Lists a page at a time, as the Relay connection specification describes.

Cursors hold the sort values of an item, not its number: an item that is published or removed in
the meantime neither repeats nor hides another (keyset pagination).
"""

from __future__ import annotations

import base64
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import Length, RowNumber, Substr
from django.utils.timezone import is_naive
from wagtail.models import Page

from cms.api.deferred import Deferred, Loader
from cms.api.errors import BadArgument

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


class ConnectionLoader:
    """Loads the same window of one list, or of the lists of children of many pages, at once."""

    def __init__(
        self, queryset: QuerySet, order: tuple[str, ...], window: PageWindow, *, by_parent=False
    ):
        self.window = window
        self.by_parent = by_parent
        tie = "-pk" if order[0].startswith("-") else "pk"
        self.order = (*order, tie)
        # A cursor tells which list it marks a place of: values of another might fit as well.
        self.list_name = f"{queryset.model._meta.model_name} {order[0]}"
        self.queryset = queryset
        self.rows = Loader(self.fetch_rows)
        self.totals = Loader(self.fetch_totals)

    def of(self, parent_path: str) -> Connection:
        return Connection(self, parent_path)

    def whole(self, parents: list[str]) -> QuerySet:
        """The whole lists of the parents, before any window."""
        if not self.by_parent:
            return self.queryset
        depths = {len(parent) // Page.steplen + 1 for parent in parents}
        children = self.queryset.filter(depth__in=depths)
        if len(parents) == 1:
            return children.filter(path__startswith=parents[0])
        return children.annotate(
            parent_path=Substr("path", 1, Length("path") - Page.steplen)
        ).filter(parent_path__in=parents)

    def fetch_rows(self, parents: list[str]) -> dict[str, list]:
        order = reversed_order(self.order) if self.window.backward else self.order
        rows = self.whole(parents).order_by(*order)
        for cursor, follows in ((self.window.after, True), (self.window.before, False)):
            if cursor is not None:
                rows = rows.filter(self.beyond(cursor, follows))
        limit = self.window.limit + 1
        if len(parents) == 1:
            return {parents[0]: [as_own_type(row) for row in rows[:limit]]}
        numbered = rows.annotate(
            row_number=Window(RowNumber(), partition_by=F("parent_path"), order_by=list(order))
        )
        by_parent = defaultdict(list)
        for row in numbered.filter(row_number__lte=limit):
            by_parent[row.parent_path].append(as_own_type(row))
        return {parent: by_parent[parent] for parent in parents}

    def fetch_totals(self, parents: list[str]) -> dict[str, int]:
        if len(parents) == 1:
            return {parents[0]: self.whole(parents).count()}
        counted = self.whole(parents).order_by().values("parent_path").annotate(total=Count("pk"))
        totals = Counter({row["parent_path"]: row["total"] for row in counted})
        return {parent: totals[parent] for parent in parents}

    def cursor(self, row) -> str:
        values = [getattr(row, name.lstrip("-")) for name in self.order]
        texts = [v.isoformat() if isinstance(v, date | datetime) else v for v in values]
        return base64.urlsafe_b64encode(json.dumps([self.list_name, *texts]).encode()).decode()

    def cursor_values(self, cursor: str) -> list[Any]:
        try:
            list_name, *texts = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            if list_name != self.list_name:
                raise ValueError(cursor)
            return [self.value(name, text) for name, text in zip(self.order, texts, strict=True)]
        except (ValueError, TypeError, OverflowError, RecursionError, ValidationError) as error:
            raise BadArgument("This cursor is not one of this list.") from error

    def value(self, name: str, text: Any) -> Any:
        """What a database can compare a field with. Raises when no item could have it."""
        model, name = self.queryset.model, name.lstrip("-")
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
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

    def beyond(self, cursor: str, follows: bool) -> Q:
        """Rows that come after (or before) the cursor's place in the list's own order."""
        condition, equal = Q(), Q()
        for name, value in zip(self.order, self.cursor_values(cursor), strict=True):
            greater = follows != name.startswith("-")
            comparison = "gt" if greater else "lt"
            column = name.lstrip("-")
            condition |= equal & Q(**{f"{column}__{comparison}": value})
            equal &= Q(**{column: value})
        return condition


class Connection:
    """One page of a list; its parts are loaded only when they are asked for."""

    __slots__ = ("loader", "parent")

    def __init__(self, loader: ConnectionLoader, parent: str):
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
    return row.specific_deferred if type(row) is Page else row


def reversed_order(order: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)
