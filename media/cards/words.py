"""Which titles can be drawn, and in which direction.

One font has the letters of Europe, and Arabic and Hebrew ones. A title with a letter that it lacks
is not drawn at all, rather than with boxes in the place of words; nor is one that is read from the
right where the library is missing that joins Arabic letters.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from unicodedata import bidirectional, category, normalize

from PIL import ImageFont, features

__all__ = ["can_be_drawn", "drawable_words", "font_of", "is_read_from_the_right"]

FONT = Path(__file__).with_name("DejaVuSans-Bold.ttf")
# What a font shows of a character that it lacks.
LACKING = "\U0010ffff"
SIZE_TO_LOOK_AT = 16
CHARACTERS_KEPT = 4_096


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def drawable_words(title: str) -> str:
    """Without what decorates a title and has no letter: symbols and emoji that the font lacks."""
    shown = (" " if each.isspace() else each for each in normalize("NFC", title))
    return " ".join("".join(each for each in shown if each == " " or is_known(each)).split())


def can_be_drawn(title: str) -> bool:
    letters = [each for each in normalize("NFC", title) if category(each)[0] in "LMN"]
    if not letters or not all(map(is_known, letters)):
        return False
    return joins_letters() or not any(map(is_from_the_right, letters))


def is_read_from_the_right(title: str) -> bool:
    """As the first letter with a direction is."""
    directions = (bidirectional(each) for each in title)
    return next((each for each in directions if each in {"L", "R", "AL"}), "L") != "L"


def is_from_the_right(character: str) -> bool:
    return bidirectional(character) in {"R", "AL"}


@cache
def joins_letters() -> bool:
    return bool(features.check("raqm"))


@lru_cache(CHARACTERS_KEPT)
def is_known(character: str) -> bool:
    if category(character)[0] == "C":
        return False
    return looks_of(character) != looks_of(LACKING)


def looks_of(character: str) -> tuple[tuple[int, int], bytes]:
    mask = font_of(SIZE_TO_LOOK_AT).getmask(character)
    return mask.size, bytes(mask)
