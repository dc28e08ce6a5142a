"""The presets of the settings: the sizes that frontends may ask for a picture in, and no others.

``IMAGE_PRESETS`` has, by name, the ``width`` and perhaps ``height`` of the largest file in pixels;
``crop`` if both are to be filled, else the picture is fitted within them; ``sizes`` as HTML has it,
which says how wide the picture is shown; and ``widths``, if other files are wanted than the usual.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings

__all__ = ["Preset", "presets", "problems_of_presets"]

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
KNOWN = {"width", "height", "crop", "sizes", "widths"}
LARGEST = 4096
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


def problems_of_presets(given: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What is wrong with the setting, a sentence each."""
    return [f"IMAGE_PRESETS: {each}" for name in given for each in problems_of(name, given[name])]


def problems_of(name: str, told: Mapping[str, Any]) -> Iterator[str]:
    if not NAME.fullmatch(name):
        yield (
            f"{name!r} is no name. Use small letters, digits and underscores, forty at most, and"
            " begin with a letter."
        )
    for unknown in sorted(set(told) - KNOWN):
        yield f"{name!r} has {unknown!r}, which is not one of {', '.join(sorted(KNOWN))}."
    needed = {"width", "height"} if told.get("crop") else {"width"}
    numbers = [(each, told.get(each)) for each in sorted(needed | {"height"} & set(told))]
    numbers += [("widths", each) for each in told.get("widths", ())]
    for what, value in numbers:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LARGEST:
            yield f"{what} of {name!r} has to be a whole number from 1 to {LARGEST}."
    if not re.fullmatch(r"[^\"'<>&\n]+", told.get("sizes", "100vw")):
        yield f"sizes of {name!r} are not as HTML has it: write 100vw, for instance."
