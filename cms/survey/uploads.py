"""Counts what a table says: a row a person, a column a question, each cell checked.

A cell that cannot be counted makes its row a bad one, which is named and left out whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from openpyxl.utils import get_column_letter

from cms.admin.tables import NotRead, cells_of_workbook, rows_of_text
from cms.survey.figures import MOST_OPTIONS
from cms.survey.tallies import Results, Tally, tally
from pages.findings.findings import title_of
from pages.findings.kinds import AnswerType
from pages.questions.kinds import OFFERING_CHOICES, SEVERAL_ANSWERS, lines_of

__all__ = ["BadCell", "Question", "Upload", "questions_known", "results_of_file"]

MOST_BYTES = 5_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELLS = 600_000
# As many are named; the others are counted.
MOST_BAD = 200
LONGEST_SHOWN = 80
SEPARATORS = ",;\n"
# What this site writes itself into an export.
OWN_COLUMNS = {"answered", "reference", "submit_time"}
NO_LONGER_ASKED = " (no longer asked)"


class Formula(str):
    """A cell that is worked out. What it came to when the file was saved may be out of date."""


@dataclass(frozen=True)
class BadCell:
    """``row`` as the spreadsheet numbers it."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Question:
    """What a column may be about. Without ``choices`` any answer is one."""

    key: str
    label: str
    names: frozenset[str]
    is_multiple: bool
    choices: tuple[str, ...] = ()


@dataclass
class Upload:
    results: Results
    bad: list[BadCell] = field(default_factory=list)
    # Those in ``bad``, and those that are too many to be named.
    bad_rows: int = 0
    # Columns that are not counted, with the reason.
    left_out: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def questions_known(page: Any, form: Any) -> list[Question]:
    """Those of the form with choices, then the highlights that are about something else."""
    known = [of_form(each) for each in form.form_fields.all()] if form else []
    found = [each for each in known if each is not None]
    taken = {name for each in found for name in each.names}
    for item in page.questions.raw_data:
        value = item["value"]
        names = {value.get("computed_from"), value.get("heading"), value.get("question")}
        folded = frozenset(folded_name(each) for each in names if each)
        if folded and not folded & taken:
            key = value.get("computed_from") or title_of(value)
            is_multiple = value.get("answer_type") == AnswerType.MULTIPLE
            found.append(Question(key, title_of(value), folded, is_multiple))
    return found


def of_form(asked: Any) -> Question | None:
    if asked.field_type not in OFFERING_CHOICES:
        return None
    return Question(
        key=asked.clean_name,
        label=asked.label,
        names=frozenset({folded_name(asked.clean_name), folded_name(asked.label)}),
        is_multiple=asked.field_type in SEVERAL_ANSWERS,
        choices=tuple(lines_of(asked.choices)),
    )


def folded_name(text: str) -> str:
    return " ".join(text.split()).casefold()


def results_of_file(file: Any, questions: Sequence[Question]) -> Upload:
    """Raises ``NotRead`` where there is no table to be counted."""
    numbered = rows_within_bounds(file)
    filled = ((number, row) for number, row in numbered if any(each.strip() for each in row))
    first = next(filled, None)
    if first is None:
        raise NotRead("This file is empty.")
    headings = [heading.strip() for heading in first[1]]
    rows = list(filled)
    if not rows:
        raise NotRead("This file has headings alone, and no answers beneath them.")
    check_headings(headings, rows)
    return counted(headings, rows, questions)


def check_headings(headings: list[str], rows: list[tuple[int, list[str]]]) -> None:
    named = [folded_name(each) for each in headings if each]
    twice = next((each for each in headings if each and named.count(folded_name(each)) > 1), None)
    if twice:
        raise NotRead(f"Two columns are called “{shortened(twice)}”: rename one of them.")
    for place, heading in enumerate(headings):
        if not heading and any(row[place].strip() for _, row in rows if place < len(row)):
            letter = get_column_letter(place + 1)
            raise NotRead(f"Column {letter} has answers and no heading: write what was asked.")


# Rows


def rows_within_bounds(file: Any) -> Iterator[tuple[int, list[str]]]:
    if file.size > MOST_BYTES:
        raise NotRead(f"This file has more than {MOST_BYTES // 1_000_000} MB: shorten it.")
    kind, content = PurePath(file.name).suffix.lower(), file.read()
    if kind == ".xlsx":
        cells = cells_of_workbook(content, computed=False)
        rows: Iterable[tuple[int, list[str]]] = (
            (number, [*map(text_of, row)]) for number, row in enumerate(cells, start=1)
        )
    elif kind in {".csv", ".tsv"}:
        rows = rows_of_text(content)
    else:
        raise NotRead("Choose a CSV, TSV or XLSX file.")
    taken = 0
    for place, (number, row) in enumerate(rows):
        taken += len(row)
        if place > MOST_ROWS:
            raise NotRead(f"This table has more than {MOST_ROWS:,} rows: divide it.")
        if len(row) > MOST_COLUMNS:
            raise NotRead(f"Row {number} has more than {MOST_COLUMNS} columns: delete some.")
        if taken > MOST_CELLS:
            raise NotRead(f"This table has more than {MOST_CELLS:,} cells: delete columns.")
        yield number, row


def text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return Formula(value) if value.startswith("=") else value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else Formula(str(value))


# Counting


def counted(
    headings: list[str], rows: list[tuple[int, list[str]]], questions: Sequence[Question]
) -> Upload:
    columns = dict(columns_of(headings, rows, questions))
    bad: list[BadCell] = []
    good: list[dict[int, list[str]]] = []
    bad_rows = 0
    for number, row in rows:
        problems = list(problems_of_row(number, row, headings, columns))
        bad_rows += bool(problems)
        bad += problems[: MOST_BAD - len(bad)]
        if not problems:
            good.append({place: chosen(cell(row, place), columns[place]) for place in columns})
    found = {place: [each[place] for each in good] for place in columns}
    tallies = [as_tally(columns[place], given) for place, given in found.items()]
    asked = {question.key for question in columns.values()}
    return Upload(
        Results(tuple(each for each in tallies if each), people=len(good)),
        bad=bad,
        bad_rows=bad_rows,
        left_out=[
            (heading, "Is no question with choices.")
            for place, heading in enumerate(headings)
            if heading and place not in columns and folded_name(heading) not in OWN_COLUMNS
        ],
        missing=[each.label for each in questions if each.choices and each.key not in asked],
    )


def as_tally(question: Question, given: list[list[str]]) -> Tally:
    return tally(
        question.key,
        question.label,
        given,
        choices=list(question.choices),
        is_multiple=question.is_multiple,
        is_known=bool(question.names),
    )


def columns_of(
    headings: list[str], rows: list[tuple[int, list[str]]], questions: Sequence[Question]
) -> Iterator[tuple[int, Question]]:
    """Those that are about a known question, and those that look like one."""
    for place, heading in enumerate(headings):
        name = folded_name(heading.removesuffix(NO_LONGER_ASKED))
        known = next((each for each in questions if name in each.names), None)
        if known is not None:
            yield place, known
        elif heading and name not in OWN_COLUMNS:
            guessed = guess(heading, [cell(row, place) for _, row in rows])
            if guessed:
                yield place, guessed


def guess(heading: str, cells: list[str]) -> Question | None:
    """Names and texts are told from choices by this: choices recur."""
    given = [each for each in cells if each.strip()]
    is_multiple = any(";" in each or "\n" in each for each in given)
    question = Question(heading[:255], heading, frozenset(), is_multiple)
    values = [value for each in given for value in chosen(each, question)]
    different = len(set(values))
    recurs = 0 < different <= MOST_OPTIONS and len(given) >= 2 * different
    return question if recurs else None


def cell(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def problems_of_row(
    number: int, row: list[str], headings: list[str], columns: dict[int, Question]
) -> Iterator[BadCell]:
    more = [each for each in row[len(headings) :] if each.strip()]
    if more:
        yield BadCell(
            number, "", f"Has “{shortened(more[0])}” after the last heading: is a cell too many?"
        )
    for place, question in columns.items():
        written = cell(row, place)
        if isinstance(written, Formula):
            said = "Is a formula or an error: paste what it comes to as a value."
            yield BadCell(number, headings[place], said)
            continue
        try:
            chosen(written, question)
        except NoChoice as problem:
            yield BadCell(number, headings[place], str(problem))


class NoChoice(Exception):
    """Its message says which, and what to do."""

    def __init__(self, text: str):
        super().__init__(
            f"“{shortened(text)}” is none of the choices. Correct it, or add it to the form."
        )


def chosen(written: str, question: Question) -> list[str]:
    """The choices in a cell. Raises ``NoChoice`` for what is none."""
    text = written.strip()
    if not question.choices:
        parts = text.replace("\n", ";").split(";") if question.is_multiple else [text]
        return [" ".join(part.split()) for part in parts if part.strip()]
    if not question.is_multiple:
        return [only(text, question.choices)] if text else []
    found = []
    while text:
        choice = first_choice(text, question.choices)
        found.append(choice)
        text = text[len(choice) :].strip().lstrip(SEPARATORS).strip()
    return found


def only(text: str, choices: tuple[str, ...]) -> str:
    folded = folded_name(text)
    found = next((each for each in choices if folded_name(each) == folded), None)
    if found is None:
        raise NoChoice(text)
    return found


def first_choice(text: str, choices: tuple[str, ...]) -> str:
    """The longest that the text begins with: choices may have commas in them."""
    for choice in sorted(choices, key=len, reverse=True):
        rest = text[len(choice) :].lstrip(" \t")
        if text[: len(choice)].casefold() == choice.casefold() and (
            not rest or rest[0] in SEPARATORS
        ):
            return choice
    raise NoChoice(text)


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
