"""The presets of the settings: the sizes that frontends may ask for a picture in, and no others.

``IMAGE_PRESETS`` has, by name, the ``width`` and perhaps ``height`` of the largest file in pixels;
``crop`` if both are to be filled, else the picture is fitted within them; ``sizes`` as HTML has it,
which says how wide the picture is shown; and ``widths``, if other files are wanted than the usual.
What is wrong with them stops the start: see ``genedge_site.settings.presets``.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from django.conf import settings

__all__ = ["Preset", "presets"]

# Files beside the largest: each costs time and space.
USUAL_WIDTHS = (320, 640, 960, 1280, 1920, 2560)


class Preset(NamedTuple):
    name: str
    width: int
    height: int | None
    crop: bool
    sizes: str
    widths: tuple[int, ...]

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()

    @property
    def in_words(self) -> str:
        if self.height is None:
            return f"At most {self.width} pixels wide"
        size = f"{self.width} by {self.height} pixels"
        return f"Cropped to {size}" if self.crop else f"Within {size}"


@cache
def presets() -> dict[str, Preset]:
    """By name, in the order of the settings, which are the same for as long as a process lives."""
    return {
        name: Preset(
            name,
            told["width"],
            told.get("height"),
            bool(told.get("crop")),
            told.get("sizes", "100vw"),
            tuple(sorted({*told.get("widths", USUAL_WIDTHS)})),
        )
        for name, told in settings.IMAGE_PRESETS.items()
    }
