"""Decodes one picture: run as a program, apart.

It answers how the picture looks and what it says of itself, or why it is refused, and the file as
it is to be kept. How large a picture is stands at its beginning and is asked before anything is
decoded: a file of a kilobyte may stand for gigabytes.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, JpegImagePlugin
from pillow_heif import register_heif_opener

from media.apart import answer, told
from media.pictures.looks import looks_of
from media.pictures.provenance import provenance_in
from media.pictures.stripping import STRIPPERS

FORMATS = ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF"]
ORIENTATION, UPRIGHT = 0x0112, 1
QUALITY = 90


class Refused(Exception):
    """Its first argument is the reason, as ``reading.py`` knows it; then what the reason names."""


def main() -> None:
    words, content = told()
    register_heif_opener()
    try:
        kept = as_kept(content, words["pixels"])
        looks = looks_of(kept)
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            provenance = provenance_in(picture)
    except Refused as refused:
        answer({"reason": refused.args[0], "details": refused.args[1:]})
    except Exception as problem:
        # Decoders raise all sorts of things at what is broken, and some when memory ends.
        without_memory = isinstance(problem, MemoryError) or "memory" in str(problem).lower()
        answer({"reason": "too_costly" if without_memory else "damaged"})
    else:
        answer({"looks": looks, "provenance": provenance}, kept)


def as_kept(content: bytes, most_pixels: int) -> bytes:
    # The limit is ours: Pillow's own is another.
    Image.MAX_IMAGE_PIXELS = None
    picture = Image.open(BytesIO(content), formats=FORMATS)
    kind = "JPEG" if picture.format == "MPO" else str(picture.format)
    frames = decode(picture, kind, most_pixels)
    if kind == "HEIF":
        return as_jpeg(picture)
    if kind == "AVIF":
        has_notes = picture.info.get("exif") or picture.info.get("xmp")
        return upright(picture, kind) if has_notes else content
    if frames == 1 and picture.getexif().get(ORIENTATION, UPRIGHT) != UPRIGHT:
        content = upright(picture, kind)
    return STRIPPERS[kind](content)


def decode(picture: Any, kind: str, most_pixels: int) -> int:
    """All of it, to see whether it can be; how many frames it has."""
    width, height = picture.size
    if width * height > most_pixels:
        raise Refused("too_many_pixels", width, height)
    # These may have others behind them, of which nobody is shown any.
    frames = 1 if kind in {"JPEG", "HEIF"} else getattr(picture, "n_frames", 1)
    if kind in {"PNG", "AVIF"} and getattr(picture, "is_animated", False):
        raise Refused("animated", kind)
    if width * height * frames > most_pixels:
        raise Refused("too_many_frames", width, height, frames)
    for frame in range(frames):
        picture.seek(frame)
        picture.load()
    return frames


def as_jpeg(picture: Any) -> bytes:
    """As telephones take it, and few browsers show it. It is read upright."""
    output = BytesIO()
    profile = picture.info.get("icc_profile")
    if picture.has_transparency_data:
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture.convert("RGBA"))
    picture.convert("RGB").save(output, "JPEG", icc_profile=profile, quality=QUALITY)
    return output.getvalue()


def upright(picture: Any, kind: str) -> bytes:
    """Written anew as browsers show it, with nothing but its colour profile."""
    output = BytesIO()
    profile = picture.info.get("icc_profile")
    turned = ImageOps.exif_transpose(picture)
    turned.save(output, kind, icc_profile=profile, exif=b"", **quality_of(picture, kind))
    return output.getvalue()


def quality_of(picture: Any, kind: str) -> dict[str, Any]:
    if kind == "JPEG":
        sampling = JpegImagePlugin.get_sampling(picture)
        return {
            "qtables": picture.quantization,
            "subsampling": sampling if sampling >= 0 else "4:2:0",
            "progressive": bool(picture.info.get("progressive")),
        }
    return {} if kind == "PNG" else {"quality": QUALITY}


if __name__ == "__main__":
    main()
