"""What blocks refer to, read from the form in which they are stored, without a statement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from pages.blocks import stored_items

__all__ = ["KNOWN_BLOCKS", "Reference", "leaves_of", "references_in_block"]

KNOWN_BLOCKS = (
    blocks.StructBlock,
    blocks.StreamBlock,
    blocks.ListBlock,
    blocks.FieldBlock,
    blocks.StaticBlock,
)

# The model and the key of what is referred to.
Reference = tuple[type[Model], Any]


def references_in_block(block: blocks.Block, value: Any) -> Iterator[Reference]:
    """What a block in its stored form refers to; but for links in texts."""
    for leaf, held in leaves_of(block, value):
        if isinstance(leaf, blocks.ChooserBlock):
            yield leaf.target_model, held


def leaves_of(block: blocks.Block, value: Any) -> Iterator[tuple[blocks.Block, Any]]:
    """The blocks that hold no others, each with what it holds in its stored form, if anything."""
    if not value:
        return
    if isinstance(block, ImageBlock) and not isinstance(value, dict):
        yield from leaves_of(block.child_blocks["image"], value)  # As it was once stored.
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from leaves_of(child, value.get(name))
    elif isinstance(block, blocks.StreamBlock):
        for item in value:
            if item["type"] in block.child_blocks:
                yield from leaves_of(block.child_blocks[item["type"]], item["value"])
    elif isinstance(block, blocks.ListBlock):
        for _, item in stored_items(value):
            yield from leaves_of(block.child_block, item)
    elif isinstance(block, KNOWN_BLOCKS):
        yield block, value
    else:
        raise TypeError(f"Teach this module to look for references in a {type(block).__name__}.")
