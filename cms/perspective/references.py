"""What an object refers to, as Wagtail's reference index has it once the object is published.

Wagtail's own way to find out loads whatever blocks refer to, with statements for each block type of
each object. The stored form of blocks has the keys, which is all there is to know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, Model
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import ReferenceIndex

from cms.perspective.objects import base_type_of
from pages.blocks import stored_items

__all__ = ["KNOWN_BLOCKS", "references_in", "references_in_block", "references_of"]

KNOWN_BLOCKS = (
    blocks.StructBlock,
    blocks.StreamBlock,
    blocks.ListBlock,
    blocks.FieldBlock,
    blocks.StaticBlock,
)

Reference = tuple[type[Model], Any]


def references_of(instance: Any, *children: Model) -> Iterator[ReferenceIndex]:
    """One entry for each thing that an object or its child rows refer to, but for links in texts.

    It says what is referred to and not in which place: nobody who reads asks for more.
    """
    references = [reference for each in (instance, *children) for reference in references_in(each)]
    for target, key in dict.fromkeys(references):
        yield ReferenceIndex(
            content_type=ContentType.objects.get_for_model(instance, for_concrete_model=False),
            base_content_type_id=base_type_of(type(instance)),
            object_id=str(instance.pk),
            to_content_type_id=base_type_of(target),
            to_object_id=str(key),
            content_path_hash=ReferenceIndex._get_content_path_hash(""),
        )


def references_in(instance: Model) -> Iterator[Reference]:
    """What the columns of a row refer to, without a statement; but for links in texts."""
    for each in instance._meta.concrete_fields:
        value = getattr(instance, each.attname)
        if isinstance(each, StreamField):
            yield from references_in_block(each.stream_block, list(value.raw_data))
        elif isinstance(each, ForeignKey) and value and not is_ignored(each):
            yield each.related_model, value


def is_ignored(each: ForeignKey) -> bool:
    return isinstance(each, ParentalKey) or any(
        getattr(about, "wagtail_reference_index_ignore", False)
        for about in (each, each.related_model)
    )


def references_in_block(block: blocks.Block, value: Any) -> Iterator[Reference]:
    """What a block in its stored form refers to."""
    if not value:
        return
    if isinstance(block, ImageBlock) and not isinstance(value, dict):
        yield from references_in_block(block.child_blocks["image"], value)  # As it was once stored.
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from references_in_block(child, value.get(name))
    elif isinstance(block, blocks.StreamBlock):
        for item in value:
            if item["type"] in block.child_blocks:
                yield from references_in_block(block.child_blocks[item["type"]], item["value"])
    elif isinstance(block, blocks.ListBlock):
        for _, item in stored_items(value):
            yield from references_in_block(block.child_block, item)
    elif isinstance(block, blocks.ChooserBlock):
        yield block.target_model, value
    elif not isinstance(block, KNOWN_BLOCKS):
        raise TypeError(f"Teach this module to look for references in a {type(block).__name__}.")
