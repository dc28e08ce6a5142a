"""The waves of a survey, compared question by question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import graphene

from pages.blocks import stored_items
from pages.findings.charts import Chart, Charted
from pages.findings.findings import Finding, findings_of, title_of
from pages.findings.sentences import change_in_words
from pages.findings.tables import AccessibleTable
from pages.findings.vega_waves import waves_specification

__all__ = ["Comparison", "comparisons"]

NOW = "This wave"


@dataclass(frozen=True)
class Wave:
    name: str
    fieldwork_from: date | None
    fieldwork_to: date | None
    base_size: int | None
    questions: list[dict[str, Any]]


class ComparedWave(graphene.ObjectType):
    """A wave in which a question was asked."""

    name = graphene.String(required=True, description="Which wave it was.")
    fieldwork_from = graphene.Date(description="First day of answers, when known.")
    fieldwork_to = graphene.Date(description="Last day of answers, when known.")
    base_size = graphene.Int(description="How many answered the question then, when known.")


class ComparedPoint(graphene.ObjectType):
    """What was found of an answer in one wave."""

    wave = graphene.String(required=True, description="The name of the wave.")
    percentage = graphene.Float(description="Its share, 0 to 100; null when not measured.")
    figure = graphene.String(description="The share as text, with its qualifier.")
    count = graphene.Int(description="How many chose it, when known.")
    rank = graphene.Int(description="Its place; null when it was no answer in that wave.")


class ComparedAnswer(graphene.ObjectType):
    """An answer, in each of the waves."""

    text = graphene.String(required=True, description="The answer.")
    points = graphene.List(
        graphene.NonNull(ComparedPoint), required=True, description="One a wave, in their order."
    )


class Comparison(graphene.ObjectType):
    """A question that was asked in several waves: what was found in each, oldest first."""

    heading = graphene.String(required=True, description="The topic in a few words.")
    question = graphene.String(description="What was asked, when known.")
    waves = graphene.List(
        graphene.NonNull(ComparedWave), required=True, description="The waves, oldest first."
    )
    answers = graphene.List(
        graphene.NonNull(ComparedAnswer),
        required=True,
        description="The answers in the order of the latest wave, then those of earlier ones.",
    )
    table = graphene.Field(
        AccessibleTable, required=True, description="Answers by waves, as a table."
    )
    chart = graphene.Field(Chart, required=True, description="The shares from wave to wave.")


def comparisons(page: Any) -> list[dict[str, Any]]:
    """Of each question of the latest wave that was asked before."""
    waves = [*earlier_waves_of(page), latest_wave(page)]
    if len(waves) == 1:
        return []
    found = []
    for item in page.questions.raw_data:
        asked = [
            (each, question)
            for each in waves[:-1]
            if (question := same_question(item["value"], each.questions)) is not None
        ]
        if asked:
            asked.append((waves[-1], item["value"]))
            found.append(comparison(page, item.get("id") or "", asked))
    return found


def earlier_waves_of(page: Any) -> Iterator[Wave]:
    for item in page.earlier_waves.raw_data:
        value = item["value"]
        yield Wave(
            value.get("name") or "",
            day(value.get("fieldwork_from")),
            day(value.get("fieldwork_to")),
            value.get("base_size"),
            [question for _, question in stored_items(value.get("questions"))],
        )


def latest_wave(page: Any) -> Wave:
    return Wave(
        page.wave or NOW,
        page.fieldwork_from,
        page.fieldwork_to,
        page.base_size,
        [item["value"] for item in page.questions.raw_data],
    )


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def same_question(
    question: dict[str, Any], questions: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """What was computed from the same, else what has the same topic."""
    source, topic = question.get("computed_from"), known_as(question.get("heading"))
    computed = (each for each in questions if source and each.get("computed_from") == source)
    named = (each for each in questions if topic and known_as(each.get("heading")) == topic)
    return next(computed, None) or next(named, None)


def known_as(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


def comparison(page: Any, key: str, asked: list[tuple[Wave, dict[str, Any]]]) -> dict[str, Any]:
    latest = asked[-1][1]
    names = [each.name for each, _ in asked]
    answers = answers_by_wave(names, [findings_of(question) for _, question in asked])
    table = table_of(latest, names, answers)
    words = change_in_words(latest, answers)
    return {
        "heading": latest.get("heading") or "",
        "question": latest.get("question") or None,
        "waves": [
            {
                "name": each.name,
                "fieldwork_from": each.fieldwork_from,
                "fieldwork_to": each.fieldwork_to,
                "base_size": question.get("base_size"),
            }
            for each, question in asked
        ],
        "answers": answers,
        "table": table,
        "chart": Charted(
            page=page.pk,
            name=f"waves-{key}",
            alternative=words,
            table=table,
            specify=lambda theme: waves_specification(latest, names, answers, words, theme),
        ),
    }


def answers_by_wave(names: list[str], waves: list[list[Finding]]) -> list[dict[str, Any]]:
    """In the order of the latest; texts that differ in case or spaces alone are one answer."""
    texts: dict[str, str] = {}
    for findings in reversed(waves):
        for each in findings:
            texts.setdefault(known_as(each.text), each.text)
    by_text = [{known_as(each.text): each for each in findings} for findings in waves]
    return [
        {
            "text": text,
            "points": [
                point(name, found.get(key)) for name, found in zip(names, by_text, strict=True)
            ],
        }
        for key, text in texts.items()
    ]


def point(name: str, found: Finding | None) -> dict[str, Any]:
    share = found.share if found else None
    return {
        "wave": name,
        "percentage": None if share is None else float(share),
        "figure": found.figure if found else None,
        "count": found.count if found else None,
        "rank": found.rank if found else None,
    }


def table_of(
    question: dict[str, Any], names: list[str], answers: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "caption": title_of(question),
        "columns": ["Answer", *names],
        "rows": [[each["text"], *map(cell, each["points"])] for each in answers],
    }


def cell(found: dict[str, Any]) -> str:
    if found["rank"] is None:
        return "no answer then"
    return found["figure"] or f"rank {found['rank']}, not measured"
