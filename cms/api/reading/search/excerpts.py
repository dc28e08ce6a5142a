"""A piece of a text around what was searched for, and where in it that stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from cms.search.words import Word, stem, words_in

__all__ = ["MarkedText", "Part", "beginnings_marked", "excerpt", "marked"]

# Of a long text so much is looked through.
MOST_CHARACTERS = 50_000
LEFT_OUT = "…"
# Into fewer characters no words go with what stands around them.
SHORTEST_CUT = 30


class Part(NamedTuple):
    """A piece of a text, and whether it was searched for."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class MarkedText:
    """A text in parts that follow one another."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def html(self) -> str:
        return "".join(
            f"<mark>{escape(part.text)}</mark>" if part.is_hit else escape(part.text)
            for part in self.parts
        )


def marked(text: str, stems: Collection[str], language: str) -> MarkedText:
    return MarkedText(tuple(parts_of(text, hits_among(words_in(text), stems, language))))


def beginnings_marked(text: str, beginnings: Collection[str]) -> MarkedText:
    hits = [word for word in words_in(text) if word.folded.startswith(tuple(beginnings))]
    return MarkedText(tuple(parts_of(text, hits)))


def excerpt(text: str, stems: Collection[str], language: str, length: int) -> MarkedText:
    """At most so many characters: where most different words stand close together; else the
    beginning. Whole words, with a mark where something is left out."""
    text = " ".join(text[:MOST_CHARACTERS].split())
    if length < SHORTEST_CUT:
        return MarkedText((Part(text[:length], is_hit=False),) if text else ())
    words = list(words_in(text))
    hits = hits_among(words, stems, language)
    start, end = window(text, words, hits, length, language)
    inside = [word for word in hits if start <= word.start and word.end <= end]
    shifted = [Word(word.start - start, word.end - start, word.folded) for word in inside]
    parts = [*parts_of(text[start:end], shifted)]
    if start:
        parts.insert(0, Part(LEFT_OUT, is_hit=False))
    if end < len(text):
        parts.append(Part(LEFT_OUT, is_hit=False))
    return MarkedText(tuple(parts))


def hits_among(words: Iterable[Word], stems: Collection[str], language: str) -> list[Word]:
    return [word for word in words if stem(word.folded, language) in stems]


def window(
    text: str, words: list[Word], hits: list[Word], length: int, language: str
) -> tuple[int, int]:
    if len(text) <= length:
        return 0, len(text)
    first = best_hit(hits, length * 2 // 3, language)
    wanted = max(0, first.start - length // 4) if first else 0
    start = next((word.start for word in words if word.start >= wanted), 0) if wanted else 0
    most = start + length - 2 * len(LEFT_OUT)
    ends = [word.end for word in words if start < word.end <= most]
    return start, max(ends, default=start)


def best_hit(hits: list[Word], length: int, language: str) -> Word | None:
    """The hit behind which most different words stand within a length."""
    best, most = None, 0
    for place, hit in enumerate(hits):
        near = {
            stem(other.folded, language)
            for other in hits[place : place + 20]
            if other.end <= hit.start + length
        }
        if len(near) > most:
            best, most = hit, len(near)
    return best


def parts_of(text: str, hits: list[Word]) -> Iterator[Part]:
    at = 0
    for word in hits:
        if word.start > at:
            yield Part(text[at : word.start], is_hit=False)
        if word.end > at:
            yield Part(text[max(at, word.start) : word.end], is_hit=True)
            at = word.end
    if at < len(text):
        yield Part(text[at:], is_hit=False)
