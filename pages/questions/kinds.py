"""The kinds of questions, and what each of them can have."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models

__all__ = [
    "CONSENTS",
    "DATED",
    "FILES",
    "MEASURED",
    "OFFERING_CHOICES",
    "SEVERAL_ANSWERS",
    "TICKED",
    "FormFieldType",
    "answers_wanted",
    "choices_of",
    "filled_in",
    "lines_of",
]


class FormFieldType(models.TextChoices):
    """How a form's question is answered."""

    SINGLELINE = "singleline", "A line of text"
    MULTILINE = "multiline", "Several lines of text"
    EMAIL = "email", "An e-mail address"
    NUMBER = "number", "A number"
    URL = "url", "A web address"
    CHECKBOX = "checkbox", "A box to tick"
    CHECKBOXES = "checkboxes", "Boxes to tick, several allowed"
    DROPDOWN = "dropdown", "One choice from a list"
    MULTISELECT = "multiselect", "Several choices from a list"
    RADIO = "radio", "One choice among buttons"
    DATE = "date", "A date"
    DATETIME = "datetime", "A date and time"
    FILE = "file", "A file, or several"
    CONSENT = "consent", "Consent to a text, by ticking a box"
    HIDDEN = "hidden", "A value readers do not see"


SEVERAL_ANSWERS = frozenset({FormFieldType.CHECKBOXES, FormFieldType.MULTISELECT})
OFFERING_CHOICES = SEVERAL_ANSWERS | {FormFieldType.DROPDOWN, FormFieldType.RADIO}
CONSENTS = frozenset({FormFieldType.CONSENT})
TICKED = CONSENTS | {FormFieldType.CHECKBOX}
DATED = frozenset({FormFieldType.DATE, FormFieldType.DATETIME})
FILES = frozenset({FormFieldType.FILE})
# Of a number its value, of a text its characters, of several choices or files how many they are.
MEASURED = (
    SEVERAL_ANSWERS
    | FILES
    | {
        FormFieldType.NUMBER,
        FormFieldType.SINGLELINE,
        FormFieldType.MULTILINE,
    }
)


def lines_of(text: str) -> list[str]:
    """Choices as editors write them: one a line, or on a single line separated by commas."""
    lines = text.splitlines() if "\n" in text else text.split(",")
    return [line.strip() for line in lines if line.strip()]


def choices_of(question: Any) -> list[str]:
    """Those that it offers: others may be left from when it was of another kind."""
    return lines_of(question.choices) if question.field_type in OFFERING_CHOICES else []


def filled_in(question: Any) -> list[str]:
    """The choices that are made to begin with."""
    return named_in(question.default_value, choices_of(question))


def answers_wanted(question: Any, questions: Iterable[Any]) -> list[str]:
    """Any of these has the question asked; none if any answer does. ``questions`` has the other."""
    asked = question.condition_question
    other = next((each for each in questions if each.clean_name == asked), None)
    return named_in(question.condition_answers, choices_of(other) if other else ())


def named_in(text: str, choices: Collection[str]) -> list[str]:
    """A single choice is written as it is, though it may have a comma in it."""
    whole = text.strip()
    return [whole] if whole in choices else lines_of(text)
