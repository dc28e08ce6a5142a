"""Makes the files of one picture for one preset: run as a program, apart.

It is told a part of the picture and the sizes to make of it, and answers, largest last, the format,
size and length of each file, and the files one behind the other. Colours become sRGB.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageSequence, PngImagePlugin

from media.apart import answer, told
from media.pictures.looks import reducible

FORMATS = ["JPEG", "PNG", "GIF", "WEBP", "AVIF"]
# Which look alike.
QUALITY = {"JPEG": 76, "WEBP": 76, "AVIF": 60}
# From 0, slow and small, to 10.
AVIF_SPEED = 7
# A drawing has few colours. How many pixels are looked at, and how many colours a drawing may have.
LOOKED_AT, FEW = (256, 256), 1024

Size = tuple[int, int]
Made = tuple[str, Size, bytes]


def main() -> None:
    words, content = told()
    # Whoever stored it has asked for that.
    Image.MAX_IMAGE_PIXELS = None
    box, sizes = tuple(words["box"]), [tuple(each) for each in words["sizes"]]
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        made = list(files_of(picture, box, sizes, words["xmp"].encode()))
    told_of = [{"format": kind, "size": size, "bytes": len(file)} for kind, size, file in made]
    answer({"files": told_of}, b"".join(file for _, _, file in made))


def files_of(picture: Any, box: Any, sizes: list[Size], xmp: bytes) -> Iterator[Made]:
    drawing = is_drawing(picture)
    moves = getattr(picture, "n_frames", 1) > 1
    if moves:
        yield from moving(picture, box, sizes, xmp)
        picture.seek(0)
    largest = shown(picture, box, sizes[-1])
    still = "PNG" if drawing or largest.mode == "RGBA" else "JPEG"
    for size in sizes:
        one = largest if size == sizes[-1] else largest.resize(size, Image.Resampling.LANCZOS)
        for kind in (still,) if moves else ("AVIF", "WEBP", still):
            yield kind, size, encoded(one, kind, xmp, drawing=drawing)


def is_drawing(picture: Any) -> bool:
    """Rather than a photograph: what would be spoilt by what saves space in those."""
    if picture.format not in {"PNG", "GIF"}:
        return False
    looked_at = picture.copy()
    looked_at.thumbnail(LOOKED_AT, Image.Resampling.NEAREST)
    return looked_at.convert("RGBA").getcolors(FEW) is not None


def shown(picture: Any, box: Any, size: Size) -> Image.Image:
    """The part of it, in the largest size, as RGB or with transparency RGBA."""
    if picture.format == "JPEG" and picture.mode != "CMYK":
        box = reduced(picture, box, size)
    transparent = picture.has_transparency_data
    part = reducible(picture)
    if part.mode in {"L", "LA", "La", "RGBa"}:
        part = part.convert("RGBA" if transparent else "RGB")
    part = part.resize(size, Image.Resampling.LANCZOS, box=box)
    part = in_srgb(part, picture.info.get("icc_profile"))
    return part.convert("RGBA" if transparent else "RGB")


def reduced(picture: Any, box: Any, size: Size) -> Any:
    """Have a large photograph decoded at a half, a quarter or an eighth, if that is enough."""
    width, height = picture.size
    scale = max(size[0] / (box[2] - box[0]), size[1] / (box[3] - box[1]))
    picture.draft(None, (round(width * scale * 2), round(height * scale * 2)))
    ratios = (picture.size[0] / width, picture.size[1] / height)
    return tuple(edge * ratios[number % 2] for number, edge in enumerate(box))


def in_srgb(part: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile or part.mode not in {"RGB", "RGBA", "CMYK"}:
        return part
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        if part.mode != "RGBA":
            changed = ImageCms.profileToProfile(
                part, own, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        else:
            colours = part.convert("RGB")
            changed = ImageCms.profileToProfile(colours, own, ImageCms.createProfile("sRGB"))
            if changed is not None:
                changed.putalpha(part.getchannel("A"))
    except ImageCms.PyCMSError:
        # A broken profile, or one of other colours: browsers pass over it too.
        return part
    return changed or part


def encoded(one: Image.Image, kind: str, xmp: bytes, *, drawing: bool) -> bytes:
    output = BytesIO()
    options: dict[str, Any] = {"xmp": xmp} if xmp else {}
    if kind == "AVIF":
        options |= {"quality": QUALITY[kind] + 15 * drawing, "speed": AVIF_SPEED}
    elif kind == "WEBP":
        options |= {"lossless": drawing, "quality": QUALITY[kind], "method": 4}
    elif kind == "JPEG":
        options |= {"quality": QUALITY[kind], "progressive": True, "optimize": True}
    else:
        options = {"optimize": True, "pnginfo": png_notes(xmp)}
    one.info.clear()
    one.save(output, kind, **options)
    return output.getvalue()


def png_notes(xmp: bytes) -> PngImagePlugin.PngInfo | None:
    if not xmp:
        return None
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("XML:com.adobe.xmp", xmp.decode())
    return notes


def moving(picture: Any, box: Any, sizes: list[Size], xmp: bytes) -> Iterator[Made]:
    """As WebP, which all browsers show that show anything else but GIF."""
    durations, frames = [], []
    for frame in ImageSequence.Iterator(picture):
        durations.append(frame.info.get("duration", 100))
        frames.append(frame.convert("RGBA").resize(sizes[-1], Image.Resampling.LANCZOS, box=box))
    for size in sizes:
        smaller = [frame.resize(size, Image.Resampling.LANCZOS) for frame in frames]
        output = BytesIO()
        smaller[0].save(
            output,
            "WEBP",
            save_all=True,
            append_images=smaller[1:],
            duration=durations,
            loop=picture.info.get("loop", 1),
            quality=QUALITY["WEBP"],
            method=2,
            **({"xmp": xmp} if xmp else {}),
        )
        yield "WEBP", size, output.getvalue()


if __name__ == "__main__":
    main()
