"""A list at the root of the schema: what it can be filtered and ordered by.

Filters are typed and orders are enums; nothing of the ORM's own syntax is reachable.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import graphene
from django.db.models import Model
from wagtail.models import Page

from cms.api.engine.errors import BadArgument
from cms.api.reading.columns import unread_columns
from cms.api.reading.languages import Language
from cms.api.reading.questions import Source, in_place, routable_pages, seen_by_readers
from cms.api.schema.listings.conditions import Condition
from pages.types import CONNECTION_ARGUMENTS, choice_enum, connection_of

__all__ = [
    "LANGUAGE_ARGUMENTS",
    "LOCALE",
    "MOST_VALUES",
    "Listing",
    "NameOrder",
    "described",
    "moment",
    "some_of",
    "tags_of",
    "too_many",
]

LOCALE = graphene.String(
    description="Language code: `en`. Without it, the language of the site's home page."
)
FALLBACK = graphene.Argument(
    graphene.NonNull(graphene.Boolean),
    default_value=True,
    description=(
        "What readers do not see in `locale` is answered in the language of the site's home page;"
        " its own `locale` says so. With `false` it is left out."
    ),
)
LANGUAGE_ARGUMENTS = {"locale": LOCALE, "fallback": FALLBACK}

# Databases take about a thousand values in one condition, and several conditions may have some.
MOST_VALUES = 100

ORDER_DESCRIPTIONS = {
    "NEWEST_FIRST": "The newest first.",
    "OLDEST_FIRST": "The oldest first.",
    "TITLE": "By title, from A to Z.",
    "TITLE_REVERSED": "By title, from Z to A.",
    "NAME": "By name, from A to Z.",
    "NAME_REVERSED": "By name, from Z to A.",
}
# What the schema says of a member of any of the orders below.
described = property(lambda member: ORDER_DESCRIPTIONS[member.name])


def some_of(choices) -> graphene.List:
    return graphene.List(
        graphene.NonNull(choice_enum(choices)),
        description=f"Keep items of one of these, {MOST_VALUES} at most.",
    )


def tags_of(what: str) -> graphene.List:
    return graphene.List(
        graphene.NonNull(graphene.String),
        description=f"Keep {what} with one of these tags, {MOST_VALUES} at most.",
    )


def moment(meaning: str) -> graphene.DateTime:
    return graphene.DateTime(description=f"{meaning} Without an offset it is in UTC.")


class NameOrder(graphene.Enum):
    """How people and organisations are ordered."""

    NAME = "name"
    NAME_REVERSED = "-name"

    description = described


def too_many(name: str, values: list) -> BadArgument:
    return BadArgument(
        f"`{name}` has {len(values)} values; at most {MOST_VALUES} are compared at once. "
        "Ask with fewer, several times if need be."
    )


@dataclass(frozen=True)
class Narrowed(Source):
    """What filters leave of a list of this site.

    ``filters`` has their names, ``decisions`` the values of those that decide what the SQL is.
    """

    model: type[Model]
    unread: frozenset[str]
    listing: Listing
    filters: tuple[str, ...]
    decisions: tuple[tuple[str, Any], ...]
    falls_back: bool = False

    def queryset(self):
        every = routable_pages() if self.model is Page else self.model._default_manager.all()
        found = in_place(seen_by_readers(every), falls_back=self.falls_back).defer(*self.unread)
        for name, given in (*zip(self.filters, self.filters, strict=True), *self.decisions):
            found = self.listing.conditions[name].narrow(found, given)
        return found


@dataclass(frozen=True, eq=False)
class Listing:
    """A list of one model: its filter, the SQL each of its conditions becomes, and its orders.

    Without another, the first of its orders holds. A list without a choice of orders has the one
    that it is ``in_order_of``.
    """

    model: type[Model]
    description: str
    filter: type[graphene.InputObjectType] | None = None
    conditions: dict[str, Condition] = field(default_factory=dict)
    order: type[graphene.Enum] | None = None
    in_order_of: tuple[str, ...] = ()

    def chosen_order(self, order_by: Any) -> tuple[str, ...]:
        if self.order is None:
            return self.in_order_of
        chosen = order_by or next(iter(self.order._meta.enum))
        return (getattr(chosen, "value", chosen),)

    def field(self) -> graphene.Field:
        name = "PageInterface" if self.model is Page else f"pages.{self.model.__name__}"
        arguments = {**CONNECTION_ARGUMENTS, **LANGUAGE_ARGUMENTS}
        if self.filter:
            arguments["filter"] = graphene.Argument(self.filter, description="What to keep.")
        if self.order:
            told = "How to order what is kept."
            arguments["order_by"] = graphene.Argument(self.order, description=told)
        return graphene.Field(
            lambda: connection_of(name),
            required=True,
            description=self.description,
            resolver=self.resolve,
            args=arguments,
        )

    def resolve(self, root, info, order_by=None, locale=None, fallback=True, **arguments) -> Any:
        values: dict[str, Any] = {}
        decisions: dict[str, Hashable] = {}
        for name, value in (arguments.pop("filter", None) or {}).items():
            if isinstance(value, list) and len(value) > MOST_VALUES:
                raise too_many(name, value)
            if value is not None:
                condition = self.conditions[name]
                kept = decisions if condition.decides_sql else values
                kept[name] = condition.value(value)
        return info.context.content.connection(
            Narrowed(
                self.model,
                unread_columns(self.model, info),
                self,
                tuple(sorted(values)),
                tuple(sorted(decisions.items())),
            ),
            order=self.chosen_order(order_by),
            values=values,
            language=Language(locale, fallback),
            **arguments,
        )
