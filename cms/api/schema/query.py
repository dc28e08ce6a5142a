"""The root of the schema: where a frontend begins."""

from __future__ import annotations

import graphene
from grapple.registry import registry
from wagtail.models import Page

from cms.api.engine.errors import BadArgument
from cms.api.reading.ids import key_of
from cms.api.schema.changes import CHANGES
from cms.api.schema.finding import NODE, NODES
from cms.api.schema.listings import Listings
from cms.api.schema.listings.listing import LOCALE
from cms.api.schema.next_change import NEXT_CHANGE_AT
from cms.api.schema.node import Node, id_field
from cms.api.schema.route import ROUTE
from cms.api.schema.search.results import SEARCH
from cms.api.schema.search.suggestions import SEARCH_SUGGESTIONS
from pages.addresses import address_of_site
from pages.models import (
    ArticlesPage,
    CharterPage,
    DeliverablesPage,
    ForumsPage,
    HomePage,
    LeadershipPage,
    Navigation,
    Organisation,
    Person,
    SiteSettings,
    SurveyPage,
)
from pages.types import PageInterface

__all__ = ["Query"]


def type_of(model):
    return lambda: registry.models[model]


def singleton(model, description: str) -> graphene.Field:
    """The site's one page of a type; null while it is not public."""
    return graphene.Field(
        type_of(model),
        locale=LOCALE,
        description=description,
        resolver=lambda root, info, locale=None: info.context.content.singleton(model, locale),
    )


def one(model, description: str) -> graphene.Field:
    """One object by its id; null when there is none that readers may see."""
    return graphene.Field(
        type_of(model),
        id=graphene.ID(required=True, description="The `id` another answer gave."),
        description=description,
        resolver=lambda root, info, id: info.context.content.one(model, key_of(id, model)),
    )


def resolve_page(root, info, path=None, id=None, locale=None):
    if (path is None) == (id is None):
        raise BadArgument("Give the page's `path` or its `id`: one of the two.")
    if id is not None:
        return info.context.content.one(Page, key_of(id, Page))
    return info.context.content.page_at(path, locale)


class Site(graphene.ObjectType):
    """What holds for every page of the site."""

    class Meta:
        interfaces = (Node,)

    id = id_field("Stable identifier of the site.")
    name = graphene.String(required=True, description="The site's name.")
    url = graphene.String(required=True, description="Where readers find the site: its frontend.")
    settings = graphene.Field(
        type_of(SiteSettings), required=True, description="Names, contact and social picture."
    )
    navigation = graphene.Field(
        type_of(Navigation), required=True, description="Links of the header and the footer."
    )

    def resolve_name(site, info):
        return site.site_name

    def resolve_url(site, info):
        return address_of_site(site)

    def resolve_settings(site, info):
        return info.context.content.setting(SiteSettings)

    def resolve_navigation(site, info):
        return info.context.content.setting(Navigation)


class Query(Listings, graphene.ObjectType):
    """Everything a frontend can ask for. What is not public is absent, as if it did not exist."""

    site = graphene.Field(
        Site,
        required=True,
        description="The site the request was made to: settings and navigation.",
        resolver=lambda root, info: info.context.content.site,
    )
    route = ROUTE
    changes = CHANGES
    next_change_at = NEXT_CHANGE_AT
    search = SEARCH
    search_suggestions = SEARCH_SUGGESTIONS
    node = NODE
    nodes = NODES
    page = graphene.Field(
        PageInterface,
        path=graphene.String(
            description=(
                "The page's path on this site: `/charter/`. Slashes around it are forgiven, and it"
                " may be percent-encoded."
            )
        ),
        id=graphene.ID(description="In the place of a path, the `id` another answer gave."),
        locale=LOCALE,
        description="The page at a path or with an id, whatever its type; null for none.",
        resolver=resolve_page,
    )
    home = singleton(HomePage, "The home page.")
    charter = singleton(CharterPage, "The charter: definition, mission and objectives.")
    leadership = singleton(LeadershipPage, "Who leads the working group.")
    forums_page = singleton(ForumsPage, "The page that introduces the forums.")
    deliverables_page = singleton(
        DeliverablesPage, "The page that introduces the deliverables, by category."
    )
    survey = singleton(SurveyPage, "The survey and its findings.")
    articles_page = singleton(ArticlesPage, "The page that introduces the articles.")
    person = one(Person, "One person; null when there is none.")
    organisation = one(Organisation, "One organisation; null when there is none.")
