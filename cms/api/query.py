"""The root of the schema: where a frontend begins."""

from __future__ import annotations

import graphene
from grapple.registry import registry

from cms.api.errors import BadArgument
from pages.models import (
    ArticlePage,
    ArticlesPage,
    CharterPage,
    DeliverablePage,
    DeliverablesPage,
    ForumPage,
    ForumsPage,
    HomePage,
    LeadershipPage,
    Navigation,
    Organisation,
    Person,
    SiteSettings,
    SurveyPage,
)
from pages.types import CONNECTION_ARGUMENTS, PageInterface, connection_of

__all__ = ["Query"]


def type_of(model):
    return lambda: registry.models[model]


def singleton(model, description: str) -> graphene.Field:
    """The site's one page of a type; null while it is not public."""
    return graphene.Field(
        type_of(model),
        description=description,
        resolver=lambda root, info: info.context.content.singleton(model),
    )


def listing(model, *, order: tuple[str, ...], description: str) -> graphene.Field:
    def resolve(root, info, **arguments):
        content = info.context.content
        objects = model._default_manager.all()
        queryset = content.in_site(objects) if hasattr(model, "path") else objects
        return content.connection(queryset, order=order, **arguments)

    return graphene.Field(
        lambda: connection_of(f"pages.{model.__name__}"),
        required=True,
        args=CONNECTION_ARGUMENTS,
        description=description,
        resolver=resolve,
    )


class Site(graphene.ObjectType):
    """What holds for every page of the site."""

    name = graphene.String(required=True, description="The site's name.")
    url = graphene.String(required=True, description="Absolute address of the site's root.")
    settings = graphene.Field(
        type_of(SiteSettings), required=True, description="Names, contact and social picture."
    )
    navigation = graphene.Field(
        type_of(Navigation), required=True, description="Links of the header and the footer."
    )

    def resolve_name(site, info):
        return site.site_name

    def resolve_url(site, info):
        return site.root_url

    def resolve_settings(site, info):
        return info.context.content.setting(SiteSettings)

    def resolve_navigation(site, info):
        return info.context.content.setting(Navigation)


class Query(graphene.ObjectType):
    """Everything a frontend can ask for. What is not public is absent, as if it did not exist."""

    site = graphene.Field(
        Site,
        required=True,
        description="The site the request was made to: settings and navigation.",
        resolver=lambda root, info: info.context.content.site,
    )
    page = graphene.Field(
        PageInterface,
        path=graphene.String(
            required=True,
            description="The page's path on this site: `/charter/`. The last slash is optional.",
        ),
        description="The page at a path, whatever its type; null when there is none.",
    )
    home = singleton(HomePage, "The home page.")
    charter = singleton(CharterPage, "The charter: definition, mission and objectives.")
    leadership = singleton(LeadershipPage, "Who leads the working group.")
    forums_page = singleton(ForumsPage, "The page that introduces the forums.")
    deliverables = singleton(DeliverablesPage, "The deliverables, by category.")
    survey = singleton(SurveyPage, "The survey and its findings.")
    articles_page = singleton(ArticlesPage, "The page that introduces the articles.")
    forums = listing(ForumPage, order=("-edition",), description="The forums, newest first.")
    articles = listing(
        ArticlePage, order=("-first_published_at",), description="The articles, newest first."
    )
    published_deliverables = listing(
        DeliverablePage, order=("-date",), description="What has been published, newest first."
    )
    people = listing(Person, order=("name",), description="Chairs, authors and speakers, by name.")
    organisations = listing(
        Organisation, order=("name",), description="Organisations named on the site, by name."
    )
    person = graphene.Field(
        type_of(Person),
        id=graphene.ID(required=True, description="The person's `id`."),
        description="One person; null when there is none.",
    )
    organisation = graphene.Field(
        type_of(Organisation),
        id=graphene.ID(required=True, description="The organisation's `id`."),
        description="One organisation; null when there is none.",
    )

    def resolve_page(root, info, path):
        return info.context.content.page_at("/" + path.strip("/") + "/" if path.strip("/") else "/")

    def resolve_person(root, info, id):
        return info.context.content.one(Person, number(id))

    def resolve_organisation(root, info, id):
        return info.context.content.one(Organisation, number(id))


def number(identifier: str) -> int:
    if not identifier.isascii() or not identifier.isdigit() or len(identifier) > 18:
        raise BadArgument("An id is a number, as another answer gave it.")
    return int(identifier)
