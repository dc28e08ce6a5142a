"""What an overlay has to know of a statement before it may be laid over the tables it names.

This is a tokenizer and a few rules, and no parser: what they cannot vouch for is refused, so that
nobody is shown what is published in the place of a perspective. Not sqlparse, which ends a nested
comment of PostgreSQL too early, and takes several times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

__all__ = ["STORED", "NotOverlaid", "Reading", "reading_of"]

READINGS_KEPT = 2_000
# What is read under an alias that begins so is read as it is stored, whatever is laid over it.
STORED = "stored "
LONGEST_BEGINNING = 80


class NotOverlaid(Exception):
    """A statement that the perspective in force cannot be laid over, and that is not run."""

    def __init__(self, sql: object, reason: str):
        beginning = " ".join(str(sql).split())
        if len(beginning) > LONGEST_BEGINNING:
            beginning = beginning[:LONGEST_BEGINNING] + "…"
        super().__init__(f"No perspective can be laid over “{beginning}”: {reason}.")


class Reason:
    """Why a statement is refused, and what to do."""

    UNREADABLE = "a string or a name in it does not end, or has escapes; write it plainly"
    NOT_TEXT = "it is no text; hand it over as a string"
    HIDDEN = "what it reads cannot be seen; write out the statement that it stands for"
    SEVERAL = "it is several statements; run them one by one"
    MANY = "it is run for many parameters at once; run it once for each"
    NAMED_PARAMETERS = "its parameters have names; use %s, and hand them over as a list"
    NOT_READING = "it does more than to read; run it when no perspective is in force"
    QUALIFIED = "it names a table with its schema; leave the schema out"
    OWN_EXPRESSION = "an expression of its own bears the name of a table; give it another name"
    RECURSIVE = "it begins with WITH RECURSIVE; put that into a subquery"
    OTHER_CONNECTION = "it is run on another connection; use the default one"
    UNKNOWN_COLUMNS = "it reads all columns, some of which the model does not have; name them"


@dataclass(frozen=True)
class Reading:
    """Which tables of an overlay a statement reads, and what may be written before it."""

    tables: frozenset[str]
    # Where such a table is named that is to be read as it is stored.
    stored: tuple[Token, ...]
    # Of tables, columns and whatever else, in lower case.
    names: frozenset[str]
    # Whether columns may be read without being named, as by a star.
    every_column: bool
    # Where expressions are put, and where the statement goes on after a WITH of its own.
    begins: int
    goes_on: int | None


class Kind(Enum):
    WORD = "word"
    NAME = "name"
    VALUE = "value"
    SYMBOL = "symbol"


class Token(NamedTuple):
    """A part of a statement.

    Names are in lower case. PostgreSQL tells "Page" from "page": where it does, a table is taken to
    be read that is not, which changes no answer.
    """

    kind: Kind
    text: str
    begins: int
    ends: int

    def is_word(self, *words: str) -> bool:
        return self.kind is Kind.WORD and self.text in words

    def is_symbol(self, symbol: str) -> bool:
        return self.kind is Kind.SYMBOL and self.text == symbol


# Tokens

# Both databases take characters beyond ASCII for letters, but for the mark at a file's beginning.
WORD = r"(?P<word>[A-Za-z_\u0080-\ufefe\uff00-\U0010ffff][\w$\u0080-\ufefe\uff00-\U0010ffff]*)"
SPACE = r"[ \t\n\r\f\v\ufeff]*(?:"
REST = rf"""
    | (?P<block>/\*)
    | (?P<string>'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")*")
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)
    | {WORD}
    | (?P<end>\Z)
    | (?P<symbol>[^"'])
)"""
IN_POSTGRESQL = re.compile(
    SPACE
    + r"""(?P<line>--[^\n\r]*)
    | (?P<escaped>[eE]'(?:[^'\\]|''|\\.)*'(?:\s*[\n\r]\s*'(?:[^'\\]|''|\\.)*')*)
    | (?P<dollars>\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$)
    | (?P<unreadable>\$(?:[^\W\d]\w*)?\$ | [eE]' | [uU]&")"""
    + REST,
    re.VERBOSE | re.DOTALL,
)
IN_SQLITE = re.compile(
    SPACE
    + r"""(?P<line>--[^\n]*)
    | (?P<brackets>\[[^\]]*\])
    | (?P<backquotes>`(?:[^`]|``)*`)
    | (?P<unreadable>[\[`])"""
    + REST,
    re.VERBOSE | re.DOTALL,
)
KINDS = {
    "word": Kind.WORD,
    "name": Kind.NAME,
    "brackets": Kind.NAME,
    "backquotes": Kind.NAME,
    "string": Kind.VALUE,
    "escaped": Kind.VALUE,
    "dollars": Kind.VALUE,
    "number": Kind.VALUE,
    "symbol": Kind.SYMBOL,
}
QUOTED = ("name", "brackets", "backquotes", "string")
EDGE_OF_COMMENT = re.compile(r"/\*|\*/")


def tokens_of(sql: str, vendor: str) -> Iterator[Token]:
    pattern = IN_POSTGRESQL if vendor == "postgresql" else IN_SQLITE
    place = 0
    while place < len(sql):
        found = pattern.match(sql, place)
        if found is None:  # A quote that opens, and nothing that closes it.
            raise NotOverlaid(sql, Reason.UNREADABLE)
        kind = found.lastgroup or ""
        text, begins, place = found[kind], found.start(kind), found.end()
        if kind == "block":
            place = end_of_comment(sql, place, nested=vendor == "postgresql")
        elif kind == "unreadable":
            raise NotOverlaid(sql, Reason.UNREADABLE)
        elif kind in KINDS:
            plain = unquoted(text) if kind in QUOTED else text
            yield Token(KINDS[kind], plain.lower(), begins, place)


def unquoted(text: str) -> str:
    return text[1:-1].replace(text[-1] * 2, text[-1])


def end_of_comment(sql: str, place: int, *, nested: bool) -> int:
    """One that does not end goes on to the end of the statement, as SQLite has it."""
    depth = 1
    for edge in EDGE_OF_COMMENT.finditer(sql, place):
        if edge[0] == "*/":
            depth -= 1
        elif nested:
            depth += 1
        if depth == 0:
            return edge.end()
    return len(sql)


# Rules

READS = ("select", "with", "values", "table")
# What these run was written elsewhere, before.
HIDES = ("call", "do", "execute", "fetch")
WRITES = ("insert", "update", "delete", "merge", "into")
LOCKS = ("share", "key")
BEFORE_TABLE = ("from", "join", "only")
# What may follow a table, and is no alias of it.
AFTER_TABLE = (
    *("as", "on", "using", "where", "group", "having", "order", "limit", "offset", "fetch", "for"),
    *("join", "inner", "left", "right", "full", "outer", "cross", "natural", "tablesample"),
    *("union", "intersect", "except", "window"),
)


@lru_cache(maxsize=READINGS_KEPT)
def reading_of(sql: str, tables: frozenset[str], vendor: str) -> Reading | None:
    """How a statement reads some tables, given in lower case; None when it names none of them.

    Raises ``NotOverlaid`` when it does something with them that is not understood.
    """
    tokens = list(tokens_of(sql, vendor))
    beginnings = beginnings_of(tokens)
    if any(token.is_word(*HIDES) for token in beginnings):
        raise NotOverlaid(sql, Reason.HIDDEN)
    statement = Statement(sql, tokens, tables, strings=vendor == "sqlite")
    # A PRAGMA tells of a table, and not of its rows.
    if not statement.named or all(token.is_word("pragma") for token in beginnings):
        return None
    if len(beginnings) > 1:
        raise NotOverlaid(sql, Reason.SEVERAL)
    first = statement.first()
    statement.check(first)
    goes_on = tokens[first].ends if tokens[first].is_word("with") else None
    return Reading(
        tables=frozenset(tokens[place].text for place in statement.named),
        stored=tuple(tokens[place] for place in statement.stored),
        names=frozenset(token.text for token in tokens if token.kind in (Kind.WORD, Kind.NAME)),
        every_column=statement.reads_every_column(),
        begins=tokens[first].begins,
        goes_on=goes_on,
    )


def beginnings_of(tokens: list[Token]) -> list[Token]:
    """The first token of each statement in a text."""
    begins = True
    beginnings = []
    for token in tokens:
        ends = token.is_symbol(";")
        if begins and not ends:
            beginnings.append(token)
        begins = ends
    return beginnings


class Statement:
    """The tokens of a statement, and the places of those that name tables of the overlay."""

    def __init__(self, sql: str, tokens: list[Token], tables: frozenset[str], *, strings: bool):
        self.sql = sql
        self.tokens = tokens
        self.end = Token(Kind.SYMBOL, "", len(sql), len(sql))
        found = [
            place
            for place, token in enumerate(tokens)
            if token.text in tables
            and (token.kind is not Kind.VALUE or (strings and self.is_name(place)))
        ]
        self.stored = [place for place in found if self.is_stored(place)]
        self.named = [place for place in found if place not in self.stored]

    def is_stored(self, place: int) -> bool:
        """Whether a table is given the alias that asks for it as it is stored."""
        alias = self.at(place + 1)
        return (
            self.at(place).kind is Kind.NAME
            and self.at(place - 1).is_word(*BEFORE_TABLE)
            and alias.kind is Kind.NAME
            and alias.text.startswith(STORED)
        )

    def is_name(self, place: int) -> bool:
        """Whether a string stands where SQLite would take it for the name of a table."""
        before = self.at(place - 1)
        reads = self.at(0).is_word("explain", *READS)
        return (
            before.is_word("from", "join", "into", "update")
            or before.is_symbol(".")
            or (reads and before.text in (",", "("))
        )

    def at(self, place: int) -> Token:
        return self.tokens[place] if 0 <= place < len(self.tokens) else self.end

    def first(self) -> int:
        """The place where the query begins, which may have to be explained."""
        place = 0
        if self.at(0).is_word("explain"):
            place = self.after_options(1)
        if not (self.at(place).is_word(*READS) or self.at(place).is_symbol("(")):
            raise NotOverlaid(self.sql, Reason.NOT_READING)
        return place

    def after_options(self, place: int) -> int:
        options = self.at(place).is_symbol("(") and not self.at(place + 1).is_word(*READS)
        if options and not self.at(place + 1).is_symbol("("):
            while place < len(self.tokens) and not self.at(place).is_symbol(")"):
                place += 1
            place += 1
        while self.at(place).is_word("analyze", "analyse", "verbose", "query", "plan"):
            place += 1
        return place

    def places_of(self, *texts: str) -> list[int]:
        return [place for place, token in enumerate(self.tokens) if token.text in texts]

    # What is refused

    def check(self, first: int) -> None:
        if self.at(first).is_word("with") and self.at(first + 1).is_word("recursive"):
            raise NotOverlaid(self.sql, Reason.RECURSIVE)
        if any(self.writes(place) for place in self.places_of(*WRITES, *LOCKS)):
            raise NotOverlaid(self.sql, Reason.NOT_READING)
        for place in self.named:
            if self.at(place - 1).is_symbol("."):
                raise NotOverlaid(self.sql, Reason.QUALIFIED)
            if self.is_expression(place):
                raise NotOverlaid(self.sql, Reason.OWN_EXPRESSION)

    def writes(self, place: int) -> bool:
        """Whether rows are written here, or locked."""
        if self.at(place).is_word(*LOCKS):
            return self.at(place - 1).is_word("for")
        return self.at(place).kind is Kind.WORD and not self.at(place - 1).is_symbol(".")

    def is_expression(self, place: int) -> bool:
        """Whether a common table expression is given this name."""
        after, body = self.at(place + 1), self.at(place + 2)
        if after.is_word("as"):
            return body.is_symbol("(") or body.is_word("not", "materialized")
        return after.is_symbol("(")

    # Which columns are read

    def reads_every_column(self) -> bool:
        """Rather once too often: then more is read, and nothing is missing."""
        if any(self.at(place).is_word("natural") for place in self.places_of("natural")):
            return True
        tables = [place for place in self.named if not self.at(place + 1).is_symbol(".")]
        aliases = {alias for place in tables if (alias := self.alias_of(place))}
        names = {self.at(place).text for place in tables} | aliases
        return (
            any(not self.at(place - 1).is_word(*BEFORE_TABLE) for place in tables)
            or any(self.is_row(place) for place in self.places_of(*aliases))
            or any(self.is_star(place, tables, names) for place in self.places_of("*"))
        )

    def is_star(self, place: int, tables: list[int], names: set[str]) -> bool:
        """Whether this star stands for the columns of a table, which that of COUNT(*) does not."""
        before, after = self.at(place - 1), self.at(place + 1)
        if before.is_symbol("."):
            return self.at(place - 2).text in names
        begins = before.is_word("select", "distinct", "all") or before.is_symbol(",")
        ends = after.is_word("from", *AFTER_TABLE) or after.text in (",", ")", ";", "")
        if before.is_symbol("(") or not (begins or ends):
            return False
        return any(here in tables for here in self.rest_of_query(place))

    def rest_of_query(self, place: int) -> Iterator[int]:
        """The places behind this one that belong to the same query, and to none within it."""
        depth, inner = 0, None
        for here in range(place, len(self.tokens)):
            if self.at(here).is_symbol("("):
                depth += 1
                if inner is None and self.at(here + 1).is_word(*READS):
                    inner = depth
            elif self.at(here).is_symbol(")"):
                if inner == depth:
                    inner = None
                depth -= 1
                if depth < 0:
                    return
            elif inner is None:
                yield here

    def alias_of(self, place: int) -> str | None:
        after = self.at(place + 1)
        if after.is_word("as"):
            after = self.at(place + 2)
        if after.kind is Kind.NAME or (after.kind is Kind.WORD and after.text not in AFTER_TABLE):
            return after.text
        return None

    def is_row(self, place: int) -> bool:
        """Whether an alias of a table stands for a row of it, or gives its columns new names."""
        before, after = self.at(place - 1), self.at(place + 1)
        if self.at(place).kind not in (Kind.WORD, Kind.NAME) or before.is_symbol("."):
            return False
        if after.is_symbol("("):
            return True
        return not after.is_symbol(".") and not self.is_declared(place)

    def is_declared(self, place: int) -> bool:
        """Whether an alias stands behind what it is given to."""
        before = self.at(place - 1)
        if before.kind is Kind.WORD:
            return before.text == "as" or self.at(place - 2).is_word(*BEFORE_TABLE)
        return before.kind is Kind.NAME or before.is_symbol(")")
