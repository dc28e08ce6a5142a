"""Reads what was sent against what a form asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cms.submissions.errors import FormError, FormErrorCode
from cms.submissions.files import read_files
from cms.submissions.models import SubmissionFile
from cms.submissions.questions import cleaned
from pages.questions.kinds import CONSENTS, FILES, SEVERAL_ANSWERS, answers_wanted

__all__ = ["Answers", "read_answers"]

MOST_ERRORS = 50


@dataclass
class Answers:
    """``values`` are by the keys of the questions that were answered: of files their names."""

    values: dict[str, Any] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)
    errors: list[FormError] = field(default_factory=list)
    files: list[SubmissionFile] = field(default_factory=list)

    def consents(self) -> list[dict[str, str]]:
        return [
            {"name": each.clean_name, "label": each.label, "text": each.consent_text}
            for each in self.asked
            if each.field_type in CONSENTS and self.values.get(each.clean_name)
        ]

    def questions(self) -> list[dict[str, str]]:
        return [
            {"name": each.clean_name, "label": each.label, "type": each.field_type}
            for each in self.asked
        ]


def read_answers(
    questions: Sequence[Any],
    given: Sequence[tuple[str, list[str]]],
    *,
    honeypot: str | None,
    files: Mapping[UUID, SubmissionFile],
) -> Answers:
    """What answers a question that is not asked is left out: people change their minds."""
    answers = Answers()
    sent = dict(given)
    answers.errors += problems_of_keys(questions, given, honeypot=honeypot)
    for question in questions:
        if not is_asked(question, questions, answers):
            continue
        answers.asked.append(question)
        values = [value for value in sent.get(question.clean_name, []) if value != ""]
        if question.field_type in FILES:
            found, error = read_files(question, values, files)
            answers.files += found
            value: Any = [each.name for each in found] or None
        elif len(values) > 1 and question.field_type not in SEVERAL_ANSWERS:
            message = "Give one answer to this."
            value = None
            error = FormError(FormErrorCode.ANSWERED_TWICE, message, question.clean_name)
        else:
            value, error = cleaned(question, values)
        if value is not None:
            answers.values[question.clean_name] = value
        if error is not None:
            answers.errors.append(error)
    del answers.errors[MOST_ERRORS:]
    return answers


def problems_of_keys(
    questions: Sequence[Any], given: Sequence[tuple[str, list[str]]], *, honeypot: str | None
) -> list[FormError]:
    known = {question.clean_name for question in questions} | {honeypot}
    names = [name for name, _ in given]
    problems = []
    for name in dict.fromkeys(names):
        if name not in known:
            message = "The form has no such question: read it again."
            problems.append(FormError(FormErrorCode.UNKNOWN_QUESTION, message, name))
        elif names.count(name) > 1:
            message = "Give all values of an answer together."
            problems.append(FormError(FormErrorCode.ANSWERED_TWICE, message, name))
    return problems


def is_asked(question: Any, questions: Sequence[Any], answers: Answers) -> bool:
    """A question that depends on one that is not asked itself is not asked either."""
    other = question.condition_question
    if not other:
        return True
    value = answers.values.get(other)
    if not value:
        return False
    wanted = answers_wanted(question, questions)
    given = value if isinstance(value, list) else [str(value)]
    return not wanted or not set(wanted).isdisjoint(given)
