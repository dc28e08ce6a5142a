"""The lists at the root of the schema: what they can be filtered and ordered by.

Filters are typed and orders are enums; nothing of the ORM's own syntax is reachable. A filter that
names hidden content finds nothing, so that no list betrays what is linked to a draft.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import graphene
from django.contrib.contenttypes.models import ContentType
from django.db.models import IntegerField, Model, QuerySet
from django.db.models.functions import Cast
from wagtail.models import ReferenceIndex

from cms.api.errors import BadArgument
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
        graphene.NonNull(choice_enum(choices)), description="Keep items of one of these."
    )


class ArticleFilter(graphene.InputObjectType):
    """Keeps the articles that meet every condition given."""

    kind = some_of(ArticleKind)
    author = graphene.ID(description="Keep articles by this person.")
    tags = graphene.List(
        graphene.NonNull(graphene.String), description="Keep articles with one of these tags."
    )
    published_from = graphene.DateTime(description="First published at this moment or later.")
    published_before = graphene.DateTime(description="First published before this moment.")


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
    starts_from = graphene.DateTime(description="Starting at this moment or later.")
    starts_before = graphene.DateTime(description="Starting before this moment.")


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
    tags = graphene.List(
        graphene.NonNull(graphene.String), description="Keep deliverables with one of these tags."
    )
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


# Conditions: each takes the queryset, the value given, and the content the reader may see.


def equal_to_one_of(column: str) -> Callable:
    return lambda queryset, values, content: queryset.filter(**{f"{column}__in": values})


def compared(column: str, comparison: str) -> Callable:
    return lambda queryset, value, content: queryset.filter(**{f"{column}__{comparison}": value})


def linked_to(column: str, model: type[Model]) -> Callable:
    def condition(queryset, key, content):
        return queryset.filter(**{f"{column}__in": seen(model, key, content)})

    return condition


def by_author(queryset: QuerySet, key: str, content) -> QuerySet:
    links = queryset.model.authors.rel.related_model.objects
    return queryset.filter(
        pk__in=links.filter(person__in=seen(Person, key, content)).values("page_id")
    )


def with_tags(queryset: QuerySet, names: list[str], content) -> QuerySet:
    links = queryset.model.tagged_items.rel.related_model.objects
    return queryset.filter(pk__in=links.filter(tag__name__in=names).values("content_object_id"))


def in_category(queryset: QuerySet, key: str, content) -> QuerySet:
    category = seen(DeliverableCategoryPage, key, content).first()
    return queryset.child_of(category) if category else queryset.none()


def with_status(queryset: QuerySet, statuses: list, content) -> QuerySet:
    return queryset.with_status(statuses, at=content.moment)


def with_organisation(queryset: QuerySet, key: str, content) -> QuerySet:
    """Forums name organisations within blocks; Wagtail's reference index knows where."""
    if not seen(Organisation, key, content).exists():
        return queryset.none()
    references = ReferenceIndex.objects.filter(
        content_type=ContentType.objects.get_for_model(ForumPage),
        to_content_type=ContentType.objects.get_for_model(Organisation),
        to_object_id=str(number(key)),
    )
    return queryset.filter(
        pk__in=references.annotate(key=Cast("object_id", IntegerField())).values("key")
    )


def seen(model: type[Model], key: str, content) -> QuerySet:
    return content.visible(model._default_manager.filter(pk=number(key)))


def number(identifier: str) -> int:
    if not identifier.isascii() or not identifier.isdigit() or len(identifier) > 18:
        raise BadArgument("An id is a number, as another answer gave it.")
    return int(identifier)


@dataclass(frozen=True)
class Listing:
    """A list of one model: its filter, the SQL each of its conditions becomes, and its orders."""

    model: type[Model]
    description: str
    filter: type[graphene.InputObjectType]
    conditions: dict[str, Callable]
    order: type[graphene.Enum]
    default_order: str

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

    def resolve(self, root, info, order_by=None, locale=None, **arguments) -> Any:
        content = info.context.content
        queryset = content.in_locale(self.model._default_manager.all(), locale)
        for name, value in (arguments.pop("filter", None) or {}).items():
            if value is not None:
                queryset = self.conditions[name](queryset, value, content)
        order = getattr(order_by, "value", order_by) or self.default_order
        return content.connection(queryset, order=(order,), **arguments)


class Listings:
    """The root's lists, by their names."""

    forums = Listing(
        ForumPage,
        "The forums, newest first.",
        ForumFilter,
        {
            "status": with_status,
            "format": equal_to_one_of("format"),
            "organisation": with_organisation,
            "starts_from": compared("period_starts", "gte"),
            "starts_before": compared("period_starts", "lt"),
        },
        ForumOrder,
        "-edition",
    ).field()
    articles = Listing(
        ArticlePage,
        "The articles, newest first.",
        ArticleFilter,
        {
            "kind": equal_to_one_of("kind"),
            "author": by_author,
            "tags": with_tags,
            "published_from": compared("first_published_at", "gte"),
            "published_before": compared("first_published_at", "lt"),
        },
        ArticleOrder,
        "-first_published_at",
    ).field()
    published_deliverables = Listing(
        DeliverablePage,
        "What the group has published, newest first.",
        DeliverableFilter,
        {
            "kind": equal_to_one_of("kind"),
            "category": in_category,
            "author": by_author,
            "tags": with_tags,
            "date_from": compared("date", "gte"),
            "date_to": compared("date", "lte"),
        },
        DeliverableOrder,
        "-date",
    ).field()
    people = Listing(
        Person,
        "Chairs, authors and speakers, by name.",
        PersonFilter,
        {"organisation": linked_to("organisation", Organisation)},
        NameOrder,
        "name",
    ).field()
    organisations = Listing(
        Organisation,
        "Organisations named on the site, by name.",
        OrganisationFilter,
        {"kind": equal_to_one_of("kind")},
        NameOrder,
        "name",
    ).field()
