"""How a declared field gets its value, derived from the Django field or block behind it.

Because edges are recognised by their kind, a new field of a page type is batched and filtered by
visibility without anyone remembering to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

import graphene
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from wagtail import blocks
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page, TranslatableMixin

from cms.api.engine.deferred import settle_later
from cms.api.reading.ids import place_beneath, sibling_keys
from cms.api.reading.languages import OWN_LANGUAGE, Language
from pages.blocks import stored_items
from pages.types import ResolvedField

__all__ = ["BlockValue", "resolver_for_block", "resolver_for_model"]


@dataclass(frozen=True, slots=True)
class BlockValue:
    """A block in its stored form, with the key Wagtail gave it, and the field and what holds it.

    The stored form is read as it is: turning it into Wagtail's Python values would load everything
    the blocks point to, one statement a chooser, whether visible or not.
    """

    holder: Any
    field: str
    key: str
    block: blocks.Block
    value: Any

    @property
    def place_in_api(self) -> str:
        return place_beneath(self.holder, self.field, self.key)


def block_values(
    holder: Any, field: str, items: list[tuple[Any, blocks.Block, Any]]
) -> list[BlockValue]:
    """The blocks of a field, from the key, the block and the value of each."""
    keys = sibling_keys(key for key, _, _ in items)
    return [
        BlockValue(holder, field, own_key, block, value)
        for own_key, (_, block, value) in zip(keys, items, strict=True)
    ]


def resolver_for_model(model: type[models.Model], declared: ResolvedField) -> Callable:
    if declared.resolve is not None:
        return declared.resolve
    try:
        field = model._meta.get_field(declared.field_source)
    except FieldDoesNotExist:
        return _plain(declared.field_source)
    if isinstance(field, models.ForeignKey):
        if issubclass(model, BaseSiteSetting) and issubclass(
            field.related_model, TranslatableMixin
        ):
            return _translated_reference(field.related_model, attrgetter(field.attname))
        return _reference(field.related_model, field.attname)
    if isinstance(field, models.ManyToOneRel):
        return lambda instance, info: info.context.content.related(instance, field)
    if isinstance(field, RichTextField):
        return _rich_text(field.name, required=_is_required(declared))
    if isinstance(field, StreamField):
        return _stream(field)
    if isinstance(field, models.CharField | models.TextField) and not _is_required(declared):
        return _text_or_none(field.attname)
    return _plain(field.attname)


def _is_required(declared: ResolvedField) -> bool:
    return isinstance(declared.field_type, graphene.NonNull)


def _plain(name: str) -> Callable:
    read = attrgetter(name)
    return lambda instance, info: read(instance)


def _text_or_none(name: str) -> Callable:
    read = attrgetter(name)
    return lambda instance, info: read(instance) or None


def _reference(model: type[models.Model], name: str) -> Callable:
    read = attrgetter(name)
    return lambda instance, info: info.context.content.one(model, read(instance))


def _translated_reference(model: type[models.Model], read: Callable) -> Callable:
    """What a setting names is had in the language in which the setting was asked for."""

    def resolve(instance, info):
        content = info.context.content
        language = language_asked_of(instance)
        named = content.one(model, read(instance))
        return settle_later(named, lambda found: found and content.in_language(found, language))

    return resolve


def language_asked_of(holder: Any) -> Language:
    """In which language that was asked for which holds a block, if it was at all."""
    while isinstance(holder, BlockValue):
        holder = holder.holder
    return getattr(holder, "asked_in", OWN_LANGUAGE)


def _rich_text(name: str, *, required: bool) -> Callable:
    read = attrgetter(name)

    def resolve(instance, info):
        return info.context.content.rich_text(read(instance), required=required)

    return resolve


def _stream(field: StreamField) -> Callable:
    children = field.stream_block.child_blocks

    def resolve(instance, info):
        known = [
            (item.get("id"), children[item["type"]], item["value"])
            for item in getattr(instance, field.name).raw_data
            if item["type"] in children
        ]
        return block_values(instance, field.name, known)

    return resolve


def resolver_for_block(block_class: type[blocks.StructBlock], declared: ResolvedField) -> Callable:
    if declared.resolve is not None:
        return declared.resolve
    name = declared.field_source
    block = block_class.base_blocks[name]
    if isinstance(block, blocks.ListBlock):
        return _list_block(name, block.child_block)
    if isinstance(block, ImageBlock):
        return _image_block(name)
    if isinstance(block, blocks.ChooserBlock):
        model = block.target_model
        if issubclass(model, Page):
            return _translated_reference(model, lambda instance: instance.value.get(name))
        return lambda instance, info: info.context.content.one(model, instance.value.get(name))
    if isinstance(block, blocks.RichTextBlock):
        required = _is_required(declared)
        return lambda instance, info: info.context.content.rich_text(
            instance.value.get(name), required=required
        )
    if isinstance(block, blocks.DateBlock):
        return lambda instance, info: _date(instance.value.get(name))
    if isinstance(block, blocks.BooleanBlock):
        return lambda instance, info: bool(instance.value.get(name))
    if _is_required(declared):
        return lambda instance, info: instance.value.get(name)
    return lambda instance, info: _none_if_empty(instance.value.get(name))


def _none_if_empty(value: Any) -> Any:
    return None if value == "" else value


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _list_block(name: str, child: blocks.Block) -> Callable:
    if isinstance(child, blocks.ChooserBlock):

        def resolve_references(instance, info):
            keys = [key for _, key in stored_items(instance.value.get(name))]
            return info.context.content.many(child.target_model, keys)

        return resolve_references

    def resolve_items(instance, info):
        items = stored_items(instance.value.get(name))
        return block_values(instance, name, [(key, child, value) for key, value in items])

    return resolve_items


def _image_block(name: str) -> Callable:
    def resolve(instance, info):
        use = instance.value.get(name) or {}
        if not isinstance(use, dict):  # It was a picture alone before it could be described.
            use = {"image": use}
        return info.context.content.image_use(
            use.get("image"),
            alt_text=use.get("alt_text") or "",
            decorative=bool(use.get("decorative")),
        )

    return resolve
