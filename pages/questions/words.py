"""What a question demands, in words for people, from what the API answers of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.formats import date_format

__all__ = ["demands", "steps"]

Answer = dict[str, Any]

COUNTED = {
    "NUMBER": "",
    "CHECKBOXES": " choices",
    "MULTISELECT": " choices",
}
SEVERAL = " or "


def demands(question: Answer, labels: dict[str, str]) -> Iterator[str]:
    """A sentence each. ``labels`` are those of all questions, by their keys."""
    if question["accept"]:
        yield taken(question)
    else:
        unit = COUNTED.get(question["fieldType"], " characters")
        least, most = question["minimum"], question["maximum"]
        yield from between("At least", "at most", least, most, unit)
    earliest, latest = map(day, (question["earliest"], question["latest"]))
    yield from between("Not before", "not after", earliest, latest)
    if question["condition"]:
        yield asked_when(question["condition"], labels)


def taken(question: Answer) -> str:
    least, most = question["minimum"] or 1, question["maximum"]
    count = "One file" if most == 1 else f"Up to {most:g} files"
    if least > 1:
        count = f"{least:g} files" if least == most else f"{least:g} to {most:g} files"
    kinds = question["accept"].replace(",", ", ")
    return (
        f"{count} of up to {question['maxFileSize'] // 10**6} MB{' each' * (most != 1)}: {kinds}."
    )


def between(least: str, most: str, first: Any, last: Any, unit: str = "") -> Iterator[str]:
    parts = [
        f"{word} {number(value)}{unit}"
        for word, value in ((least, first), (most, last))
        if value is not None
    ]
    if parts:
        sentence = ", ".join(parts)
        yield f"{sentence[0].upper()}{sentence[1:]}."


def number(value: Any) -> Any:
    return f"{value:g}" if isinstance(value, float) else value


def day(value: str | None) -> str | None:
    return date_format(date.fromisoformat(value), "j F Y") if value else None


def asked_when(condition: Answer, labels: dict[str, str]) -> str:
    asked = labels.get(condition["cleanName"], condition["cleanName"])
    if not condition["answers"]:
        return f"Asked once “{asked}” is answered."
    answers = SEVERAL.join(f"“{answer}”" for answer in condition["answers"])
    return f"Asked once “{asked}” is answered with {answers}."


def steps(questions: Iterable[Answer]) -> Iterator[tuple[str | None, list[Answer]]]:
    """The questions by the step they are asked in; the first may have no title."""
    title: str | None = None
    asked: list[Answer] = []
    for question in questions:
        if question["stepTitle"]:
            if asked:
                yield title, asked
            title, asked = question["stepTitle"], []
        asked.append(question)
    if asked:
        yield title, asked
