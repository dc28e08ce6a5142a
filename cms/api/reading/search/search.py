"""One search of one request: what is looked up in the end, once it is known what readers can find.

All documents that are found have as many of the words as any that the reader may see. A word that
none of those has is taken for those that it is a slip of the keyboard away from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from cms.api.reading.search.hits import Hits, PromotedAt, counted, ranked
from cms.api.reading.search.pending import Pending
from cms.api.reading.search.questions import AnyHit, Found, Masks, Spellings, Texts, Titles
from cms.api.reading.search.terms import Lookup, Term, beginnings_of, terms_of
from cms.database.statements import Question
from cms.search.models import SearchDocument, SearchSpelling
from cms.search.spelling import is_corrected, least_pieces, nearest, pieces_of
from cms.search.words import stem

__all__ = ["Asked", "Searcher"]

# Every word of the index begins with a letter.
NO_TERM = Term("", "0")
# By words that are mistyped the known ones that may be meant, with the slips that lead to each.
Near = dict[str, dict[str, int]]
# Of the words that may be meant by others, of those that a statement counts, each in a bit of its
# own, and of the words that are taken for others.
MOST_MEANT, MOST_TOGETHER, MOST_CORRECTED = 300, 30, 3


@dataclass(frozen=True)
class Asked:
    """The words that are looked up, how many of them are required, and which stand for others.

    Without ``terms`` nothing is found.
    """

    terms: tuple[Term, ...]
    required: int
    corrected: tuple[tuple[str, str], ...] = ()
    # What editors promote for it. All else is found as if there were none.
    promoted: tuple[PromotedAt, ...] = ()

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(term.stem for term in self.terms)


class Searcher:
    """Searches what a request may see, in one language."""

    def __init__(self, language: str, place: dict[str, Any], pending: Pending):
        self.language = language
        self.place = place
        self.pending = pending

    def ranked(self, asked: Asked) -> Hits:
        lookups, is_once = ranked(asked.terms or (NO_TERM,))
        return Hits(SearchDocument, lookups, is_once, self.pending, asked.promoted)

    def counted(self, asked: Asked) -> Hits:
        terms = asked.terms or (NO_TERM,)
        lookups, is_once = counted(terms, asked.required)
        return Hits(SearchDocument, lookups, is_once, self.pending, asked.promoted)

    def values(self, hits: Hits, asked: Asked) -> dict[str, Any]:
        """What statements about hits are given."""
        return {**self.place, **hits.values(), "required": asked.required}

    def asked(self, query: str, finds: Callable[[Asked], bool]) -> Asked:
        """What is asked for in the end; ``finds`` tells whether anything has all of some words."""
        asked = all_of(terms_of(query, self.language))
        if not asked.terms or finds(asked):
            return asked
        # Of one word it is known by now that nothing has it.
        masks = self.masks(asked.terms) if len(asked.terms) > 1 else Counter()
        near = near_to(unknown(asked.terms, masks))
        clear = with_corrections(asked, clearly_meant(near), self.language)
        if clear.corrected and finds(clear):
            return clear
        corrected = with_corrections(asked, self.meant(near), self.language)
        if corrected.corrected:
            if finds(corrected):
                return corrected
            asked, masks = corrected, self.masks(corrected.terms)
        most = max((mask.bit_count() for mask in masks), default=asked.required)
        return replace(asked, required=most)

    def is_found(self, asked: Asked) -> bool:
        """Whether anything of any type has all of the words."""
        hits = self.counted(asked)
        return bool(AnyHit(Found(hits.shape)).ask(**self.values(hits, asked)))

    def beginning_with(self, query: str) -> Asked:
        """What has words that begin as those of a query do in its title."""
        return all_of(beginnings_of(query))

    def masks(self, terms: tuple[Term, ...]) -> Counter[int]:
        """Which terms documents have together that readers may see, and how many have them."""
        any_of = Asked(terms, required=1)
        hits = self.counted(any_of)
        found: Counter[int] = Counter()
        for mask, count in Masks(Found(hits.shape)).ask(**self.values(hits, any_of)):
            found[mask] += count
        return found

    # Slips of the keyboard

    def meant(self, near: Near) -> dict[str, str]:
        """By each unknown word the one that is found: with the fewest slips, and most often.

        Of what is near, much may be in nothing that readers see: it takes no place from others.
        """
        meant: dict[str, str] = {}
        for slips in sorted({slips for known in near.values() for slips in known.values()}):
            as_near = {
                word: [each for each, far in known.items() if far == slips]
                for word, known in near.items()
                if word not in meant
            }
            found = self.documents_with({each for known in as_near.values() for each in known})
            for word, known in as_near.items():
                there = [(-found[each], each) for each in known if found[each]]
                if there:
                    meant[word] = min(there)[-1]
        return {word: meant[word] for word in near if word in meant}

    def documents_with(self, words: Iterable[str]) -> Counter[str]:
        """How many documents that readers may see have each of some words."""
        found: Counter[str] = Counter()
        wanted = sorted(words)[:MOST_MEANT]
        for first in range(0, len(wanted), MOST_TOGETHER):
            batch = wanted[first : first + MOST_TOGETHER]
            masks = self.masks(tuple(Term(word, stem(word, self.language)) for word in batch))
            for mask, count in masks.items():
                found.update({word: count for at, word in enumerate(batch) if mask >> at & 1})
        return found

    # Texts

    def titles(self, ids: list[int]) -> dict[int, str]:
        """By the ids of documents."""
        return self.shown(ids, Titles(), {each.pk: each.title for each in self.pending.documents})

    def texts(self, ids: list[int]) -> dict[int, str]:
        return self.shown(ids, Texts(), {each.pk: each.text for each in self.pending.documents})

    def shown(self, ids: list[int], stored: Question, coming: dict[int, str]) -> dict[int, str]:
        missing = [each for each in ids if each not in coming]
        return {**(dict(stored.ask(ids=missing)) if missing else {}), **coming}


def all_of(terms: tuple[Term, ...]) -> Asked:
    return Asked(terms, max(1, len(terms)))


def unknown(terms: tuple[Term, ...], masks: Iterable[int]) -> list[str]:
    """The words that nothing has and that may be slips of the keyboard."""
    known = reduce(or_, masks, 0)
    words = [term.word for place, term in enumerate(terms) if not known >> place & 1]
    return [word for word in words if is_corrected(word)][:MOST_CORRECTED]


def near_to(words: list[str]) -> Near:
    """Known words that are few slips away from each of some words, whoever may see them."""
    if not words:
        return {}
    pieces = sorted({piece for word in words for piece in pieces_of(word)})
    hits = Hits(SearchSpelling, tuple(Lookup(((piece,),), 0) for piece in pieces), is_once=False)
    known = Spellings(hits.shape).ask(**hits.values(), required=min(map(least_pieces, words)))
    return {word: nearest(word, [each for (each,) in known]) for word in words}


def clearly_meant(near: Near) -> dict[str, str]:
    """By each word the one that has fewer slips than all others; nothing where two are as near.

    It need not be counted how often there is any, if only all are there.
    """
    meant = {}
    for word, known in near.items():
        fewest = min(known.values(), default=0)
        there = [each for each, slips in known.items() if slips == fewest]
        if len(there) != 1:
            return {}
        meant[word] = there[0]
    return meant


def with_corrections(asked: Asked, meant: dict[str, str], language: str) -> Asked:
    terms = tuple(
        replace(term, stem=stem(meant.get(term.word, term.word), language)) for term in asked.terms
    )
    return replace(all_of(terms), corrected=tuple(meant.items()))
