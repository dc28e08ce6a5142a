"""The lists at the root of the schema: what they can be filtered and ordered by.

Filters are typed and orders are enums; nothing of the ORM's own syntax is reachable. A filter that
names hidden content finds nothing, so that no list betrays what is linked to a draft.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import graphene
from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Model,
    OuterRef,
    QuerySet,
)
from django.db.models.functions import Cast
from django.utils.timezone import is_naive
from wagtail.models import Page, ReferenceIndex

from cms.api.errors import BadArgument
from cms.api.questions import MOMENT, Source, seen
from cms.api.selections import unread_columns
from cms.publishing.statements import AmongGiven, Given
from pages.models import (
    ArticlePage,
    DeliverableCategoryPage,
    DeliverablePage,
    ForumPage,
    Organisation,
    Person,
)
from pages.models.article import ArticleKind
from pages.models.deliverable import DeliverableKind
from pages.models.forum import ForumFormat, ForumStatus
from pages.models.organisation import OrganisationKind
from pages.types import CONNECTION_ARGUMENTS, choice_enum, connection_of

__all__ = ["LOCALE", "Listings", "number"]

LOCALE = graphene.String(
    description="Language code: `en`. Without it, the language of the site's home page."
)

# Databases take about a thousand values in one condition, and several conditions may have some.
MOST_VALUES = 100

ORDER_DESCRIPTIONS = {
    "NEWEST_FIRST": "The newest first.",
    "OLDEST_FIRST": "The oldest first.",
    "TITLE": "By title, from A to Z.",
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


class ArticleFilter(graphene.InputObjectType):
    """Keeps the articles that meet every condition given."""

    kind = some_of(ArticleKind)
    author = graphene.ID(description="Keep articles by this person.")
    tags = tags_of("articles")
    published_from = moment("First published at this moment or later.")
    published_before = moment("First published before this moment.")


class ArticleOrder(graphene.Enum):
    """How articles are ordered."""

    NEWEST_FIRST = "-first_published_at"
    OLDEST_FIRST = "first_published_at"
    TITLE = "title"

    description = described


class ForumFilter(graphene.InputObjectType):
    """Keeps the forums that meet every condition given."""

    status = some_of(ForumStatus)
    format = some_of(ForumFormat)
    organisation = graphene.ID(
        description="Keep forums at which this organisation contributed to a theme or talk."
    )
    starts_from = moment("Starting at this moment or later.")
    starts_before = moment("Starting before this moment.")


class ForumOrder(graphene.Enum):
    """How forums are ordered."""

    NEWEST_FIRST = "-edition"
    OLDEST_FIRST = "edition"

    description = described


class DeliverableFilter(graphene.InputObjectType):
    """Keeps the deliverables that meet every condition given."""

    kind = some_of(DeliverableKind)
    category = graphene.ID(description="Keep what belongs to this category, by its page's id.")
    author = graphene.ID(description="Keep deliverables by this person.")
    tags = tags_of("deliverables")
    date_from = graphene.Date(description="Dated this day or later.")
    date_to = graphene.Date(description="Dated this day or earlier.")


class DeliverableOrder(graphene.Enum):
    """How deliverables are ordered."""

    NEWEST_FIRST = "-date"
    OLDEST_FIRST = "date"
    TITLE = "title"

    description = described


class PersonFilter(graphene.InputObjectType):
    """Keeps the people who meet every condition given."""

    organisation = graphene.ID(description="Keep people who work at this organisation.")


class OrganisationFilter(graphene.InputObjectType):
    """Keeps the organisations that meet every condition given."""

    kind = some_of(OrganisationKind)


class NameOrder(graphene.Enum):
    """How people and organisations are ordered."""

    NAME = "name"
    NAME_REVERSED = "-name"

    description = described


# Conditions


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


def linked_to(column: str, model: type[Model]) -> Condition:
    return Condition(
        lambda queryset, name: queryset.filter(**{f"{column}__in": visible_one(model, name)}),
        number,
    )


def by_author(queryset: QuerySet, name: str) -> QuerySet:
    links = queryset.model.authors.rel.related_model.objects
    return queryset.filter(
        pk__in=links.filter(person__in=visible_one(Person, name)).values("page_id")
    )


def with_tags(queryset: QuerySet, name: str) -> QuerySet:
    links = queryset.model.tagged_items.rel.related_model.objects
    return queryset.filter(
        pk__in=links.filter(AmongGiven("tag__name", name)).values("content_object_id")
    )


def without_nul(names: list[str]) -> list[str]:
    """PostgreSQL cannot even compare with a NUL."""
    return [name for name in names if "\0" not in name]


def in_category(queryset: QuerySet, name: str) -> QuerySet:
    above = visible_one(DeliverableCategoryPage, name).annotate(
        own_place=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    )
    return queryset.filter(Exists(above.filter(own_place__startswith=F("path"))))


def with_status(queryset: QuerySet, statuses: frozenset) -> QuerySet:
    return queryset.with_status(statuses, at=MOMENT)


def with_organisation(queryset: QuerySet, name: str) -> QuerySet:
    """Forums name organisations within blocks; Wagtail's reference index knows where."""
    references = ReferenceIndex.objects.filter(
        content_type=ContentType.objects.get_for_model(ForumPage),
        to_content_type=ContentType.objects.get_for_model(Organisation),
        to_object_id__in=visible_one(Organisation, name).values(key=Cast("pk", CharField())),
    )
    return queryset.filter(
        pk__in=references.annotate(key=Cast("object_id", IntegerField())).values("key")
    )


def visible_one(model: type[Model], name: str) -> QuerySet:
    """The object whose key is given by a name, if readers may see it."""
    return seen(model._default_manager.filter(pk=Given(name, IntegerField()))).values("pk")


def too_many(name: str, values: list) -> BadArgument:
    return BadArgument(
        f"`{name}` has {len(values)} values; at most {MOST_VALUES} are compared at once. "
        "Ask with fewer, several times if need be."
    )


def number(identifier: str) -> int:
    if not identifier.isascii() or not identifier.isdigit() or len(identifier) > 18:
        raise BadArgument("An id is a number, as another answer gave it.")
    return int(identifier)


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

    def queryset(self):
        found = self.in_place(seen(self.model._default_manager.all())).defer(*self.unread)
        for name, given in (*zip(self.filters, self.filters, strict=True), *self.decisions):
            found = self.listing.conditions[name].narrow(found, given)
        return found

    def in_place(self, queryset: QuerySet) -> QuerySet:
        """Pages of a site stand under its root, in the language of the root."""
        if issubclass(self.model, Page):
            return queryset.filter(path__startswith=Given("root", CharField()))
        return queryset.filter(locale=Given("locale", IntegerField()))


@dataclass(frozen=True, eq=False)
class Listing:
    """A list of one model: its filter, the SQL each of its conditions becomes, and its orders.

    Without another, the first of its orders holds.
    """

    model: type[Model]
    description: str
    filter: type[graphene.InputObjectType]
    conditions: dict[str, Condition]
    order: type[graphene.Enum]

    @property
    def first_order(self) -> str:
        return next(iter(self.order._meta.enum)).value

    def field(self) -> graphene.Field:
        return graphene.Field(
            lambda: connection_of(f"pages.{self.model.__name__}"),
            required=True,
            description=self.description,
            resolver=self.resolve,
            args={
                **CONNECTION_ARGUMENTS,
                "filter": graphene.Argument(self.filter, description="What to keep."),
                "order_by": graphene.Argument(self.order, description="How to order what is kept."),
                "locale": LOCALE,
            },
        )

    def resolve(self, root, info, order_by=None, **arguments) -> Any:
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
            order=(getattr(order_by, "value", order_by) or self.first_order,),
            values=values,
            **arguments,
        )


class Listings:
    """The root's lists, by their names."""

    forums = Listing(
        ForumPage,
        "The forums, newest first.",
        ForumFilter,
        {
            "status": Condition(with_status, frozenset, decides_sql=True),
            "format": equal_to_one_of("format"),
            "organisation": Condition(with_organisation, number),
            "starts_from": compared("period_starts", "gte"),
            "starts_before": compared("period_starts", "lt"),
        },
        ForumOrder,
    ).field()
    articles = Listing(
        ArticlePage,
        "The articles, newest first.",
        ArticleFilter,
        {
            "kind": equal_to_one_of("kind"),
            "author": Condition(by_author, number),
            "tags": Condition(with_tags, without_nul),
            "published_from": compared("first_published_at", "gte"),
            "published_before": compared("first_published_at", "lt"),
        },
        ArticleOrder,
    ).field()
    published_deliverables = Listing(
        DeliverablePage,
        "What the group has published, newest first.",
        DeliverableFilter,
        {
            "kind": equal_to_one_of("kind"),
            "category": Condition(in_category, number),
            "author": Condition(by_author, number),
            "tags": Condition(with_tags, without_nul),
            "date_from": compared("date", "gte"),
            "date_to": compared("date", "lte"),
        },
        DeliverableOrder,
    ).field()
    people = Listing(
        Person,
        "Chairs, authors and speakers, by name.",
        PersonFilter,
        {"organisation": linked_to("organisation", Organisation)},
        NameOrder,
    ).field()
    organisations = Listing(
        Organisation,
        "Organisations named on the site, by name.",
        OrganisationFilter,
        {"kind": equal_to_one_of("kind")},
        NameOrder,
    ).field()
