"""Has a picture looked at before anybody else opens it, and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError

from media.apart import ask
from media.pictures import process
from media.pictures.looks import Looks
from media.pictures.provenance import Provenance

__all__ = ["Kept", "PictureRefused", "as_kept"]

SENTENCES = {
    "damaged": (
        "This is not a picture, or it is damaged or incomplete. Open it in a program for pictures, "
        "save it anew and upload that."
    ),
    "animated": (
        "Animated {0} pictures are not taken. Save it as an animated WebP or GIF, or as a picture "
        "that does not move."
    ),
    "too_many_pixels": (
        "This picture is {0:,} pixels wide and {1:,} high, and may have {most:,} in all. Make it "
        "smaller and upload that."
    ),
    "too_many_frames": (
        "This animation has {2:,} frames of {0:,} by {1:,} pixels, and may have {most:,} pixels in "
        "all. Make it shorter or smaller and upload that."
    ),
    "too_costly": (
        "This picture takes too much memory or time to open. Save it anew, smaller or as a JPEG, "
        "and upload that."
    ),
}


class PictureRefused(ValidationError):
    def __init__(self, reason: str, details: Sequence[Any] = ()):
        most = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
        super().__init__(SENTENCES[reason].format(*details, most=most), code=reason)


class Kept(NamedTuple):
    """A file upright, and without what its camera noted."""

    content: bytes
    looks: Looks
    provenance: Provenance


def as_kept(content: bytes) -> Kept:
    """Raises ``PictureRefused``."""
    answered = ask(process, content, pixels=settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS)
    if answered is None:
        raise PictureRefused("too_costly")
    answer, kept = answered
    if "reason" in answer:
        raise PictureRefused(answer["reason"], answer.get("details", []))
    return Kept(kept, Looks(*answer["looks"]), Provenance(*answer["provenance"]))
