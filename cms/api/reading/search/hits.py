"""Documents with the words asked for, as a table that a statement begins with.

It is the same on both databases but for how the full text index is named. What a perspective shows
in the place of stored rows is not in the index; its words are given with the statement: see
``pending``. What editors promote for the query is given likewise, with a rank above all others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Model, TextField

from cms.api.reading.search.pending import NOTHING_PENDING, Pending
from cms.api.reading.search.terms import Lookup, Term
from cms.database.statements import Given
from cms.search.documents import KINDS_IN_ID
from cms.search.models import MOST_PROMOTED

__all__ = ["RAISED", "Hits", "PromotedAt", "Shape", "counted", "ranked"]

# A document and its place among those that are promoted. Where others are hidden it is the same.
PromotedAt = tuple[int, int]

# What editors promote ranks above all else by a multiple of more than any words weigh.
RAISED = 1_000
# It is found whichever words it has.
ALL_TERMS = 100

# For each of what is looked up.
STORED_IN_SQLITE = """
    SELECT "rowid" AS "id", {mask} AS "mask", {terms} AS "terms", {weight} AS "weight"
    FROM {table}_words WHERE {table}_words MATCH %s
"""
GIVEN_IN_SQLITE = """
    SELECT "id", "mask", "terms", "weight" FROM ({found}) AS "stored"
    WHERE "id" NOT IN (SELECT "value" FROM json_each(%s))
    UNION ALL
    SELECT json_extract("value", '$.id'), json_extract("value", '$.mask'),
        json_extract("value", '$.terms'), json_extract("value", '$.weight')
    FROM json_each(%s)
"""
SUMMED_IN_SQLITE = """
    SELECT "id", SUM("mask") AS "mask", SUM("terms") AS "terms", SUM("weight") AS "weight"
    FROM ({found}) AS "each" GROUP BY "id"
"""
# Functions of the search's migrations look all of it up.
IN_POSTGRESQL = """
    SELECT "id", "mask", "terms", "weight" FROM {table}_{function}(
        ARRAY[{words}]::text[], ARRAY{masks}, ARRAY{terms}, ARRAY{weights}{given}
    ) AS "found"
"""
GIVEN_IN_POSTGRESQL = ", %s::jsonb, %s::jsonb"
# Each is named once, and joined with what is visible as the databases find best. Of a comparison
# with `<`, unlike one with `=`, PostgreSQL does not expect that next to nothing meets it.
HITS_OF_PAGES = """
    "search_page_hit" AS (
        SELECT "id", "id" >> {bits} AS "page_id", "mask", "terms", "weight" AS "score"
        FROM ({found}) AS "found" WHERE ("id" & {kinds}) < 1
    )
"""
# The key is that of a document, an organisation or a person; of which, the kind tells.
OTHER_HITS = """
    "search_other_hit" AS (
        SELECT "id", "id" & {kinds} AS "kind", "id" >> {bits} AS "document_id",
            "id" >> {bits} AS "organisation_id", "id" >> {bits} AS "person_id",
            "mask", "terms", "weight" AS "score"
        FROM ({found}) AS "found" WHERE "id" & {kinds} <> 0
    )
"""
# Spellings are told by their own ids.
HITS_OF_SPELLINGS = """
    "search_page_hit" AS (
        SELECT "id", "id" AS "page_id", "mask", "terms", "weight" AS "score"
        FROM ({found}) AS "found"
    )
"""
OF_PAGES, OF_OTHERS = "page", "other"


class Kind(StrEnum):
    """How often a document may be among what is looked up, after which functions are named."""

    ONCE = "found"
    AGAIN = "summed"
    # And others are given that stand in the place of some, or have more weight.
    GIVEN = "given"


@dataclass(frozen=True)
class Shape:
    """Of what is looked up in a table: mask, terms and weight of each; but not the words."""

    table: str
    lookups: tuple[tuple[int, int, int], ...]
    kind: Kind

    def hits(self) -> tuple[str, tuple[Any, ...]]:
        pages, in_pages = self.hits_as(HITS_OF_PAGES, OF_PAGES)
        others, in_others = self.hits_as(OTHER_HITS, OF_OTHERS)
        return f"{pages}, {others}", (*in_pages, *in_others)

    def spellings(self) -> tuple[str, tuple[Any, ...]]:
        return self.hits_as(HITS_OF_SPELLINGS, OF_PAGES)

    def hits_as(self, table: str, name: str) -> tuple[str, tuple[Any, ...]]:
        values = [Given(f"{name}_{place}", TextField()) for place in range(len(self.lookups))]
        if self.kind == Kind.GIVEN:
            values += [Given("replaced", TextField()), Given("given", TextField())]
        on_postgresql = connection.vendor == "postgresql"
        found = self.in_postgresql() if on_postgresql else self.in_sqlite()
        bits = KINDS_IN_ID.bit_length() - 1
        return table.format(kinds=KINDS_IN_ID - 1, bits=bits, found=found), tuple(values)

    def in_sqlite(self) -> str:
        found = " UNION ALL ".join(
            STORED_IN_SQLITE.format(table=self.table, mask=mask, terms=terms, weight=weight)
            for mask, terms, weight in self.lookups
        )
        if self.kind == Kind.GIVEN:
            found = GIVEN_IN_SQLITE.format(found=found)
        return found if self.kind == Kind.ONCE else SUMMED_IN_SQLITE.format(found=found)

    def in_postgresql(self) -> str:
        masks, terms, weights = map(list, zip(*self.lookups, strict=True))
        return IN_POSTGRESQL.format(
            table=self.table,
            function=self.kind.value,
            words=", ".join(["%s"] * len(self.lookups)),
            masks=masks,
            terms=terms,
            weights=weights,
            given=GIVEN_IN_POSTGRESQL if self.kind == Kind.GIVEN else "",
        )


@dataclass(frozen=True)
class Hits:
    """What is looked up, in documents that may have others in their places.

    ``is_once`` says that no document has more than one of the lookups.
    """

    model: type[Model]
    lookups: tuple[Lookup, ...]
    is_once: bool
    pending: Pending = NOTHING_PENDING
    promoted: tuple[PromotedAt, ...] = ()

    @property
    def shape(self) -> Shape:
        looked_up = tuple((each.mask, each.terms, each.weight) for each in self.lookups)
        return Shape(self.model._meta.db_table, looked_up, self.kind)

    @property
    def kind(self) -> Kind:
        if self.pending.replaced or self.promoted:
            return Kind.GIVEN
        return Kind.ONCE if self.is_once else Kind.AGAIN

    def values(self) -> dict[str, str]:
        return {
            **words_given(OF_PAGES, self.lookups),
            **words_given(OF_OTHERS, (each.of_no_page() for each in self.lookups)),
            "replaced": json.dumps(self.pending.replaced),
            "given": json.dumps([*self.pending.hits(self.lookups), *self.raised()]),
        }

    def raised(self) -> Iterator[dict[str, int]]:
        for document, place in self.promoted:
            weight = RAISED * (MOST_PROMOTED - place)
            yield {"id": document, "mask": 0, "terms": ALL_TERMS, "weight": weight}


def words_given(name: str, lookups: Iterable[Lookup]) -> dict[str, str]:
    return {f"{name}_{place}": each.written() for place, each in enumerate(lookups)}


def ranked(terms: Iterable[Term]) -> tuple[tuple[Lookup, ...], bool]:
    """Lookups by which documents can be ranked, and whether none has more than one of them."""
    lookups = [
        Lookup((words,), 1 << place, weight=weight)
        for place, term in enumerate(terms)
        for weight, words in term.weighed().items()
    ]
    more = [Lookup((term.more(),), 0, terms=0) for term in terms if term.more()]
    return (*lookups, *more), len({each.mask for each in lookups}) == 1 and not more


def counted(terms: tuple[Term, ...], required: int) -> tuple[tuple[Lookup, ...], bool]:
    """Lookups by which documents can be counted that have so many of the terms.

    The database's index knows by itself which have all of them.
    """
    if required == len(terms):
        every = (1 << required) - 1
        return (Lookup(tuple(term.of_any_weight() for term in terms), every, required),), True
    each = (Lookup((term.of_any_weight(),), 1 << place) for place, term in enumerate(terms))
    return tuple(each), False
