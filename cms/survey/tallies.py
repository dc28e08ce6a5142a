"""How often each answer to a question was given, and by how many people in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from cms.submissions.models import Submission
from pages import clock
from pages.questions.kinds import OFFERING_CHOICES, SEVERAL_ANSWERS, lines_of

__all__ = ["Results", "Tally", "results_of_form"]


@dataclass(frozen=True)
class Tally:
    """``base`` are those who answered this question; ``counts`` are in the order of the choices.

    ``is_known`` unless it is a guess that this is a question at all.
    """

    key: str
    label: str
    is_multiple: bool
    base: int
    counts: tuple[tuple[str, int], ...]
    is_known: bool = True


@dataclass(frozen=True)
class Results:
    """What was counted, with what is to be told about all answers."""

    tallies: tuple[Tally, ...]
    people: int
    first_day: str | None = None
    last_day: str | None = None


def results_of_form(form: Any, *, since: date | None, until: date | None) -> Results:
    """Of the answers that are kept, those that came on the days from one to another."""
    questions = [each for each in form.form_fields.all() if each.field_type in OFFERING_CHOICES]
    given: dict[str, list[list[str]]] = {each.clean_name: [] for each in questions}
    days: list[datetime] = []
    for data, moment in answers_of(form, since, until).iterator():
        days.append(moment)
        for name, rows in given.items():
            rows.append(as_list(data.get(name)))
    tallies = [
        tally(
            question.clean_name,
            question.label,
            given[question.clean_name],
            choices=lines_of(question.choices),
            is_multiple=question.field_type in SEVERAL_ANSWERS,
        )
        for question in questions
    ]
    return Results(
        tuple(tallies),
        people=len(days),
        first_day=timezone.localdate(min(days)).isoformat() if days else None,
        last_day=timezone.localdate(max(days)).isoformat() if days else None,
    )


def answers_of(form: Any, since: date | None, until: date | None) -> Any:
    """What is to be deleted is gone at its second."""
    answers = Submission.objects.filter(page=form, kept_until__gt=clock.now())
    if since:
        answers = answers.filter(submit_time__gte=beginning_of(since))
    if until:
        answers = answers.filter(submit_time__lt=beginning_of(until + timedelta(days=1)))
    return answers.order_by("pk").values_list("form_data", "submit_time")


def beginning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def as_list(value: Any) -> list[str]:
    """A question may have been of another kind when it was answered."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def tally(
    key: str,
    label: str,
    given: Iterable[list[str]],
    *,
    choices: list[str],
    is_multiple: bool,
    is_known: bool = True,
) -> Tally:
    """What nobody chose is counted too, and so is what was a choice once."""
    counted: Counter[str] = Counter(dict.fromkeys(choices, 0))
    base = 0
    for values in given:
        base += bool(values)
        counted.update(set(values))
    return Tally(key, label, is_multiple, base, tuple(counted.items()), is_known)
