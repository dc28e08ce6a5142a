"""The words of a text as the index has them: without case, accents and endings.

Both databases are given the same words, so that they find the same. Stems are those of Snowball
(https://snowballstem.org). Accents go before endings do, so that who types none finds as much.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import Stemmer  # type: ignore[import-not-found]

__all__ = [
    "LONGEST_KEY",
    "MADE_BY",
    "MOST_TERMS",
    "Word",
    "folded",
    "key_of",
    "plain_words",
    "stem",
    "terms_in",
    "words_in",
]

# Of what is made here. When it changes, what was indexed before is indexed anew.
MADE_BY = 2
# PostgreSQL takes no word of more than 2046 bytes. What is longer than this is compared up to here.
LONGEST = 100
# Words of a query that count; those behind them do not.
MOST_TERMS = 12
# An index takes no longer value. What is longer than this is compared up to here.
LONGEST_KEY = 300

ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
# Written without spaces: each two characters that stand together count as a word.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0640\u0900-\u0903\u093a-\u094f"
LETTER = rf"(?:[^\W_{UNSPACED}]|[{MARKS}])"
WORD = re.compile(rf"[{UNSPACED}]+|{LETTER}+")
IS_UNSPACED = re.compile(rf"[{UNSPACED}]")
# `group's`, `don't`, `l’énergie`: what is left out is no word.
ELIDED = re.compile(
    r"(?<=\w)['’](?:s|t|d|m|ll|re|ve)\b|\b(?:l|d|j|m|n|s|t|c|qu)['’](?=\w)", re.IGNORECASE
)
# What Unicode does not take apart.
LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    # The Turkish i without a dot; in Arabic alef maksura, teh marbuta, and what only stretches.
    | {"\u0131": "i", "\u0649": "\u064a", "\u0629": "\u0647", "\u0640": ""}
)


class Word(NamedTuple):
    """A word in its place, and as it is compared."""

    start: int
    end: int
    folded: str


def words_in(text: str) -> Iterator[Word]:
    if "'" in text or "’" in text:
        text = ELIDED.sub(lambda elided: " " * len(elided[0]), text)
    has_unspaced = IS_UNSPACED.search(text) is not None
    for found in WORD.finditer(text):
        written = found[0]
        if has_unspaced and IS_UNSPACED.match(written):
            yield from pairs_in(written, found.start())
        else:
            compared = folded(written)[:LONGEST]
            if compared:
                yield Word(found.start(), found.end(), compared)


def pairs_in(written: str, start: int) -> Iterator[Word]:
    for first in range(max(1, len(written) - 1)):
        pair = written[first : first + 2]
        compared = folded(pair)[:LONGEST]
        if compared:
            yield Word(start + first, start + first + len(pair), compared)


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """Without case and accents: letters and figures alone."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    plain = "".join(each for each in apart if not unicodedata.combining(each))
    return "".join(each for each in plain.translate(LETTERS) if each.isalnum())


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """A folded word without its ending, as the language has them."""
    algorithm = ALGORITHMS.get(language.lower().partition("-")[0])
    if algorithm is None:
        return word
    # A stemmer keeps what it last looked at, so no two threads may share one.
    stemmers = _own.__dict__.setdefault("stemmers", {})
    if algorithm not in stemmers:
        stemmers[algorithm] = Stemmer.Stemmer(algorithm, 0)
    return folded(stemmers[algorithm].stemWord(word)) or word


def terms_in(query: str, language: str) -> dict[str, str]:
    """The words of a query by their stems, each once, in their order."""
    found: dict[str, str] = {}
    for word in words_in(query):
        found.setdefault(stem(word.folded, language), word.folded)
    return dict(islice(found.items(), MOST_TERMS))


def key_of(query: str, language: str) -> str:
    """The same for all queries with the same words, in whatever order; empty without words."""
    return " ".join(sorted(terms_in(query, language)))[:LONGEST_KEY]


def plain_words(query: str, *, signs: bool = False) -> str:
    """As people read them: without capitals, and without signs unless those are asked for."""
    text = unicodedata.normalize("NFKC", query).casefold()
    return text if signs else " ".join(found[0] for found in WORD.finditer(text))


_own = threading.local()
