"""What is wrong with ``IMAGE_PRESETS``; what these are is in ``media.renditions.presets``."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["problems_of_presets"]

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
KNOWN = {"width", "height", "crop", "sizes", "widths"}
LARGEST = 4096


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
