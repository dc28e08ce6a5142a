"""What results would change of a survey page, before anything is changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import uuid4

from wagtail.blocks import StreamValue

from cms.survey.figures import FiguresAs, options_of, problem_of
from cms.survey.tallies import Results, Tally
from pages.blocks import stored_items
from pages.findings.findings import Finding, findings_of, title_of
from pages.findings.kinds import AnswerType

__all__ = ["LEAVE", "NEW", "Change", "Changes", "Fact", "Wanted", "changes_of", "write"]

LEAVE, NEW = "leave", "new"
TWICE = "Another question goes to the same highlight: choose one of them for it."
LONGEST_HEADING, LONGEST_QUESTION, LONGEST_SOURCE = 120, 300, 255
FACTS = {
    "base_size": "Number of respondents",
    "fieldwork_from": "Answers from",
    "fieldwork_to": "Answers to",
}


@dataclass(frozen=True)
class Wanted:
    """What an editor chose: a target for each key, or what is likely where there is none."""

    figures: FiguresAs
    targets: Mapping[str, str]
    with_facts: bool = True
    # The name of the wave that begins; None while the same goes on.
    new_wave: str | None = None


@dataclass(frozen=True)
class Change:
    """Of one question: what its highlight says, and would say."""

    tally: Tally
    target: str
    choices: list[tuple[str, str]]
    problem: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def kind(self) -> str:
        if self.after is None:
            return "left alone"
        if self.before is None:
            return "new"
        return "same" if self.before == self.after else "changed"

    def rows(self) -> list[tuple[str, str, str]]:
        """Each answer with its figure before and after."""
        before, after = by_text(self.before), by_text(self.after)
        texts = [*after, *(text for text in before if text not in after)]
        return [(text, said(before.get(text)), said(after.get(text))) for text in texts]

    def facts(self) -> list[tuple[str, Any, Any]]:
        """What else of the highlight changes."""
        before, after = self.before or {}, self.after or {}
        names = {"base_size": "Number of respondents", "answer_type": "Respondents could choose"}
        return [
            (label, in_words(name, before.get(name)), in_words(name, after.get(name)))
            for name, label in names.items()
            if (before.get(name) or None) != (after.get(name) or None)
        ]


@dataclass(frozen=True)
class Fact:
    """Of the page itself."""

    name: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Changes:
    of_questions: list[Change]
    facts: list[Fact]
    # Highlights that stay in the wave that is over.
    left_behind: list[str]
    new_wave: str | None
    # Of what the page says, of what it would say, and of what was asked.
    digest: str

    @property
    def problems(self) -> bool:
        return any(each.problem == TWICE for each in self.of_questions)

    @property
    def anything(self) -> bool:
        changed = any(each.kind in ("new", "changed") for each in self.of_questions)
        return changed or bool(self.facts)


def changes_of(page: Any, results: Results, wanted: Wanted) -> Changes:
    highlights = {item["id"]: item["value"] for item in raw(page.questions) if item.get("id")}
    targets = {each.key: target_of(each, highlights, wanted) for each in results.tallies}
    taken = [target for target in targets.values() if target in highlights]
    found = [
        change_of(each, targets[each.key], highlights, wanted, taken) for each in results.tallies
    ]
    written = {each.target for each in found if each.after is not None}
    left = [title_of(value) for key, value in highlights.items() if key not in written]
    return Changes(
        found,
        facts_of(page, results, wanted),
        left_behind=left if wanted.new_wave else [],
        new_wave=wanted.new_wave,
        digest=digest_of(page, found, results, wanted),
    )


def raw(stream: Any) -> list[dict[str, Any]]:
    return [dict(item) for item in stream.raw_data]


def target_of(tally: Tally, highlights: dict[str, Any], wanted: Wanted) -> str:
    chosen = wanted.targets.get(tally.key)
    if chosen in highlights or chosen in (LEAVE, NEW):
        return chosen
    return likely_target(tally, highlights)


def likely_target(tally: Tally, highlights: dict[str, Any]) -> str:
    """The highlight that was computed from the same, else the one that is called the same."""
    for key, value in highlights.items():
        if value.get("computed_from") == source_of(tally):
            return key
    label = folded(tally.label)
    for key, value in highlights.items():
        if label in {folded(value.get("heading")), folded(value.get("question"))}:
            return key
    return NEW if tally.is_known else LEAVE


def folded(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


def source_of(tally: Tally) -> str:
    return tally.key[:LONGEST_SOURCE]


def change_of(
    tally: Tally, target: str, highlights: dict[str, Any], wanted: Wanted, taken: Sequence[str]
) -> Change:
    choices = [(NEW, "A new highlight"), (LEAVE, "None: leave it out")]
    choices += [(key, f"“{value.get('heading')}”") for key, value in highlights.items()]
    before = highlights.get(target)
    problem = problem_of(tally) or (TWICE if taken.count(target) > 1 else None)
    is_written = problem is None and target != LEAVE
    after = highlight(tally, before, wanted.figures) if is_written else None
    return Change(tally, target, choices, problem, before, after)


def highlight(tally: Tally, before: dict[str, Any] | None, figures: FiguresAs) -> dict[str, Any]:
    """With all that an editor wrote: the topic, the question, what it means, notes on answers."""
    written = {folded(each.get("text")): (key, each) for key, each in options_before(before)}
    options = []
    for option in options_of(tally, figures):
        key, known = written.get(folded(option["text"]), (None, {}))
        kept = {name: known[name] for name in ("text", "note") if known.get(name)}
        options.append({"type": "item", "id": key or "", "value": {**option, **kept}})
    answer_type = AnswerType.MULTIPLE if tally.is_multiple else AnswerType.EXCLUSIVE
    start = before or {
        "heading": tally.label[:LONGEST_HEADING],
        "question": tally.label[:LONGEST_QUESTION],
        "interpretation": "",
    }
    computed = {
        **start,
        "answer_type": str(answer_type),
        "base_size": tally.base,
        "computed_from": source_of(tally),
        "options": options,
    }
    if before is None or plain(before) != plain(computed):
        return computed
    return before


def options_before(question: dict[str, Any] | None) -> list[tuple[str | None, dict[str, Any]]]:
    return stored_items(question.get("options")) if question else []


def plain(question: dict[str, Any]) -> Any:
    """What is said, whichever way it is stored."""
    said_of_it = [question.get(name) or None for name in ("answer_type", "base_size")]
    return findings_of(question), said_of_it, question.get("computed_from")


def facts_of(page: Any, results: Results, wanted: Wanted) -> list[Fact]:
    if not wanted.with_facts:
        return []
    first, last = results.first_day, results.last_day
    found = {
        "base_size": results.people or None,
        "fieldwork_from": date.fromisoformat(first) if first else None,
        "fieldwork_to": date.fromisoformat(last) if last else None,
    }
    return [
        Fact(name, label, getattr(page, name), found[name])
        for name, label in FACTS.items()
        if getattr(page, name) != found[name] and (found[name] or wanted.new_wave)
    ]


def digest_of(page: Any, found: list[Change], results: Results, wanted: Wanted) -> str:
    is_said = [
        [(item.get("id"), told(item["value"])) for item in raw(page.questions)],
        [
            [told(question) for _, question in stored_items(item["value"].get("questions"))]
            for item in raw(page.earlier_waves)
        ],
        [page.wave, *(str(getattr(page, name)) for name in FACTS)],
    ]
    becomes = [(each.tally.key, each.target, each.after and told(each.after)) for each in found]
    asked = [wanted.figures, wanted.with_facts, wanted.new_wave]
    about = [results.people, results.first_day, results.last_day]
    return sha256(json.dumps([is_said, becomes, asked, about]).encode()).hexdigest()


def told(question: dict[str, Any]) -> Any:
    """All that is said, whichever way it is stored: saving a page anew may store it another way."""
    names = ("heading", "question", "answer_type", "base_size", "computed_from", "interpretation")
    return [question.get(name) or None for name in names], [*map(str, findings_of(question))]


# Writing


def write(page: Any, changes: Changes) -> None:
    """To the page as it is in memory: whoever calls saves it as a draft."""
    items = raw(page.questions)
    if changes.new_wave:
        put_wave_away(page, items)
        written = {each.target for each in changes.of_questions if each.after is not None}
        items = [item for item in items if item.get("id") in written]
        page.wave = changes.new_wave
    for change in changes.of_questions:
        if change.after is None:
            continue
        value = with_ids(change.after)
        place = next((n for n, item in enumerate(items) if item.get("id") == change.target), None)
        if place is None:
            items.append({"type": "question", "id": str(uuid4()), "value": value})
        else:
            items[place] = {**items[place], "value": value}
    page.questions = stream(page.questions, items)
    for fact in changes.facts:
        setattr(page, fact.name, fact.after)


def put_wave_away(page: Any, items: list[dict[str, Any]]) -> None:
    """What the page says becomes its newest earlier wave, under ids of its own."""
    first, last = page.fieldwork_from, page.fieldwork_to
    over = {
        "name": page.wave or "Earlier wave",
        "fieldwork_from": first.isoformat() if first else None,
        "fieldwork_to": last.isoformat() if last else None,
        "base_size": page.base_size,
        "questions": [
            {"type": "item", "id": str(uuid4()), "value": copied(item["value"])} for item in items
        ],
    }
    waves = [*raw(page.earlier_waves), {"type": "wave", "id": str(uuid4()), "value": over}]
    page.earlier_waves = stream(page.earlier_waves, waves)


def copied(question: dict[str, Any]) -> dict[str, Any]:
    copy = deepcopy(question)
    options = [value for _, value in stored_items(copy.get("options"))]
    copy["options"] = [{"type": "item", "id": str(uuid4()), "value": each} for each in options]
    return copy


def with_ids(question: dict[str, Any]) -> dict[str, Any]:
    options = [
        {**item, "id": item["id"] or str(uuid4())} if "id" in item else item
        for item in question["options"]
    ]
    return {**question, "options": options}


def stream(before: StreamValue, items: list[dict[str, Any]]) -> StreamValue:
    return StreamValue(before.stream_block, items, is_lazy=True)


# In words


def by_text(question: dict[str, Any] | None) -> dict[str, Finding]:
    return {each.text: each for each in findings_of(question)} if question else {}


def said(finding: Finding | None) -> str:
    if finding is None:
        return "–"
    if finding.figure is None:
        return f"rank {finding.rank}"
    count = "" if finding.count is None else f" ({finding.count})"
    return f"{finding.figure}{count}"


def in_words(name: str, value: Any) -> Any:
    if name == "answer_type" and value:
        return AnswerType(value).label
    return value or "–"
