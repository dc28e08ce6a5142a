"""What filters narrow lists to.

A filter that names hidden content finds nothing, so that no list betrays what is linked to a draft.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import IntegerField, Model, QuerySet
from django.utils.timezone import is_naive

from cms.api.engine.errors import BadArgument
from cms.api.reading.ids import key_of
from cms.api.reading.questions import seen_by_readers
from cms.database.statements import AmongGiven, Given
from pages.models import Person

__all__ = [
    "Condition",
    "by_author",
    "compared",
    "equal_to_one_of",
    "linked_to",
    "named",
    "visible_one",
    "without_nul",
]


@dataclass(frozen=True)
class Condition:
    """What a filter narrows a list to.

    ``narrow`` takes the queryset and the name under which the statement is given what ``value``
    makes of the filter's value; or, when that ``decides_sql``, what it makes of it.
    """

    narrow: Callable[[QuerySet, Any], QuerySet]
    value: Callable[[Any], Any] = lambda value: value
    decides_sql: bool = False


def equal_to_one_of(column: str) -> Condition:
    return Condition(
        lambda queryset, name: queryset.filter(AmongGiven(column, name)),
        lambda members: [member.value for member in members],
    )


def compared(column: str, comparison: str) -> Condition:
    def narrow(queryset, name):
        given = Given(name, queryset.model._meta.get_field(column))
        return queryset.filter(**{f"{column}__{comparison}": given})

    return Condition(narrow, comparable)


def comparable(value: date) -> date:
    """A moment in UTC, or a day as it is."""
    if not isinstance(value, datetime):
        return value
    if is_naive(value):
        return value.replace(tzinfo=UTC)
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise BadArgument("A moment has to be within the years 1 to 9999 in UTC.") from error


def named(model: type[Model], narrow: Callable[[QuerySet, Any], QuerySet]) -> Condition:
    """For the id of an object of a model."""
    return Condition(narrow, lambda identifier: key_of(identifier, model))


def linked_to(column: str, model: type[Model]) -> Condition:
    return named(
        model,
        lambda queryset, name: queryset.filter(**{f"{column}__in": visible_one(model, name)}),
    )


def written_by(queryset: QuerySet, name: str) -> QuerySet:
    links = queryset.model.authors.rel.related_model.objects
    return queryset.filter(
        pk__in=links.filter(person__in=visible_one(Person, name)).values("page_id")
    )


by_author = named(Person, written_by)


def without_nul(names: list[str]) -> list[str]:
    """PostgreSQL cannot even compare with a NUL."""
    return [name for name in names if "\0" not in name]


def visible_one(model: type[Model], name: str) -> QuerySet:
    """The object whose key is given by a name, if readers may see it."""
    return seen_by_readers(model._default_manager.filter(pk=Given(name, IntegerField()))).values(
        "pk"
    )
