"""What of a picture is shown in a preset, and how large its files are."""

from __future__ import annotations

from typing import Any, NamedTuple

from wagtail.images.models import Filter

from media.renditions.presets import Preset

__all__ = ["Box", "box_of"]

# A file that is nearly as large as the largest is not worth its space.
WORTHWHILE = 0.75


class Box(NamedTuple):
    """In pixels: a part of the picture as it was uploaded, and the sizes made of it."""

    left: int
    top: int
    right: int
    bottom: int
    # Width and height of each file, the largest last.
    sizes: tuple[tuple[int, int], ...]


def box_of(image: Any, preset: Preset) -> Box:
    """With the focal point in view, as Wagtail crops. Nothing is made larger than it is."""
    transform = Filter(spec_of(preset)).get_transform(image)
    rect = transform.get_rect().round()
    width, height = transform.size
    smaller = [each for each in preset.widths if each <= width * WORTHWHILE]
    sizes = [(each, max(1, round(height * each / width))) for each in smaller]
    return Box(rect.left, rect.top, rect.right, rect.bottom, (*sizes, (width, height)))


def spec_of(preset: Preset) -> str:
    """What Wagtail calls such a size."""
    if preset.height is None:
        return f"width-{preset.width}"
    return f"{'fill' if preset.crop else 'max'}-{preset.width}x{preset.height}"
