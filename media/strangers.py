"""Files of people who are not signed in, by the rules of those that editors upload."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from io import BytesIO
from pathlib import PurePosixPath
from typing import NamedTuple

import willow
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from media.documents.content import check_content
from media.media_types import ending_of, media_type_of
from media.pictures.reading import PictureRefused, as_kept

__all__ = ["LONGEST_NAME", "Received", "received"]

LONGEST_NAME = 150
# Telephones take these, and few programs show them: they are kept as JPEG.
BECOME_JPEG = {"heic", "heif"}
FORMATS = {"jpg": "jpeg"}


class Received(NamedTuple):
    """A file as it is kept: a picture upright, without what its camera noted."""

    name: str
    content: bytes
    media_type: str


def received(name: str, content: bytes, endings: Collection[str]) -> Received:
    """Raises ``ValidationError`` with a sentence that says what to do. A picture is decoded apart,
    which may take seconds."""
    name = plain_name(name)
    ending = ending_of(name)
    if ending not in endings:
        raise ValidationError(
            f"Files of this kind are not taken. Send one of these: {', '.join(sorted(endings))}.",
            code="ending",
        )
    if not content:
        raise ValidationError("This file is empty: choose another.", code="empty")
    if ending not in settings.WAGTAILIMAGES_EXTENSIONS:
        check_content(ContentFile(content, name=name))
        return Received(name, content, media_type_of(name))
    kept = as_kept(content).content
    if ending in BECOME_JPEG:
        name, ending = str(PurePosixPath(name).with_suffix(".jpg")), "jpg"
    check_format(kept, ending)
    return Received(name, kept, media_type_of(name))


def check_format(content: bytes, ending: str) -> None:
    try:
        found = willow.Image.open(BytesIO(content)).format_name
    except willow.UnrecognisedImageFormatError as problem:
        raise PictureRefused("damaged") from problem
    if found != FORMATS.get(ending, ending):
        raise ValidationError(
            f"This is no {ending.upper()} picture: give its name the ending that it should have.",
            code="content_is_not_of_its_kind",
        )


def plain_name(name: str) -> str:
    """Without folders, whichever system they are of, and without what nobody sees or what turns
    the direction of what follows."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(each for each in last if not unicodedata.category(each).startswith("C"))
    path = PurePosixPath(seen.strip(" ."))
    return f"{path.stem[: LONGEST_NAME - len(path.suffix)]}{path.suffix}"
