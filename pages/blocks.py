"""StreamField blocks that more than one page type uses.

A block's class name is its GraphQL type name, so it is part of the contract.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import escape
from grapple.helpers import register_streamfield_block
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock, ImageBlockComparison
from wagtail.snippets.blocks import SnippetChooserBlock

from pages.types import GraphQLBlocks, GraphQLPage, GraphQLString

__all__ = [
    "RICH_TEXT_FEATURES",
    "Link",
    "NavigationItem",
    "PictureBlock",
    "messages_in_blocks",
    "organisation_list",
    "person_list",
    "stored_items",
]

RICH_TEXT_FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]


def organisation_list(**kwargs) -> blocks.ListBlock:
    """Organisations, in the order they should be named."""
    return blocks.ListBlock(SnippetChooserBlock("pages.Organisation"), default=[], **kwargs)


def person_list(**kwargs) -> blocks.ListBlock:
    """People, in the order they should be named."""
    return blocks.ListBlock(SnippetChooserBlock("pages.Person"), default=[], **kwargs)


class PictureComparison(ImageBlockComparison):
    """Wagtail's own fails where the picture has been deleted since."""

    def htmlvalue(self, val):
        return super().htmlvalue(val) if val is not None else escape("(deleted picture)")


class PictureBlock(ImageBlock):
    """A picture with the alternative text of this use."""

    def clean(self, value):
        """Wagtail takes spaces for a description."""
        if value is not None and value.contextual_alt_text:
            value.contextual_alt_text = value.contextual_alt_text.strip()
        return super().clean(value)

    def get_comparison_class(self):
        return PictureComparison


@register_streamfield_block
class Link(blocks.StructBlock):
    """A link that an editor gives a text and either a page or an address."""

    text = blocks.CharBlock(max_length=80, help_text="The words readers click on.")
    page = blocks.PageChooserBlock(
        required=False, help_text="A page of this site. Its address is kept up to date for you."
    )
    url = blocks.URLBlock(
        required=False, label="Address", help_text="Or an address elsewhere, with https://."
    )

    graphql_fields = [
        GraphQLString("text", required=True, description="The words to show."),
        GraphQLPage(
            "page", description="Target on this site; null when the link leads elsewhere or hidden."
        ),
        GraphQLString("url", description="Target elsewhere; null when the link leads to a page."),
    ]

    class Meta:
        icon = "link"
        graphql_description = "A link with its text, to a page or to an address elsewhere."

    def clean(self, value):
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        if bool(cleaned.get("page")) == bool(cleaned.get("url")):
            message = "Choose a page or give an address: one of the two."
            raise StructBlockValidationError({"page": ValidationError(message)})
        return cleaned


@register_streamfield_block
class NavigationItem(Link):
    """A top-level navigation entry with the links that open beneath it."""

    children = blocks.ListBlock(
        Link(),
        required=False,
        default=[],
        collapsed=True,
        help_text="Links that open beneath this one. One level only.",
    )

    graphql_fields = [
        *Link.graphql_fields,
        GraphQLBlocks("children", Link, description="Links beneath this one."),
    ]

    class Meta:
        icon = "list-ul"
        graphql_description = "A navigation entry and the links beneath it."


def stored_items(value: Any) -> list[tuple[str | None, Any]]:
    """The items of a ListBlock in its stored form, each with its id if it has one.

    What was stored before Wagtail gave items an id, or was imported, has the bare values. Wagtail
    goes on reading them, and writes them anew only when someone edits the list.
    """
    return [
        (item.get("id"), item["value"]) if is_stored_item(item) else (None, item)
        for item in value or []
    ]


def is_stored_item(item: Any) -> bool:
    return isinstance(item, dict) and item.get("type") == "item" and "value" in item


def messages_in_blocks(block: blocks.Block, value: Any, error: ValidationError) -> Iterator[str]:
    """Every message inside a block's error, each after the names of the blocks it is found in."""
    if not hasattr(error, "block_errors"):
        yield from error.messages
        return
    yield from error.non_block_errors
    for key, inner in error.block_errors.items():
        if isinstance(block, blocks.StreamBlock):
            child, held = value[key].block, value[key].value
            label = f"{child.label} {key + 1}"
        elif isinstance(block, blocks.ListBlock):
            child, held, label = block.child_block, value[key], f"{key + 1}"
        else:
            child = block.child_blocks[key]
            held, label = getattr(value, "get", lambda _: None)(key), child.label
        for message in messages_in_blocks(child, held, inner):
            yield f"{label}: {message}"
