"""The GraphQL vocabulary of ``seo``. What is answered, ``cms.api.reading.seo`` works out."""

from __future__ import annotations

import graphene

__all__ = ["Seo"]

# Named by a text: that module is above this one.
IMAGE_USE = "pages.types.ImageUse"


class JsonLd(graphene.Scalar):
    """Linked data in the words of [schema.org](https://schema.org).

    An object with `@context` and `@graph`, for a `<script type="application/ld+json">`. Write each
    `<` in it as `\\u003c`, or a text that has `</script>` in it ends the element.
    """

    class Meta:
        specified_by_url = "https://www.w3.org/TR/json-ld11/"

    @staticmethod
    def serialize(value):
        return value


class OpenGraphImage(graphene.ObjectType):
    """The picture of a page where it is shared, 1200 by 630 pixels as a rule."""

    url = graphene.String(required=True, description="Absolute address of the file.")
    width = graphene.Int(required=True, description="Width in pixels.")
    height = graphene.Int(required=True, description="Height in pixels.")
    alt = graphene.String(
        required=True, description="What it shows, in words; empty when it is decorative."
    )


class OpenGraph(graphene.ObjectType):
    """What social networks and messengers show of a page that someone shares (ogp.me)."""

    title = graphene.String(required=True, description="For `og:title`.")
    description = graphene.String(description="For `og:description`.")
    type = graphene.String(required=True, description="For `og:type`: `article` or `website`.")
    url = graphene.String(required=True, description="For `og:url`: the canonical address.")
    site_name = graphene.String(required=True, description="For `og:site_name`.")
    locale = graphene.String(
        required=True, description="For `og:locale`, with an underscore: `en`, `fr_CA`."
    )
    image = graphene.Field(
        OpenGraphImage,
        description=(
            "For `og:image`: the page's own picture, else its header picture, else a card with its"
            " title. The home page has the site's picture before a card, as have titles whose"
            " letters cannot be drawn. Previews have no card."
        ),
    )
    published_time = graphene.DateTime(
        description="For `article:published_time`; null of what is no article."
    )
    modified_time = graphene.DateTime(
        description="For `article:modified_time`; null of what is no article."
    )


class SeoAlternate(graphene.ObjectType):
    """A page in one of its languages, for `<link rel="alternate" hreflang>`."""

    locale = graphene.String(required=True, description="Language code: `en`; for `hreflang`.")
    url = graphene.String(required=True, description="Where readers find it in that language.")


class Breadcrumb(graphene.ObjectType):
    """A step on the way from the home page to a page."""

    title = graphene.String(required=True, description="The title of the page there.")
    path = graphene.String(required=True, description="Its path on its site.")


class Seo(graphene.ObjectType):
    """What search engines and social networks should show for a page."""

    title = graphene.String(
        required=True, description="Title for the browser tab and search results."
    )
    description = graphene.String(
        description=(
            "One or two sentences for search results: the editors', else the beginning of what the"
            " page says."
        )
    )
    image = graphene.Field(
        IMAGE_USE, description="Picture for social networks; falls back to the site's own."
    )
    canonical = graphene.String(
        required=True,
        description=(
            'For `<link rel="canonical">`: the page\'s address at the frontend; of a page that'
            " mirrors another, the other's."
        ),
    )
    robots = graphene.String(
        required=True,
        description=(
            'For `<meta name="robots">`: `index, follow`, `noindex, follow` when editors keep the'
            " page out of search engines, `noindex, nofollow` in previews and while the site"
            " keeps search engines away."
        ),
    )
    open_graph = graphene.Field(
        OpenGraph, required=True, description="What is shown where the page is shared."
    )
    twitter_card = graphene.String(
        required=True,
        description="For `twitter:card`: `summary_large_image`, or `summary` without a picture.",
    )
    alternates = graphene.List(
        graphene.NonNull(SeoAlternate),
        required=True,
        description=(
            "The page in each of its languages, this one too; none if it has but this one, or is"
            " kept out of search engines."
        ),
    )
    breadcrumbs = graphene.List(
        graphene.NonNull(Breadcrumb),
        required=True,
        description="The visible pages above, from the home page down, and the page itself.",
    )
    json_ld = graphene.Field(
        JsonLd,
        required=True,
        description="What the page is about, for search engines and other programs.",
    )
