"""The root of the schema: where a frontend begins."""

from __future__ import annotations

import graphene
from grapple.registry import registry
from wagtail.models import Page

from cms.api.engine.deferred import settle_later
from cms.api.engine.errors import BadArgument
from cms.api.reading.ids import key_of
from cms.api.reading.languages import Language
from cms.api.schema.changes import CHANGES
from cms.api.schema.finding import NODE, NODES
from cms.api.schema.listings import Listings
from cms.api.schema.listings.listing import LANGUAGE_ARGUMENTS
from cms.api.schema.next_change import NEXT_CHANGE_AT
from cms.api.schema.node import Node, id_field
from cms.api.schema.route import ROUTE
from cms.api.schema.search.results import SEARCH
from cms.api.schema.search.suggestions import SEARCH_SUGGESTIONS
from pages.addresses import address_of_site
from pages.languages import TextDirection, direction_of, name_of
from pages.models import (
    ArticlesPage,
    CharterPage,
    DeliverablesPage,
    ForumsPage,
    HomePage,
    LeadershipPage,
    Navigation,
    NewslettersPage,
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
        **LANGUAGE_ARGUMENTS,
        description=description,
        resolver=lambda root, info, locale=None, fallback=True: info.context.content.singleton(
            model, Language(locale, fallback)
        ),
    )


def one(model, description: str) -> graphene.Field:
    """One object by its id; null when there is none that readers may see."""
    return graphene.Field(
        type_of(model),
        id=graphene.ID(required=True, description="The `id` another answer gave."),
        **LANGUAGE_ARGUMENTS,
        description=description,
        resolver=lambda root, info, id, **language: with_key(info, model, id, **language),
    )


def with_key(info, model, id, locale=None, fallback=True):
    content, language = info.context.content, Language(locale, fallback)
    return settle_later(
        content.one(model, key_of(id, model)),
        lambda found: found and content.in_language(found, language),
    )


def resolve_page(root, info, path=None, id=None, locale=None, fallback=True):
    if (path is None) == (id is None):
        raise BadArgument("Give the page's `path` or its `id`: one of the two.")
    if id is not None:
        return with_key(info, Page, id, locale, fallback)
    return info.context.content.page_at(path, Language(locale, fallback))


def setting(model, description: str) -> graphene.Field:
    """A setting of the site in a language. It is always there, though it may say nothing in it."""
    return graphene.Field(
        type_of(model),
        required=True,
        **LANGUAGE_ARGUMENTS,
        description=description,
        resolver=lambda site, info, locale=None, fallback=True: (
            info.context.content.setting_of_own_site(model, Language(locale, fallback))
        ),
    )


class SiteLanguage(graphene.ObjectType):
    """A language of the site."""

    locale = graphene.String(required=True, description="Its code, as `locale` takes it: `en`.")
    name = graphene.String(required=True, description="As it calls itself: `français`.")
    direction = graphene.Field(
        TextDirection, required=True, description="Where lines begin, for `dir`."
    )
    home = graphene.Field(PageInterface, description="The home page in it.")

    def resolve_locale(home, info):
        return info.context.content.language_of(home.locale_id)

    def resolve_name(home, info):
        return name_of(info.context.content.language_of(home.locale_id))

    def resolve_direction(home, info):
        return direction_of(info.context.content.language_of(home.locale_id))

    def resolve_home(home, info):
        return home


class Site(graphene.ObjectType):
    """What holds for every page of the site."""

    class Meta:
        interfaces = (Node,)

    id = id_field("Stable identifier of the site.")
    name = graphene.String(required=True, description="The site's name.")
    url = graphene.String(required=True, description="Where readers find the site: its frontend.")
    languages = graphene.List(
        graphene.NonNull(SiteLanguage),
        required=True,
        description="The languages in which readers see its home page; its own first.",
    )
    settings = setting(SiteSettings, "Names, contact and social picture.")
    navigation = setting(Navigation, "Links of the header and the footer.")

    def resolve_name(site, info):
        return site.site_name

    def resolve_url(site, info):
        return address_of_site(site)

    def resolve_languages(site, info):
        return info.context.content.translations_of(site.root_page)


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
        **LANGUAGE_ARGUMENTS,
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
    newsletters_page = singleton(
        NewslettersPage, "The page that introduces the newsletters, and what subscribers agree to."
    )
    person = one(Person, "One person; null when there is none.")
    organisation = one(Organisation, "One organisation; null when there is none.")
