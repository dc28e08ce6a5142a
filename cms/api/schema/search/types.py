"""What can be found, and texts in which the words searched for are marked."""

from __future__ import annotations

from functools import cache
from typing import Any

import graphene
from graphene.utils.str_converters import to_snake_case
from grapple.registry import registry
from wagtail.models import Page

from cms.search.documents import searched_models

__all__ = ["MarkedText", "SearchType", "models_found", "search_item"]


@cache
def models_found() -> dict[str, Any]:
    """What can be found, by what clients call it: `ARTICLE_PAGE`."""
    found = sorted(searched_models(), key=lambda model: model.__name__)
    return {to_snake_case(model.__name__).upper(): model for model in found if model is not Page}


def describe(member) -> str:
    if member is None:
        return "The types of what can be found."
    words = str(models_found()[member.name]._meta.verbose_name)
    return f"{words[0].upper()}{words[1:]}."


SearchType = graphene.Enum(
    "SearchType",
    [(name, model._meta.label) for name, model in models_found().items()],
    description=describe,
)


def search_item() -> type[graphene.Union]:
    """The union of all that can be found, once grapple has made the types of the models."""
    return union()


@cache
def union() -> type[graphene.Union]:
    class SearchItem(graphene.Union):
        """What was found."""

        class Meta:
            types = tuple(registry.class_models[model] for model in models_found().values())

        @classmethod
        def resolve_type(cls, instance, info):
            return registry.class_models[type(instance)]

    return SearchItem


class TextPart(graphene.ObjectType):
    """A piece of a text."""

    text = graphene.String(required=True, description="The piece, with its spaces.")
    is_hit = graphene.Boolean(required=True, description="Whether it was searched for.")


class MarkedText(graphene.ObjectType):
    """A text in which the words searched for are marked."""

    text = graphene.String(required=True, description="The text without marks.")
    html = graphene.String(
        required=True, description="The same as HTML, safe, with what was found in `<mark>`."
    )
    parts = graphene.List(
        graphene.NonNull(TextPart), required=True, description="The same in pieces."
    )
