"""Draws a card. The longest title takes as many letters as the card has room for, and no more."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from media.cards.words import can_be_drawn, drawable_words, font_of, is_read_from_the_right

__all__ = ["SIZE", "Card", "drawn"]

# As social networks ask for it.
SIZE = (1200, 630)
# To be raised when the same words would be drawn otherwise.
VERSION = 1
MARGIN = 80
PAPER, INK, QUIET, ACCENT = "#ffffff", "#1d2433", "#56607a", "#1f4fd8"
STRIPE = 24
# From the largest on; the first is taken in which the whole title fits.
SIZES_OF_TITLE = (84, 72, 60, 50, 42)
SIZE_OF_NAME = 34
LINE_HEIGHT = 1.25
# Where the title stands, and the name of the site beneath it.
TOP, BOTTOM, NAME_AT = 90, 470, 530
ROOM = SIZE[0] - 2 * MARGIN
# A title has 255 characters, and more than the first few hundred of any text have no room.
LONGEST = 300
COLOURS = 32
CARDS_KEPT = 64
ELLIPSIS = "…"


class Card(NamedTuple):
    title: str
    site_name: str

    @property
    def can_be_drawn(self) -> bool:
        return can_be_drawn(self.title[:LONGEST])

    @property
    def digest(self) -> str:
        """Another as soon as it would look different."""
        return sha256("\0".join([str(VERSION), *self]).encode()).hexdigest()[:20]


@lru_cache(CARDS_KEPT)
def drawn(card: Card) -> bytes:
    """As PNG. The last ones are kept, since whoever shares a page makes several networks come."""
    title = drawable_words(card.title[:LONGEST])
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    from_the_right = is_read_from_the_right(title)
    edge = SIZE[0] - STRIPE if from_the_right else 0
    draw.rectangle((edge, 0, edge + STRIPE - 1, SIZE[1] - 1), ACCENT)
    font, lines = laid_out(title)
    height = round(font.size * LINE_HEIGHT)
    for number, line in enumerate(lines):
        write(draw, line, font, TOP + number * height, INK, from_the_right=from_the_right)
    name_font = font_of(SIZE_OF_NAME)
    for line in wrapped(drawable_words(card.site_name[:LONGEST]), name_font, most=1):
        write(draw, line, name_font, NAME_AT, QUIET, from_the_right=from_the_right)
    output = BytesIO()
    picture.quantize(COLOURS).save(output, "PNG", optimize=True)
    return output.getvalue()


def write(
    draw: ImageDraw.ImageDraw,
    line: str,
    font: ImageFont.FreeTypeFont,
    top: int,
    colour: str,
    *,
    from_the_right: bool,
) -> None:
    if from_the_right:
        draw.text((SIZE[0] - MARGIN, top), line, colour, font, anchor="ra")
    else:
        draw.text((MARGIN, top), line, colour, font, anchor="la")


def laid_out(title: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    for size in SIZES_OF_TITLE:
        font = font_of(size)
        most = most_lines(size)
        lines = wrapped(title, font, most=most)
        if not lines[-1].endswith(ELLIPSIS) or title.endswith(ELLIPSIS):
            break
    return font, lines


def most_lines(size: int) -> int:
    return int((BOTTOM - TOP) // (size * LINE_HEIGHT)) or 1


def wrapped(text: str, font: ImageFont.FreeTypeFont, *, most: int) -> list[str]:
    """Lines that fit; where there would be more, the last one ends with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and fits(joined, font):
            lines[-1] = joined
        else:
            lines += broken(word, font)
        if len(lines) > most:
            return [*lines[: most - 1], shortened(lines[most - 1], font)]
    return lines


def broken(word: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """A word longer than a line, in pieces that fit."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and not fits(pieces[-1] + letter, font):
            pieces.append("")
        pieces[-1] += letter
    return pieces


def shortened(line: str, font: ImageFont.FreeTypeFont) -> str:
    while line and not fits(line + ELLIPSIS, font):
        line = line[:-1]
    return line.rstrip() + ELLIPSIS


def fits(line: str, font: ImageFont.FreeTypeFont) -> bool:
    return font.getlength(line) <= ROOM
