"""Documents with the words asked for, as a table that a statement begins with.

It is the same on both databases but for how the full text index is named. What a perspective shows
in the place of stored rows is not in the index; its words are given with the statement: see
``pending``. What editors promote for the query is given likewise, with a rank above all others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
STORED = {
    "sqlite": """
        SELECT "rowid" AS "id", {mask} AS "mask", {terms} AS "terms", {weight} AS "weight"
        FROM {table}_words WHERE {table}_words MATCH %s
    """,
    "postgresql": """
        SELECT "id", {mask} AS "mask", {terms} AS "terms", {weight} AS "weight"
        FROM {table}_with(%s) AS "found"("id")
    """,
}
WITHOUT_REPLACED = {
    "sqlite": """
        SELECT "id", "mask", "terms", "weight" FROM ({stored}) AS "stored"
        WHERE "id" NOT IN (SELECT "value" FROM json_each(%s))
    """,
    "postgresql": """
        SELECT "id", "mask", "terms", "weight" FROM ({stored}) AS "stored"
        WHERE "id" NOT IN (
            SELECT "value"::bigint FROM jsonb_array_elements_text(%s::jsonb) AS "each"("value")
        )
    """,
}
GIVEN = {
    "sqlite": """
        SELECT json_extract("value", '$.id'), json_extract("value", '$.mask'),
            json_extract("value", '$.terms'), json_extract("value", '$.weight')
        FROM json_each(%s)
    """,
    "postgresql": """
        SELECT "id", "mask", "terms", "weight" FROM jsonb_to_recordset(%s::jsonb)
            AS "given"("id" bigint, "mask" integer, "terms" integer, "weight" integer)
    """,
}
# Each is named once in most statements, which the databases then join with what is visible as they
# find best.
HITS_OF_PAGES = """
    "search_page_hit" AS (
        SELECT "id", "id" >> {bits} AS "page_id", {columns}
        FROM ({found}) AS "found" WHERE "id" & {kinds} = 0 {group}
    )
"""
# The key is that of a document, an organisation or a person; of which, the kind tells.
OTHER_HITS = """
    "search_other_hit" AS (
        SELECT "id", "id" & {kinds} AS "kind", "id" >> {bits} AS "document_id",
            "id" >> {bits} AS "organisation_id", "id" >> {bits} AS "person_id", {columns}
        FROM ({found}) AS "found" WHERE "id" & {kinds} <> 0 {group}
    )
"""
# Spellings are told by their own ids.
HITS_OF_SPELLINGS = """
    "search_page_hit" AS (
        SELECT "id", "id" AS "page_id", {columns} FROM ({found}) AS "found" {group}
    )
"""
ONE = '"mask", "terms", "weight" AS "score"'
SEVERAL = 'SUM("mask") AS "mask", SUM("terms") AS "terms", SUM("weight") AS "score"'
OF_PAGES, OF_OTHERS = "page", "other"


@dataclass(frozen=True)
class Shape:
    """Of what is looked up in a table: mask, terms and weight of each; but not the words.

    ``is_once`` says that no row has more than one of them; ``is_pending``, whether a perspective
    shows other documents in the place of some; ``is_promoted``, whether editors promote any.
    """

    table: str
    lookups: tuple[tuple[int, int, int], ...]
    is_once: bool
    is_pending: bool = False
    is_promoted: bool = False

    def hits(self) -> tuple[str, tuple[Any, ...]]:
        pages, in_pages = self.hits_as(HITS_OF_PAGES, OF_PAGES)
        others, in_others = self.hits_as(OTHER_HITS, OF_OTHERS)
        return f"WITH {pages}, {others}", (*in_pages, *in_others)

    def spellings(self) -> tuple[str, tuple[Any, ...]]:
        found, given = self.hits_as(HITS_OF_SPELLINGS, OF_PAGES)
        return f"WITH {found}", given

    def hits_as(self, table: str, name: str) -> tuple[str, tuple[Any, ...]]:
        vendor = connection.vendor
        found = " UNION ALL ".join(
            STORED[vendor].format(table=self.table, mask=mask, terms=terms, weight=weight)
            for mask, terms, weight in self.lookups
        )
        given = [Given(f"{name}_{place}", TextField()) for place in range(len(self.lookups))]
        if self.is_pending:
            kept = WITHOUT_REPLACED[vendor].format(stored=found)
            found = f"{kept} UNION ALL {GIVEN[vendor]}"
            given += [Given("replaced", TextField()), Given("pending", TextField())]
        if self.is_promoted:
            found = f"{found} UNION ALL {GIVEN[vendor]}"
            given.append(Given("promoted", TextField()))
        columns, group = (ONE, "") if self.is_once else (SEVERAL, 'GROUP BY "id"')
        sql = table.format(
            kinds=KINDS_IN_ID - 1,
            bits=KINDS_IN_ID.bit_length() - 1,
            columns=columns,
            found=found,
            group=group,
        )
        return sql, tuple(given)


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
        table = self.model._meta.db_table
        is_pending, is_promoted = bool(self.pending.replaced), bool(self.promoted)
        is_once = self.is_once and not is_promoted
        return Shape(table, looked_up, is_once, is_pending, is_promoted)

    def values(self) -> dict[str, str]:
        return {
            **words_given(OF_PAGES, self.lookups),
            **words_given(OF_OTHERS, (each.of_no_page() for each in self.lookups)),
            "replaced": json.dumps(self.pending.replaced),
            "pending": json.dumps([*self.pending.hits(self.lookups)]),
            "promoted": json.dumps([*self.raised()]),
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
