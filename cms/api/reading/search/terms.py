"""What somebody typed, as the index is asked for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db import connection

from cms.search.documents import CLASSES, FIRST_OF_TITLE, IN_TITLE, NO_PAGE
from cms.search.words import MOST_TERMS, terms_in, words_in

__all__ = ["LONGEST_QUERY", "Lookup", "Term", "beginnings_of", "terms_of"]

LONGEST_QUERY = 200

# Words of the index, one of which has to be there. They are letters and figures alone, which mean
# nothing else to either database; a star behind one stands for any ending.
OneOf = tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """A word of a query, and what is looked up for it: a stem, or the beginning of a word."""

    word: str
    stem: str
    is_beginning: bool = False

    def weighed(self) -> dict[int, OneOf]:
        """What is looked up, by what it weighs. A document has it in one class of weight."""
        if self.is_beginning:
            return {1: (f"{IN_TITLE}{self.stem}*",)}
        return {weight: (letter + self.stem,) for letter, weight in CLASSES.items()}

    def of_any_weight(self) -> OneOf:
        return tuple(word for words in self.weighed().values() for word in words)

    def more(self) -> OneOf:
        """What adds to the rank of a document that has the term."""
        return (f"{FIRST_OF_TITLE}{self.stem}*",) if self.is_beginning else ()


@dataclass(frozen=True)
class Lookup:
    """What a document has to have, one word of each; for which terms that counts; its weight."""

    words: tuple[OneOf, ...]
    mask: int
    terms: int = 1
    weight: int = 1

    def of_no_page(self) -> Lookup:
        """The same in what is of no page."""
        return replace(self, words=((NO_PAGE,), *self.words))

    def written(self) -> str:
        """In the language of the database's full text index."""
        or_, and_ = (" | ", " & ") if connection.vendor == "postgresql" else (" OR ", " AND ")
        return and_.join(f"({or_.join(map(written, one_of))})" for one_of in self.words)

    def finds(self, words: Collection[str]) -> bool:
        return all(any(has(words, each) for each in one_of) for one_of in self.words)


def written(word: str) -> str:
    if connection.vendor == "postgresql":
        return f"'{word[:-1]}':*" if word.endswith("*") else f"'{word}'"
    return word


def has(words: Collection[str], wanted: str) -> bool:
    if wanted.endswith("*"):
        return any(word.startswith(wanted[:-1]) for word in words)
    return wanted in words


def terms_of(query: str, language: str) -> tuple[Term, ...]:
    """The words of a query, each once, in their order."""
    return tuple(Term(word, own) for own, word in terms_in(query, language).items())


def beginnings_of(query: str) -> tuple[Term, ...]:
    """The same for somebody who has not typed them to the end."""
    words = dict.fromkeys(word.folded for word in words_in(query))
    return tuple(Term(word, word, is_beginning=True) for word in words)[:MOST_TERMS]
