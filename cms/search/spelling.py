"""Which known words somebody may have meant by a word that nobody has written.

Words are near that share many of their pieces of three letters (trigrams); of those, the ones count
that a few slips of the keyboard make of each other: Damerau-Levenshtein distance.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import DamerauLevenshtein

__all__ = ["is_corrected", "least_pieces", "nearest", "pieces_of"]

# Of shorter words too many are near each other, and longer ones are none.
SHORTEST, LONGEST = 5, 40
# From so many letters on, two slips are forgiven.
FOR_TWO_SLIPS = 8


def is_corrected(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and not any(each.isdigit() for each in word)


def pieces_of(word: str) -> set[str]:
    """Its trigrams, with what stands before and behind it."""
    padded = f"0{word}0"
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def slips_forgiven(word: str) -> int:
    return 2 if len(word) >= FOR_TWO_SLIPS else 1


def least_pieces(word: str) -> int:
    """How many of its pieces a word shares with it that so few slips lead to: each spoils three.

    Where two letters change places, four are spoilt.
    """
    return max(1, len(pieces_of(word)) - 4 * slips_forgiven(word))


def nearest(word: str, known: Iterable[str]) -> dict[str, int]:
    """The known words that may be meant, with the slips that lead to each."""
    most = slips_forgiven(word)
    found = {each: DamerauLevenshtein.distance(word, each, score_cutoff=most) for each in known}
    return {each: slips for each, slips in found.items() if slips <= most}
