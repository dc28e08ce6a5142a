"""The interface of whatever has an id of its own."""

from __future__ import annotations

from functools import cache

import graphene
from grapple.registry import registry

from cms.api.reading.ids import id_of
from cms.api.schema.resolvers import BlockValue

__all__ = ["Node", "id_field"]


def id_field(description: str) -> graphene.Field:
    return graphene.Field(
        graphene.ID,
        required=True,
        description=description,
        resolver=lambda holder, info: id_of(holder),
    )


class Node(graphene.Interface):
    """Whatever has an id of its own, by which it is found again."""

    id = id_field("Names this thing alone, on the whole site, and stays the same.")

    @classmethod
    def resolve_type(cls, instance, info):
        if isinstance(instance, BlockValue):
            return registry.streamfield_blocks[type(instance.block)]
        known = models().get(type(instance))
        # What is no model of the registry has a type of its own name.
        return known or info.schema.get_type(type(instance).__name__).graphene_type


@cache
def models() -> dict:
    """The registry's types by their models; it makes this dictionary anew for each look."""
    return registry.class_models
