"""The types grapple made, narrowed to what is public. Deny first: only declared fields stay.

Grapple publishes every column of ``Page`` (``draftTitle``, ``goLiveAt``, ``owner`` …) and of
images and documents, and gives relations arguments that reach into the ORM. Here every type keeps
exactly the fields its model declares in ``graphql_fields``, each with our own resolver.
"""

from __future__ import annotations

import graphene
from django.db import models
from grapple.registry import registry
from wagtail.models import Page

from cms.api.schema.node import Node, id_field
from cms.api.schema.renditions import PRESET
from cms.api.schema.resolvers import resolver_for_block, resolver_for_model
from media.documents.kinds import DocumentKind, kind_of
from media.licences import Licence
from media.media_types import media_type_of
from media.models import Document, Image
from media.pictures.source_types import DigitalSourceType
from pages.addresses import in_cms
from pages.types import (
    FocalPoint,
    GraphQLChoice,
    GraphQLDateTime,
    GraphQLInt,
    GraphQLString,
    PageInterface,
    ResolvedField,
)

__all__ = ["public_types"]

OBJECT_ID = id_field("Stable identifier of the object.")
PART_ID = id_field(
    "Identifier that stays the same while editors rearrange and new versions go live."
)

FILE_FIELDS = [
    GraphQLString("title", required=True, description="The name editors gave it."),
    GraphQLString(
        "url",
        required=True,
        description="Absolute address of the file as it was uploaded.",
        resolve=lambda file, info: in_cms(file.url),
    ),
    GraphQLInt("file_size", description="Size in bytes, when known."),
    GraphQLString(
        "media_type",
        required=True,
        description="What the file is: `application/pdf`.",
        resolve=lambda file, info: media_type_of(file.file.name),
    ),
    GraphQLString("credit", description="Who made it; show it beside the file."),
    GraphQLChoice("licence", Licence, description="The terms it may be reused under."),
    GraphQLDateTime("created_at", required=True, description="When it was uploaded."),
]
IMAGE_FIELDS = [
    *(field for field in FILE_FIELDS if field.field_name != "url"),
    GraphQLString(
        "url",
        required=True,
        description="Absolute address of the picture as it was uploaded.",
        resolve=lambda image, info: in_cms(image.file.url),
    ),
    GraphQLInt("width", required=True, description="Width in pixels."),
    GraphQLInt("height", required=True, description="Height in pixels."),
    GraphQLString(
        "placeholder",
        description="What to show until the picture is there: a ThumbHash, in base64.",
    ),
    GraphQLString("dominant_colour", description="The colour it shows most of: `#0b7a75`."),
    ResolvedField(
        "focal_point",
        FocalPoint,
        description="What must stay in view when the picture is cropped.",
        resolve=lambda image, info: focal_point(image),
    ),
    GraphQLString("copyright_notice", description="Whose rights are reserved, in their words."),
    GraphQLChoice(
        "digital_source_type",
        DigitalSourceType,
        description="How the picture came to be, where that is known.",
    ),
    PRESET,
]
DOCUMENT_FIELDS = [
    *FILE_FIELDS,
    GraphQLChoice(
        "kind",
        DocumentKind,
        required=True,
        description="What kind of thing it is.",
        resolve=lambda document, info: kind_of(document.file.name),
    ),
    GraphQLInt("page_count", description="Its pages or slides, where they are known."),
]
DECLARED_HERE: dict[type[models.Model], list[ResolvedField]] = {
    Document: DOCUMENT_FIELDS,
    Image: IMAGE_FIELDS,
}


def focal_point(image: Image) -> dict | None:
    if image.focal_point_x is None:
        return None
    names = ("x", "y", "width", "height")
    return {name: getattr(image, f"focal_point_{name}") for name in names}


def public_types() -> list:
    """Narrow every type of the registry; return the page types, which no field names directly."""
    page_types = []
    own = {"id": id_field("Stable identifier of the page.")}
    redefine(PageInterface, fields=PageInterface._meta.fields | own, interfaces=(Node,))
    for model, node in registry.class_models.items():
        if isinstance(model, type) and issubclass(model, models.Model):
            narrow_model_type(model, node)
            if issubclass(model, Page):
                page_types.append(node)
    for block_class, node in registry.streamfield_blocks.items():
        if getattr(block_class, "graphql_fields", None):
            narrow_block_type(block_class, node)
    return page_types


def narrow_model_type(model: type[models.Model], node) -> None:
    declared = DECLARED_HERE.get(model) or getattr(model, "graphql_fields", [])
    interfaces: tuple = (Node,)
    fields = {"id": PART_ID if hasattr(model, "identified_by") else OBJECT_ID}
    if issubclass(model, Page):
        interfaces = (Node, PageInterface)
        fields = dict(PageInterface._meta.fields)
    for field in declared:
        fields[field.field_name] = mounted(field, resolver_for_model(model, field))
    redefine(node, fields=fields, interfaces=interfaces, description=description_of(model))
    # Our resolvers read each object as its own type; graphene-django would check every one again.
    node.is_type_of = None


def narrow_block_type(block_class, node) -> None:
    fields = {"id": PART_ID} | {
        field.field_name: mounted(field, resolver_for_block(block_class, field))
        for field in block_class.graphql_fields
    }
    redefine(node, fields=fields, interfaces=(Node,))


def redefine(node, **options) -> None:
    """Change what a graphene type says of itself before the schema is built from it.

    graphene freezes a type's options when its class is made, and grapple makes the class; there is
    no moment in between at which to ask for something else.
    """
    for name, value in options.items():
        object.__setattr__(node._meta, name, value)


def mounted(field: ResolvedField, resolver) -> graphene.Field:
    return graphene.Field(
        field.field_type,
        args=field.arguments,
        resolver=resolver,
        description=field.description,
        deprecation_reason=field.deprecation_reason,
    )


def description_of(model: type[models.Model]) -> str:
    """The model's own first sentence, unless Django wrote it."""
    text = (model.__doc__ or "").strip()
    generated = text.startswith(f"{model.__name__}(")
    return f"The {model._meta.verbose_name}." if not text or generated else text.split("\n\n")[0]
