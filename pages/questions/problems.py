"""What keeps questions from being asked, by row and field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pages.questions.files import MOST_FILES, most_of
from pages.questions.kinds import (
    CONSENTS,
    DATED,
    FILES,
    MEASURED,
    OFFERING_CHOICES,
    TICKED,
    answers_wanted,
    choices_of,
    filled_in,
)

__all__ = ["QuestionProblem", "problems_of_questions"]

GIVE_CHOICES = "Write at least two choices, one a line."
TWICE = "“{}” is among the choices twice."
UNKNOWN_DEFAULT = "“{}” is none of the choices."
WRITE_CONSENT = "Write what people consent to. It is kept with each answer, word for word."
NO_CONSENT = "Only a consent has this text: empty this, or choose that kind."
NOT_MEASURED = "This kind of question has no least and most: empty this."
NOT_DATED = "Only dates have a first and a last: empty this."
LESS_THAN_LEAST = "The most is less than the least."
BEFORE_EARLIEST = "The last date is before the first."
NOT_WHOLE = "Enter a whole number that is not below 0: it counts characters, choices or files."
NO_SUCH_QUESTION = "There is no question “{}” above this one. Write the label of one that is."
NEEDS_QUESTION = "Say which question this answer is of, or empty this."
NO_SUCH_ANSWER = "“{}” is no answer to “{}”, which offers: {}."
EMPTY_FOR_FILES = "Leave this empty: the question is asked once a file was given."
TOO_MANY_FILES = f"One question takes at most {MOST_FILES} files."
SAY_HOW_MANY = "Say how many files it takes: one, if this is empty."
NO_FILES = "A question for files takes at least one: enter 1 or more."
EMPTY_FOR_TICKED = "Leave this empty: the question is asked once the box is ticked."


class QuestionProblem(NamedTuple):
    """``row`` counts from 0."""

    row: int
    field: str
    sentence: str


def problems_of_questions(questions: Sequence[Any]) -> Iterator[QuestionProblem]:
    """Of rows in their order, each with the attributes of a ``FormField``."""
    for row, question in enumerate(questions):
        checks = (
            problems_of_choices(question),
            problems_of_consent(question),
            problems_of_bounds(question),
            problems_of_condition(question, questions[:row]),
        )
        for check in checks:
            for field, sentence in check:
                yield QuestionProblem(row, field, sentence)


Problems = Iterator[tuple[str, str]]


def problems_of_choices(question: Any) -> Problems:
    choices = choices_of(question)
    if question.field_type not in OFFERING_CHOICES:
        return
    if len(choices) < 2:
        yield "choices", GIVE_CHOICES
    twice = next((choice for choice in choices if choices.count(choice) > 1), None)
    if twice:
        yield "choices", TWICE.format(twice)
    unknown = [each for each in filled_in(question) if each not in choices]
    if unknown:
        yield "default_value", UNKNOWN_DEFAULT.format(unknown[0])


def problems_of_consent(question: Any) -> Problems:
    is_consent = question.field_type in CONSENTS
    if is_consent and not question.consent_text.strip():
        yield "consent_text", WRITE_CONSENT
    if not is_consent and question.consent_text.strip():
        yield "consent_text", NO_CONSENT


def problems_of_bounds(question: Any) -> Problems:
    least, most = question.minimum, question.maximum
    given = {"minimum": least, "maximum": most}
    for name, value in given.items():
        if value is None:
            continue
        if question.field_type not in MEASURED:
            yield name, NOT_MEASURED
        elif question.field_type != "number" and (value < 0 or value != int(value)):
            yield name, NOT_WHOLE
    if least is not None and most is not None and most < least:
        yield "maximum", LESS_THAN_LEAST
    if question.field_type in FILES:
        yield from problems_of_counts(question)
    first, last = question.earliest, question.latest
    for name, value in {"earliest": first, "latest": last}.items():
        if value is not None and question.field_type not in DATED:
            yield name, NOT_DATED
    if first is not None and last is not None and last < first:
        yield "latest", BEFORE_EARLIEST


def problems_of_counts(question: Any) -> Problems:
    most = most_of(question)
    if most < 1:
        yield "maximum", NO_FILES
    elif most > MOST_FILES:
        yield "maximum", TOO_MANY_FILES
    if question.maximum is None and question.minimum is not None and question.minimum > most:
        yield "maximum", SAY_HOW_MANY


def problems_of_condition(question: Any, above: Sequence[Any]) -> Problems:
    asked, answers = question.condition_question, answers_wanted(question, above)
    if not asked:
        if answers:
            yield "condition_question", NEEDS_QUESTION
        return
    other = next((each for each in above if each.clean_name == asked), None)
    if other is None:
        yield "condition_question", NO_SUCH_QUESTION.format(asked)
    elif answers and other.field_type in TICKED:
        yield "condition_answers", EMPTY_FOR_TICKED
    elif answers and other.field_type in FILES:
        yield "condition_answers", EMPTY_FOR_FILES
    elif other.field_type in OFFERING_CHOICES:
        offered = choices_of(other)
        for answer in answers:
            if answer not in offered:
                yield (
                    "condition_answers",
                    NO_SUCH_ANSWER.format(answer, other.label, ", ".join(offered)),
                )
