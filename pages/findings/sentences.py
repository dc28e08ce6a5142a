"""The text alternative of a chart: what it shows, said in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from pages.findings.findings import Finding, findings_of

__all__ = ["change_in_words", "finding_in_words"]

# How near a share must be to be called by a word, in points.
NEAR = Decimal("0.7")
FRACTIONS = {
    Decimal(25): "a quarter",
    Decimal(100) / 3: "a third",
    Decimal(50): "half",
    Decimal(200) / 3: "two thirds",
    Decimal(75): "three quarters",
    Decimal(100): "all",
}
# More are left to the table.
MOST_NAMED = 4
UNKNOWN_ORDER = " (in an order that is not known)"


def finding_in_words(question: dict[str, Any]) -> str:
    """``Market timing: two thirds (66%, 120 of 182) answered “Already in 2025”. …``"""
    findings = findings_of(question)
    measured = [each for each in findings if each.share is not None]
    ranked = [each for each in findings if each.share is None]
    base = question.get("base_size")
    sentences = []
    if measured:
        sentences += [leads(measured, base), *follows(measured, base)]
        if ranked:
            names = some([quoted(each.text) for each in ranked], len(ranked))
            sentences.append(f"How many answered {names} is not known.")
    elif ranked:
        sentences += order_of(ranked)
    if base and not any(each.count is not None for each in measured):
        sentences.append(f"{base} {'person' if base == 1 else 'people'} answered.")
    said = " ".join(sentences) or "No answers are known."
    heading = question.get("heading")
    return f"{heading}: {said}" if heading else capital(said)


def leads(measured: Sequence[Finding], base: int | None) -> str:
    first = measured[0]
    equal = [each for each in measured if each.figure == first.figure]
    if len(equal) == 1:
        return f"{proportion(first, base)} answered {quoted(first.text)}."
    names = listed([quoted(each.text) for each in equal])
    return f"{proportion(first, base)} each answered {names}."


def follows(measured: Sequence[Finding], base: int | None) -> list[str]:
    rest = [each for each in measured if each.figure != measured[0].figure]
    if not rest:
        return []
    said = [f"{quoted(each.text)} ({figures(each, base)})" for each in rest[:MOST_NAMED]]
    return [f"Then {'comes' if len(rest) == 1 else 'come'} {some(said, len(rest))}."]


def order_of(ranked: Sequence[Finding]) -> list[str]:
    places = [[*each] for _, each in groupby(ranked, attrgetter("rank"))]
    first, *rest = places
    names = listed([quoted(each.text) for each in first])
    is_one = len(first) == 1
    sentence = f"{names} {'was' if is_one else 'were'} named most often"
    sentence += "" if is_one else UNKNOWN_ORDER
    if rest:
        after = [*map(place_in_words, rest)]
        sentence += f", followed by {some(after[:MOST_NAMED], len(after))}"
    return [f"{sentence}.", "How often is not known."]


def place_in_words(place: Sequence[Finding]) -> str:
    names = listed([quoted(each.text) for each in place])
    return names if len(place) == 1 else names + UNKNOWN_ORDER


def proportion(finding: Finding, base: int | None) -> str:
    word = fraction(finding)
    if word:
        return f"{word} ({figures(finding, base)})"
    if finding.count is not None and base:
        return f"{finding.figure} ({finding.count} of {base})"
    return str(finding.figure)


def figures(finding: Finding, base: int | None) -> str:
    if finding.count is not None and base:
        return f"{finding.figure}, {finding.count} of {base}"
    return str(finding.figure)


def fraction(finding: Finding) -> str | None:
    """Only of an exact share: what is “over 66%” is not two thirds."""
    if not finding.is_exact or finding.share is None:
        return None
    for value, word in FRACTIONS.items():
        if abs(finding.share - value) <= (0 if value == 100 else NEAR):
            return word
    return None


def quoted(text: str) -> str:
    return f"“{text}”"


def some(names: Sequence[str], count: int) -> str:
    """Of many only the first are named."""
    more = count - len(names[:MOST_NAMED])
    shown = [*names[:MOST_NAMED], *([f"{more} more"] if more else [])]
    return listed(shown)


def listed(names: Sequence[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# From wave to wave


def change_in_words(question: dict[str, Any], answers: Sequence[dict[str, Any]]) -> str:
    """``Market timing: “Already in 2025” rose from 70% (Initial wave) to 76% (Second wave).``"""
    changes = [*filter(None, map(change_of, answers))]
    said = " ".join(changes[:MOST_NAMED])
    more = len(changes) - MOST_NAMED
    if more > 0:
        said += f" {more} more {'answer is' if more == 1 else 'answers are'} in the table."
    heading = question.get("heading")
    said = said or "No share is known of two waves."
    return f"{heading}: {said}" if heading else said


def change_of(answer: dict[str, Any]) -> str | None:
    """From the wave before to the latest, where both are measured."""
    measured = [point for point in answer["points"] if point["percentage"] is not None]
    if len(measured) < 2:
        return None
    before, now = measured[-2:]
    earlier = f"{before['figure']} ({before['wave']})"
    latest = f"{now['figure']} ({now['wave']})"
    text = quoted(answer["text"])
    if before["figure"] == now["figure"]:
        return f"{text} stayed at {now['figure']} ({before['wave']} and {now['wave']})."
    if now["percentage"] == before["percentage"]:
        return f"{text} went from {earlier} to {latest}."
    verb = "rose" if now["percentage"] > before["percentage"] else "fell"
    return f"{text} {verb} from {earlier} to {latest}."
