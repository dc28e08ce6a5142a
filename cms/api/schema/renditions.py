"""``Image.preset``: a picture in one of the sizes of the settings, ready for ``<picture>``."""

from __future__ import annotations

import graphene

from cms.api.reading.renditions import InPreset
from media.renditions.presets import presets
from pages.types import ResolvedField

__all__ = ["PRESET"]


def describe(member) -> str:
    if member is None:
        return "The sizes in which pictures are offered."
    return f"{presets()[member.value].in_words}."


ImagePreset = graphene.Enum(
    "ImagePreset", [(name.upper(), name) for name in presets()], description=describe
)


FORMATS = {
    "avif": "Smallest; browsers from 2024 on know it.",
    "webp": "Small; browsers from 2020 on know it. The one that can move.",
    "jpeg": "For photographs, known to all.",
    "png": "For drawings and what is transparent, known to all.",
}
ImageFormat = graphene.Enum(
    "ImageFormat",
    [(name.upper(), name) for name in FORMATS],
    description=lambda member: FORMATS[member.value] if member else "What a picture's files are.",
)


class ImageSource(graphene.ObjectType):
    """The files of one format, from the narrowest on: what `<source>` takes."""

    format = graphene.Field(ImageFormat, required=True, description="What the files are.")
    media_type = graphene.String(required=True, description="For `type`: `image/avif`.")
    srcset = graphene.String(
        required=True, description="For `srcset`: absolute addresses with their widths."
    )
    sizes = graphene.String(
        required=True, description="For `sizes`, unless you show the picture at another width."
    )


class ImageFile(graphene.ObjectType):
    """One file of a picture."""

    url = graphene.String(required=True, description="Absolute address of the file.")
    width = graphene.Int(required=True, description="Width in pixels.")
    height = graphene.Int(required=True, description="Height in pixels.")


class ImageRendition(graphene.ObjectType):
    """A picture in the size of a preset, in the formats that browsers know."""

    width = graphene.Int(
        required=True, description="Width of the largest file, in pixels: for `width`."
    )
    height = graphene.Int(
        required=True, description="Height of the largest file, in pixels: for `height`."
    )
    sources = graphene.List(
        graphene.NonNull(ImageSource),
        required=True,
        description="A `<source>` each, in the order to offer them. Empty until they are made.",
    )
    fallback = graphene.Field(
        ImageFile,
        required=True,
        description="For `<img src>`: the largest JPEG or PNG; until it is made, the upload.",
    )

    def resolve_width(picture: InPreset, info):
        return picture.size[0]

    def resolve_height(picture: InPreset, info):
        return picture.size[1]


PRESET = ResolvedField(
    "preset",
    ImageRendition,
    required=True,
    description="The picture in one of the sizes that the site offers.",
    arguments={"name": graphene.Argument(ImagePreset, required=True, description="Which size.")},
    resolve=lambda image, info, name: info.context.content.in_preset(image, presets()[name.value]),
)
