"""The order from A to Z, alike on both databases: that of Unicode's root collation.

It is the order of English, German and most other languages in Latin letters. PostgreSQL has it from
ICU; SQLite knows no order but that of bytes, and is given this one. Signs go before digits, and
those before letters; then accents count, and last whether a letter is large. Texts that differ in
nothing else are in the order of their characters, so that no two are taken for one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from unicodedata import category, combining, normalize
from unicodedata import numeric as value_of

__all__ = ["COLLATION", "alphabetical", "is_there", "teach"]

COLLATION = "und-x-icu"

SIGNS = "_-–—,;:!?.…'‘’\"“”«»()[]{}§¶@*/\\&#%†‡•`´˜^¨°©®+±÷×<=>|¦~¤¢$£¥€"  # noqa: RUF001
PLACE_OF_SIGN = {sign: place for place, sign in enumerate(SIGNS)}
MARKS = "\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0338\u0327\u0328\u0304"
PLACE_OF_MARK = {mark: place for place, mark in enumerate(MARKS, start=1)}
# Letters that are another one with something through it, or several in one.
WRITTEN_OUT = str.maketrans(
    {
        "ø": "o\u0338",
        "Ø": "O\u0338",
        "ł": "l\u0338",
        "Ł": "L\u0338",
        "đ": "d\u0338",
        "Đ": "D\u0338",
        "ħ": "h\u0338",
        "Ħ": "H\u0338",
        "æ": "a\u0338e",
        "Æ": "A\u0338E",
        "œ": "o\u0338e",
        "Œ": "O\u0338E",
        "ß": "s\u0338s",
    }
)
SPACE, SIGN, DIGIT, LETTER = range(4)
# Marks that are not in the list go behind those that are.
OTHER_MARKS = 1_000
DOTLESS_I = 0x131

Key = tuple[tuple[tuple[int, int], ...], tuple[int, ...], tuple[int, ...], str]


@lru_cache(maxsize=20_000)
def key_of(text: str) -> Key:
    """What differs first decides: letters, then accents, then large or small."""
    first: list[tuple[int, int]] = []
    second: list[int] = []
    third: list[int] = []
    for character in normalize("NFKD", text.translate(WRITTEN_OUT)):
        if combining(character):
            second.append(PLACE_OF_MARK.get(character, OTHER_MARKS + ord(character)))
            continue
        weight = weight_of(character)
        if weight is not None:
            first.append(weight)
            second.append(0)
            third.append(int(character != small(character)))
    return tuple(first), tuple(second), tuple(third), text


@lru_cache(maxsize=5_000)
def weight_of(character: str) -> tuple[int, int] | None:
    """The kind of a character and its place among those; None for what is not seen."""
    kind = category(character)
    if kind.startswith("Z") or character in "\t\n\v\f\r\x85":
        return SPACE, ord(character)
    if kind.startswith("C"):
        return None
    if kind == "Nd":
        return DIGIT, int(value_of(character))
    if kind[0] in "PS":
        return SIGN, PLACE_OF_SIGN.get(character, len(SIGNS) + ord(character))
    letter = ord(small(character))
    return LETTER, 2 * ord("i") + 1 if letter == DOTLESS_I else 2 * letter


def small(letter: str) -> str:
    """Katakana is to Hiragana what large letters are to small ones."""
    if "ァ" <= letter <= "ヶ":
        return chr(ord(letter) - ord("ァ") + ord("ぁ"))
    return letter.lower()[0]


def alphabetical(texts: Any) -> list[str]:
    return sorted(texts, key=key_of)


def compared(one: str, other: str) -> int:
    before, behind = key_of(one), key_of(other)
    return (before > behind) - (before < behind)


def teach(connection: Any) -> None:
    """Each connection to SQLite has to be told anew."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(COLLATION, compared)


def is_there(connection: Any) -> bool:
    """PostgreSQL may have been built without ICU."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_collation WHERE collname = %s AND collprovider = 'i'", [COLLATION]
        )
        return cursor.fetchone() is not None
