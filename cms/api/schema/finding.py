"""Things found by their ids: what Relay and other clients ask to read one thing anew.

An object is found as a link to it would be. A block or row is found along the fields that lead to
it, so that it is answered where a reader could have come by it, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

import graphene
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ManyToOneRel, Model
from grapple.registry import registry
from taggit.models import Tag
from wagtail import blocks
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.fields import StreamField
from wagtail.images.models import AbstractImage
from wagtail.models import DraftStateMixin, Page, Site

from cms.api.engine.deferred import settle_later
from cms.api.engine.errors import BadArgument
from cms.api.reading.content import Content
from cms.api.reading.ids import NodeId, NotAnId, kind_of, place_beneath, place_of
from cms.api.reading.languages import setting_asked_for
from cms.api.schema.listings.tag import tag_with_key
from cms.api.schema.node import Node
from cms.api.schema.redirect import Redirect, redirect_with_key
from cms.api.schema.resolvers import BlockValue, resolver_for_block, resolver_for_model

__all__ = ["NODE", "NODES"]

MOST_NODES = 100
# What stands for itself, and of which ``visible`` says who may see it.
LINKED_TO = (DraftStateMixin, AbstractImage, AbstractDocument)

Find = Callable[[Content, NodeId], Any]


def resolve_node(root, info, id: str) -> Any:
    return found(NodeId.of(id), info)


def resolve_nodes(root, info, ids: list[str]) -> list[Any]:
    if len(ids) > MOST_NODES:
        raise BadArgument(f"`ids` has {len(ids)} values; at most {MOST_NODES} are found at once.")
    return [found(NodeId.of(id), info) for id in ids]


def found(wanted: NodeId, info) -> Any:
    find = finders().get(wanted.kind)
    if find is None:
        raise NotAnId
    value = find(info.context.content, wanted)
    for name, key in wanted.steps:
        value = settle_later(value, partial(beneath, info=info, name=name, key=key))
    return value


# Objects


@cache
def finders() -> dict[str, Find]:
    """How an object of each kind is found."""
    known: dict[str, Find] = {
        kind_of(Site): own_site,
        kind_of(Tag): tag,
        Redirect.__name__: redirect,
    }
    for model in registry.class_models:
        # Grapple's own hooks put entries into the registry that are no models.
        if not isinstance(model, type):
            continue
        if issubclass(model, BaseSiteSetting):
            known[kind_of(model)] = partial(setting, model)
        elif issubclass(model, LINKED_TO):
            known[kind_of(model)] = partial(linked, Page if issubclass(model, Page) else model)
    return known


def linked(model: type[Model], content: Content, wanted: NodeId) -> Any:
    return content.one(model, wanted.number())


def own_site(content: Content, wanted: NodeId) -> Any:
    return content.site if wanted.number() == content.site.pk else None


def setting(model: type[Model], content: Content, wanted: NodeId) -> Any:
    site, language = setting_asked_for(wanted.key)
    is_own = replace(wanted, key=site).number() == content.site.pk
    return content.setting_of_own_site(model, language) if is_own else None


def tag(content: Content, wanted: NodeId) -> Any:
    return tag_with_key(wanted.number(), content)


def redirect(content: Content, wanted: NodeId) -> Any:
    return redirect_with_key(wanted.key, content)


# Blocks and rows


def beneath(holder: Any, info, *, name: str, key: str) -> Any:
    """The block or row with a key in a field of a holder; None without either."""
    if holder is None:
        return None
    if isinstance(holder, Page):
        holder = info.context.content.complete_page(holder)
    return settle_later(
        holder,
        lambda complete: settle_later(
            parts_of(complete, name, info),
            lambda parts: at_place(parts, place_beneath(complete, name, key)),
        ),
    )


def parts_of(holder: Any, name: str, info) -> Any:
    """What a field answers that holds blocks or rows. Raises for one that does not."""
    is_block = isinstance(holder, BlockValue)
    declaring: Any = type(holder.block) if is_block else type(holder)
    declared = next(
        (each for each in getattr(declaring, "graphql_fields", ()) if each.field_source == name),
        None,
    )
    if declared is None or not has_parts(declaring, name):
        raise NotAnId
    resolver = resolver_for_block if is_block else resolver_for_model
    return resolver(declaring, declared)(holder, info)


def has_parts(declaring: Any, name: str) -> bool:
    if issubclass(declaring, blocks.StructBlock):
        block = declaring.base_blocks.get(name)
        return isinstance(block, blocks.ListBlock) and not isinstance(
            block.child_block, blocks.ChooserBlock
        )
    try:
        field = declaring._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return isinstance(field, ManyToOneRel | StreamField)


def at_place(parts: list, place: str) -> Any:
    return next((each for each in parts if place_of(each) == place), None)


NODE = graphene.Field(
    Node,
    id=graphene.ID(required=True, description="The `id` another answer gave."),
    description="Whatever has this id; null when there is nothing that readers may see.",
    resolver=resolve_node,
)
NODES = graphene.List(
    Node,
    required=True,
    ids=graphene.List(
        graphene.NonNull(graphene.ID),
        required=True,
        description=f"What `id` was in other answers, {MOST_NODES} at most.",
    ),
    description="Whatever has these ids, in their order; null in the place of what is not there.",
    resolver=resolve_nodes,
)
