"""The GraphQL vocabulary that page models share.

Models declare what readers see with grapple's ``graphql_fields``. Grapple makes the types; what a
field *returns* is decided in ``cms.api``, which puts a loader on ``info.context.content`` so that
every edge is batched and passes through one visibility rule. A declaration may carry its own
``resolve(instance, info)``; otherwise ``cms.api`` derives the resolver from the Django field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import graphene
from django.apps import apps
from grapple.models import GraphQLField
from grapple.registry import registry
from wagtail.models import Page

from media.licences import Licence
from pages.languages import TextDirection, direction_of
from pages.rich_text.headings import BENEATH_A_SECTION
from pages.seo.types import Seo

__all__ = [
    "FocalPoint",
    "GraphQLBlocks",
    "GraphQLBoolean",
    "GraphQLChoice",
    "GraphQLConnection",
    "GraphQLDate",
    "GraphQLDateTime",
    "GraphQLFloat",
    "GraphQLImageUse",
    "GraphQLInt",
    "GraphQLLanguage",
    "GraphQLList",
    "GraphQLPage",
    "GraphQLReference",
    "GraphQLReferences",
    "GraphQLRelated",
    "GraphQLRichText",
    "GraphQLString",
    "GraphQLTags",
    "ImageUse",
    "PageInterface",
    "PortableText",
    "ResolvedField",
    "RichText",
    "RichTextHeading",
    "choice_enum",
    "connection_of",
    "language_fields",
    "page_interface",
]

Resolver = Callable[..., Any]


class ResolvedField(GraphQLField):
    """A grapple field that says how it is resolved, instead of leaving it to grapple.

    ``resolve`` takes ``(instance, info, **arguments)``. ``arguments`` are graphene arguments.
    """

    def __init__(
        self,
        field_name: str,
        field_type: Any,
        *,
        description: str,
        required: bool = False,
        source: str | None = None,
        resolve: Resolver | None = None,
        arguments: dict[str, graphene.Argument] | None = None,
        deprecation_reason: str | None = None,
    ):
        super().__init__(
            field_name,
            field_type,
            required=required,
            description=description,
            source=source or field_name,
            deprecation_reason=deprecation_reason,
        )
        self.resolve = resolve
        self.arguments = arguments or {}


def GraphQLString(field_name: str, **kwargs):
    """Text. An optional string is null, never empty."""
    return ResolvedField(field_name, graphene.String, **kwargs)


def GraphQLLanguage():
    """The language of a snippet's texts, which may be another than that of the page it is on."""
    return ResolvedField(
        "locale",
        graphene.String,
        required=True,
        description="Language code of these texts, for `lang`: `en`.",
        resolve=lambda instance, info: info.context.content.language_of(instance.locale_id),
    )


def language_fields(code_of: Resolver) -> list[ResolvedField]:
    """The language of texts and where their lines begin, from what tells its code."""
    return [
        ResolvedField(
            "locale",
            graphene.String,
            required=True,
            description=(
                "Language code of these texts, for `lang`: `en`. It is not the one that was asked"
                " for where that has no translation."
            ),
            resolve=code_of,
        ),
        ResolvedField(
            "direction",
            TextDirection,
            required=True,
            description="Where lines begin, for `dir`.",
            resolve=lambda instance, info: direction_of(code_of(instance, info)),
        ),
    ]


def GraphQLInt(field_name: str, **kwargs):
    return ResolvedField(field_name, graphene.Int, **kwargs)


def GraphQLFloat(field_name: str, **kwargs):
    return ResolvedField(field_name, graphene.Float, **kwargs)


def GraphQLBoolean(field_name: str, **kwargs):
    return ResolvedField(field_name, graphene.Boolean, **kwargs)


def GraphQLDate(field_name: str, **kwargs):
    return ResolvedField(field_name, graphene.Date, **kwargs)


def GraphQLDateTime(field_name: str, **kwargs):
    """A moment, answered in UTC as ISO 8601 with its offset."""
    return ResolvedField(field_name, graphene.DateTime, **kwargs)


@cache
def choice_enum(choices) -> type[graphene.Enum]:
    """The GraphQL enum of a Django ``TextChoices``; labels become the descriptions."""
    summary = (choices.__doc__ or "").strip()

    def describe(member):
        return str(choices(member.value).label) if member else summary

    return graphene.Enum.from_enum(choices, name=choices.__name__, description=describe)


def GraphQLChoice(field_name: str, choices, **kwargs):
    return ResolvedField(field_name, choice_enum(choices), **kwargs)


def GraphQLList(field_name: str, item_type, **kwargs):
    """A list that is never null and holds no nulls."""
    return ResolvedField(
        field_name, graphene.List(graphene.NonNull(item_type)), required=True, **kwargs
    )


def GraphQLTags(field_name: str, **kwargs):
    """The names of an object's tags, in alphabetical order."""
    return GraphQLList(
        field_name,
        graphene.String,
        resolve=lambda instance, info: info.context.content.tags_of(instance, field_name),
        **kwargs,
    )


def GraphQLRichText(field_name: str, **kwargs):
    return ResolvedField(field_name, RichText, **kwargs)


def GraphQLImageUse(field_name: str, *, description: str):
    """An image field with its ``<field>_alt_text`` and ``<field>_decorative`` companions."""
    return ResolvedField(
        field_name,
        ImageUse,
        description=description,
        resolve=lambda instance, info: info.context.content.image_use(
            getattr(instance, f"{field_name}_id"),
            alt_text=getattr(instance, f"{field_name}_alt_text"),
            decorative=getattr(instance, f"{field_name}_decorative", False),
        ),
    )


def GraphQLPage(field_name: str, **kwargs):
    """A link to any page; null when that page is not visible to the reader."""
    return ResolvedField(field_name, page_interface, **kwargs)


def _registered(model_name: str):
    model = apps.get_model(model_name)
    return registry.models[model]


def GraphQLReference(field_name: str, model_name: str, **kwargs):
    """A link to one object of a model; null when it is not visible to the reader."""
    return ResolvedField(field_name, lambda: _registered(model_name), **kwargs)


def GraphQLReferences(field_name: str, model_name: str, **kwargs):
    """Links to several objects; one that is hidden keeps its place as null."""
    return ResolvedField(
        field_name, graphene.List(lambda: _registered(model_name)), required=True, **kwargs
    )


def GraphQLRelated(field_name: str, model_name: str, **kwargs):
    """The ordered child rows of an instance, such as the leaders of a leadership page."""
    return GraphQLList(field_name, lambda: _registered(model_name), **kwargs)


def GraphQLBlocks(field_name: str, *blocks: type, union: str | None = None, **kwargs):
    """The blocks of a StreamField or ListBlock, each with a stable id.

    One block type gives a list of that type; several need ``union``, the name of their union.
    """
    if len(blocks) == 1:
        return GraphQLList(field_name, lambda: registry.streamfield_blocks[blocks[0]], **kwargs)
    return GraphQLList(field_name, lambda: _block_union(union, blocks), **kwargs)


@cache
def _block_union(name: str, block_classes: tuple[type, ...]) -> type[graphene.Union]:
    class Meta:
        types = tuple(registry.streamfield_blocks[block] for block in block_classes)
        description = "One block of the text, in the order an editor arranged them."

    def resolve_type(cls, instance, info):
        return registry.streamfield_blocks[type(instance.block)]

    return type(name, (graphene.Union,), {"Meta": Meta, "resolve_type": classmethod(resolve_type)})


CONNECTION_ARGUMENTS = {
    "first": graphene.Int(description="How many items to return, counted from the start."),
    "after": graphene.String(description="Return the items that follow this cursor."),
    "last": graphene.Int(description="How many items to return, counted from the end."),
    "before": graphene.String(description="Return the items that come before this cursor."),
}


@cache
def connection_of(name: str, of: Any = None) -> type[graphene.ObjectType]:
    """The Relay connection over a model's type, over ``PageInterface``, or over another type."""
    short_name = name.rsplit(".", maxsplit=1)[-1]

    def node():
        return of or (page_interface() if name == "PageInterface" else _registered(name))

    edge = type(
        f"{short_name}Edge",
        (graphene.ObjectType,),
        {
            "Meta": type(
                "Meta", (), {"description": f"One {short_name} and its place in the list."}
            ),
            "cursor": graphene.String(
                required=True, description="Marks this place; pass it as `after` or `before`."
            ),
            "node": graphene.Field(node, required=True, description="The item itself."),
        },
    )
    return type(
        f"{short_name}Connection",
        (graphene.ObjectType,),
        {
            "Meta": type("Meta", (), {"description": f"A page of a list of {short_name}."}),
            "edges": graphene.List(
                graphene.NonNull(edge), required=True, description="Items with their cursors."
            ),
            "nodes": graphene.List(
                graphene.NonNull(node), required=True, description="The items alone."
            ),
            "page_info": graphene.Field(
                PageInfo, required=True, description="Whether there is more, and from where."
            ),
            "total_count": graphene.Int(
                required=True, description="How many items the whole list has."
            ),
        },
    )


def GraphQLConnection(field_name: str, model_name: str, *, description: str, resolve: Resolver):
    return ResolvedField(
        field_name,
        lambda: connection_of(model_name),
        required=True,
        description=description,
        resolve=resolve,
        arguments=CONNECTION_ARGUMENTS,
    )


class PageInfo(graphene.ObjectType):
    """Where one page of a list ends and whether there is more, as Relay defines it."""

    has_next_page = graphene.Boolean(required=True, description="More items follow.")
    has_previous_page = graphene.Boolean(required=True, description="Items come before these.")
    start_cursor = graphene.String(description="Cursor of the first item, null when empty.")
    end_cursor = graphene.String(description="Cursor of the last item, null when empty.")


def first_heading() -> graphene.Argument:
    return graphene.Argument(
        graphene.NonNull(graphene.Int),
        default_value=BENEATH_A_SECTION,
        description="The level of the topmost headings in the text, 1 to 6. No level is left out.",
    )


class PortableText(graphene.Scalar):
    """Formatted text as [Portable Text](https://github.com/portabletext/portabletext).

    An array of blocks, for the renderers of `@portabletext/*`. `portable_text.schema.json` beside
    this schema says what it consists of.
    """

    class Meta:
        specified_by_url = "https://github.com/portabletext/portabletext"

    @staticmethod
    def serialize(value):
        return value


class RichTextHeading(graphene.ObjectType):
    """A heading within a formatted text, for a table of contents."""

    text = graphene.String(required=True, description="Its words.")
    level = graphene.Int(required=True, description="Its level in the HTML, 1 to 6.")
    anchor = graphene.String(
        required=True,
        description="The `id` it has in the HTML. It stays when the heading is reworded.",
    )


class RichText(graphene.ObjectType):
    """Formatted text. Links to content that is not public have lost their target."""

    html = graphene.String(
        required=True,
        first_heading=first_heading(),
        description="Safe HTML: headings, paragraphs, lists, links, bold and italic only.",
    )
    text = graphene.String(
        required=True, description="The same without formatting, for previews and meta tags."
    )
    markdown = graphene.String(
        required=True,
        first_heading=first_heading(),
        description="The same as Markdown (CommonMark), with whole addresses.",
    )
    portable_text = graphene.Field(
        PortableText,
        required=True,
        first_heading=first_heading(),
        description="The same for renderers of Portable Text.",
    )
    headings = graphene.List(
        graphene.NonNull(RichTextHeading),
        required=True,
        first_heading=first_heading(),
        description="Its headings in order, as the HTML has them.",
    )
    word_count = graphene.Int(
        required=True,
        description="How many words it has; each character of a script without spaces is one.",
    )
    reading_minutes = graphene.Int(
        required=True, description="Whole minutes it takes to read, at 238 words a minute."
    )

    @staticmethod
    def resolve_html(value, info, first_heading):
        return value.html(first_heading)

    @staticmethod
    def resolve_markdown(value, info, first_heading):
        return value.markdown(first_heading)

    @staticmethod
    def resolve_portable_text(value, info, first_heading):
        return value.portable_text(first_heading)

    @staticmethod
    def resolve_headings(value, info, first_heading):
        return value.headings(first_heading)


class FocalPoint(graphene.ObjectType):
    """The part of an image that must stay in view when it is cropped."""

    x = graphene.Int(required=True, description="Centre, in pixels from the left.")
    y = graphene.Int(required=True, description="Centre, in pixels from the top.")
    width = graphene.Int(required=True, description="Width in pixels.")
    height = graphene.Int(required=True, description="Height in pixels.")


class ImageUse(graphene.ObjectType):
    """A picture in its place, with the alternative text written for that place."""

    alt = graphene.String(
        required=True,
        description="Alternative text. Empty exactly when the picture is decorative.",
    )
    decorative = graphene.Boolean(
        required=True, description="True when assistive technology should skip the picture."
    )
    image = graphene.Field(
        lambda: _registered("media.Image"), description="The picture: address, size, credit."
    )


LicenceEnum = choice_enum(Licence)


def page_interface():
    return PageInterface


class PageInterface(graphene.Interface):
    """What every page has, whatever its type."""

    class Meta:
        name = "PageInterface"

    id = graphene.ID(required=True, description="Stable identifier of the page.")
    title = graphene.String(required=True, description="The page's title, as readers see it.")
    slug = graphene.String(required=True, description="Last part of the page's path.")
    path = graphene.String(
        required=True,
        description="Where the page stands on its site, with slashes around it: `/charter/`.",
    )
    url = graphene.String(
        required=True, description="Where readers find the page: at the site's frontend."
    )
    locale = graphene.String(
        required=True, description="Language code of the page, for `lang`: `en`."
    )
    direction = graphene.Field(
        TextDirection, required=True, description="Where its lines begin, for `dir`."
    )
    translations = graphene.List(
        graphene.NonNull(lambda: PageInterface),
        required=True,
        description="The page in its other languages, as far as readers see it in them.",
    )
    seo = graphene.Field(
        Seo, required=True, description="What search engines and social networks are told."
    )
    markdown = graphene.String(
        required=True,
        front_matter=graphene.Argument(
            graphene.NonNull(graphene.Boolean),
            default_value=False,
            description="Whether title, address, language and dates stand before it, as YAML.",
        ),
        description="All of the page as Markdown (CommonMark with GitHub's tables), for programs.",
    )
    first_published_at = graphene.DateTime(description="When the page first went live.")
    last_published_at = graphene.DateTime(description="When what readers see last changed.")
    parent = graphene.Field(
        lambda: PageInterface, description="The page above; null at the top or when hidden."
    )
    ancestors = graphene.List(
        graphene.NonNull(lambda: PageInterface),
        required=True,
        description="The visible pages above, from the home page down. Useful for breadcrumbs.",
    )

    children = graphene.Field(
        lambda: connection_of("PageInterface"),
        required=True,
        args=CONNECTION_ARGUMENTS,
        description="The visible pages beneath, in the order editors arranged them.",
    )

    @classmethod
    def resolve_type(cls, instance, info):
        return registry.pages[type(instance)]

    def resolve_children(page, info, **arguments):
        return info.context.content.children(page, info, Page, order=("path",), **arguments)

    def resolve_path(page, info):
        return info.context.content.path_of(page)

    def resolve_url(page, info):
        return info.context.content.url_of(page)

    def resolve_locale(page, info):
        return info.context.content.language_of(page.locale_id)

    def resolve_direction(page, info):
        return direction_of(info.context.content.language_of(page.locale_id))

    def resolve_translations(page, info):
        found = info.context.content.translations_of(page)
        return found.then(lambda pages: [each for each in pages if each.pk != page.pk])

    def resolve_seo(page, info):
        is_preview = info.context.may_show_drafts
        return info.context.content.seo_of(page, is_preview=is_preview)

    def resolve_markdown(page, info, front_matter):
        written = info.context.content.markdown_of(page, info)
        return written.then(lambda found: found.file if front_matter else found.text)

    def resolve_parent(page, info):
        return info.context.content.parent_of(page)

    def resolve_ancestors(page, info):
        return info.context.content.ancestors_of(page)


@dataclass(frozen=True, slots=True)
class ImageUseValue:
    """What an ``ImageUse`` is resolved from."""

    image: Any
    alt: str
    decorative: bool
