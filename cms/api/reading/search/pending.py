"""The words of what a perspective shows in the place of stored rows, which the index lacks.

They are read through the perspective, and given to each statement with the weight they have for
what is asked. What is due, drafted or in a release is little beside what is published.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from cms.api.reading.search.terms import Lookup
from cms.search.documents import KINDS, id_of
from cms.search.models import SearchDocument
from cms.search.writing import documents_of, stored

__all__ = ["NOTHING_PENDING", "Pending"]

KeysReplaced = Callable[[type[Model]], Collection[int]]


@dataclass(frozen=True)
class Pending:
    """The documents to come, and the ids of those that they stand for."""

    documents: tuple[SearchDocument, ...] = ()
    replaced: tuple[int, ...] = ()

    @classmethod
    def of(cls, keys_replaced: KeysReplaced) -> Pending:
        instances: list[Any] = []
        replaced: list[int] = []
        for base in KINDS:
            keys = keys_replaced(base)
            if keys:
                instances += stored(base, keys)
                replaced += [id_of(base, key) for key in keys]
        return cls(tuple(documents_of(instances)) if instances else (), tuple(sorted(replaced)))

    def hits(self, asked: Iterable[Lookup]) -> Iterator[dict[str, int]]:
        """What each document has of what is looked up."""
        wanted = list(asked)
        for document in self.documents:
            words = frozenset(document.words.split())
            for each in wanted:
                if each.finds(words):
                    yield {
                        "id": document.pk,
                        "mask": each.mask,
                        "terms": each.terms,
                        "weight": each.weight,
                    }


NOTHING_PENDING = Pending()
