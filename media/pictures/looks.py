"""What is shown of a picture until it is there: a blur of it, and its dominant colour."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import NamedTuple

import thash
from PIL import Image

__all__ = ["Looks", "looks_of"]

# Pixels of the longer side: ThumbHash takes 100 at most, and a blur shows no difference.
SIZE = 64
COLOURS = 8
HALF = 128


class Looks(NamedTuple):
    # A ThumbHash (https://evanw.github.io/thumbhash/), in base64: some 30 characters.
    placeholder: str
    # As CSS writes it: #rrggbb. Empty where all of the picture is transparent.
    dominant_colour: str


def looks_of(content: bytes) -> Looks:
    """Of the first frame, as it is stored: upright."""
    with Image.open(BytesIO(content)) as picture:
        whole = reducible(picture)
        whole.thumbnail((SIZE, SIZE))
        small = whole.convert("RGBA")
    hashed = thash.rgba_to_thumb_hash(*small.size, list(small.tobytes()))
    return Looks(b64encode(bytes(hashed)).decode(), dominant_colour(small))


def reducible(picture: Image.Image) -> Image.Image:
    """In a mode that can be made smaller, and has 256 shades."""
    if picture.mode in {"1", "P"}:
        return picture.convert("RGBA")
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda shade: shade / 256).convert("L")
    return picture


def dominant_colour(small: Image.Image) -> str:
    """The mean of the largest group of what is not transparent."""
    pixels = zip(*[iter(small.tobytes())] * 4, strict=True)
    seen = b"".join(bytes(colour) for *colour, alpha in pixels if alpha >= HALF)
    if not seen:
        return ""
    grouped = Image.frombytes("RGB", (len(seen) // 3, 1), seen).quantize(COLOURS)
    sizes = grouped.histogram()
    largest = 3 * sizes.index(max(sizes))
    return "#" + bytes(grouped.getpalette() or [])[largest : largest + 3].hex()
