"""Marks and links of Markdown around words, so that they begin and end where they do in the text.

Whether an asterisk begins or ends a mark follows from the characters on both sides of it
(https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis). Where it would do neither, the
character outside is written as its number, which reads the same and counts as punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pages.rich_text.blocks import Target
from pages.rich_text.escaping import (
    SPACES,
    as_destination,
    as_number,
    escaped,
    escaped_at_start,
    is_letter,
    sets_apart,
)
from pages.rich_text.nesting import Nested

__all__ = ["HARD_BREAK", "written"]

HARD_BREAK = "\\\n"
SPACES_AROUND_ENDS = re.compile("[{0}]*\n[{0}]*".format(SPACES.replace("\n", "")))
STRONG, EM = "**", "*"
# Beside another mark an asterisk could be taken for part of it.
EM_BESIDE_OTHERS = "_"


@dataclass(eq=False)
class Piece:
    """What stands in a line: words, what a mark begins or ends with, or a part of a link."""

    text: str
    kind: str
    # Of words: whether the first or the last character is written as its number.
    first_as_number: bool = False
    last_as_number: bool = False

    @property
    def is_one_character(self) -> bool:
        return len(self.text) == 1

    @property
    def begins_with(self) -> str:
        as_number = self.first_as_number or (self.is_one_character and self.last_as_number)
        return "&" if as_number else self.text[0]

    @property
    def ends_with(self) -> str:
        as_number = self.last_as_number or (self.is_one_character and self.first_as_number)
        return ";" if as_number else self.text[-1]


def written(parts: Iterable[Nested], *, begins_a_line: bool = True) -> str:
    pieces = trimmed(joined(pieces_of(parts)))
    choose_marks(pieces)
    while number_what_is_outside(pieces):
        pass
    return "".join(texts_of(pieces, begins_a_line))


def pieces_of(parts: Iterable[Nested]) -> Iterator[Piece]:
    for part in parts:
        if isinstance(part, str):
            yield Piece(part, "words")
        elif isinstance(part.mark, Target):
            address = as_destination(part.mark.href)
            yield from around(part.within, Piece("[", "link"), Piece(f"]({address})", "link"))
        else:
            sign = STRONG if part.mark == "strong" else EM
            yield from around(part.within, Piece(sign, "begin"), Piece(sign, "end"))


def around(parts: Iterable[Nested], begin: Piece, end: Piece) -> Iterator[Piece]:
    """Spaces at both ends stay outside, since a mark does not begin before one."""
    within = joined(pieces_of(parts))
    before = behind = ""
    if within and within[0].kind == "words":
        words = within[0].text.lstrip(SPACES)
        before, within[0].text = within[0].text.removesuffix(words), words
    if within and within[-1].kind == "words":
        words = within[-1].text.rstrip(SPACES)
        behind, within[-1].text = within[-1].text.removeprefix(words), words
    within = [piece for piece in within if piece.text]
    yield Piece(before, "words")
    if within:
        yield from (begin, *within, end)
    yield Piece(behind, "words")


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Words of a link that leads nowhere belong to those beside them."""
    whole: list[Piece] = []
    for piece in pieces:
        if piece.kind == "words" and whole and whole[-1].kind == "words":
            whole[-1].text += piece.text
        elif piece.text:
            whole.append(piece)
    return whole


def trimmed(pieces: list[Piece]) -> list[Piece]:
    """Without spaces at the ends of lines: four of them would begin what programs write."""
    for piece in pieces:
        if piece.kind == "words":
            piece.text = SPACES_AROUND_ENDS.sub("\n", piece.text)
    if pieces and pieces[0].kind == "words":
        pieces[0].text = pieces[0].text.lstrip(SPACES)
    if pieces and pieces[-1].kind == "words":
        pieces[-1].text = pieces[-1].text.rstrip(SPACES)
    return [piece for piece in pieces if piece.text]


def choose_marks(pieces: Sequence[Piece]) -> None:
    begun: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.kind == "begin":
            begun.append(index)
        elif piece.kind == "end":
            first = begun.pop()
            beside = [*pieces[max(first - 1, 0) : first], pieces[first + 1]]
            beside += [pieces[index - 1], *pieces[index + 1 : index + 2]]
            if piece.text == EM and any(each.kind in {"begin", "end"} for each in beside):
                piece.text = pieces[first].text = EM_BESIDE_OTHERS


def number_what_is_outside(pieces: Sequence[Piece]) -> bool:
    """Whether there was anything to do: what is written as its number changes what is beside it."""
    changed = False
    for index, piece in enumerate(pieces):
        if piece.kind == "begin" and index:
            outside, inside = pieces[index - 1], pieces[index + 1]
            if not is_told(piece, outside, outside.ends_with, inside.begins_with):
                outside.last_as_number = changed = True
        elif piece.kind == "end" and index + 1 < len(pieces):
            outside, inside = pieces[index + 1], pieces[index - 1]
            if not is_told(piece, outside, outside.begins_with, inside.ends_with):
                outside.first_as_number = changed = True
    return changed


def is_told(mark: Piece, beside: Piece, outside: str, inside: str) -> bool:
    """Whether a mark is one, by the characters outside and inside of it."""
    if beside.kind != "words" or sets_apart(outside):
        return True
    return mark.text != EM_BESIDE_OTHERS and is_letter(inside)


def texts_of(pieces: Sequence[Piece], begins_a_line: bool) -> Iterator[str]:
    for index, piece in enumerate(pieces):
        if piece.kind != "words":
            yield piece.text
            continue
        before_link = index + 1 < len(pieces) and pieces[index + 1].text == "["
        yield from words_of(piece, begins_a_line and index == 0, before_link)


def words_of(piece: Piece, begins_a_line: bool, before_link: bool) -> Iterator[str]:
    text = piece.text
    if piece.is_one_character and (piece.first_as_number or piece.last_as_number):
        yield as_number(text)
        return
    if piece.first_as_number:
        yield as_number(text[0])
    lines = text[int(piece.first_as_number) : len(text) - piece.last_as_number].split("\n")
    for number, line in enumerate(lines):
        if number:
            yield HARD_BREAK
        words = escaped(line)
        if before_link and number == len(lines) - 1 and words.endswith("!"):
            words = f"{words[:-1]}\\!"  # It would make a picture of the link.
        is_start = number or (begins_a_line and not piece.first_as_number)
        yield escaped_at_start(words) if is_start else words
    if piece.last_as_number:
        yield as_number(text[-1])
