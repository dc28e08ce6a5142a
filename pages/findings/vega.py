"""Charts as Vega-Lite: plain data of one form, in which what editors wrote is nothing but data.

No text of theirs comes to stand where Vega reads an expression, a field's name or an address.
"""

from __future__ import annotations

from typing import Any

from pages.findings.findings import Finding, findings_of, title_of
from pages.findings.kinds import AnswerType
from pages.findings.sentences import finding_in_words
from pages.findings.themes import FONT, THEMES, Theme
from pages.findings.wrapping import wrapped
from pages.xml_texts import speakable

__all__ = ["SCHEMA", "base_of", "config_of", "specification"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH = 340
LINE, SPACE = 16, 16
# As many characters as a line beside the bars has room for, and above them.
LABEL_CHARACTERS, TITLE_CHARACTERS = 34, 68
MOST_LINES = 3
# More would be a chart that nobody reads; the table has them all.
MOST_BARS = 40
GAP, BAR = 10, 22
# Vega puts the first line where one line would stand: the middle of all belongs there.
MIDDLE = {"expr": f"(1 - length(split(datum.answer, '\\n'))) * {LINE / 2:g}"}


def specification(question: dict[str, Any], theme: str) -> dict[str, Any]:
    """Bars where shares are known. Where only an order is, ranks without any length."""
    colours = THEMES[theme]
    findings = findings_of(question)
    shown = findings[:MOST_BARS]
    labels = [wrapped(each.text, LABEL_CHARACTERS, most=MOST_LINES) for each in shown]
    tallest = max((label.count("\n") + 1 for label in labels), default=1)
    is_measured = any(each.share is not None for each in shown)
    values = [
        {
            "place": place,
            "answer": label,
            "share": None if each.share is None else float(each.share),
            "shown": each.figure or ("not measured" if is_measured else f"{each.rank}."),
        }
        for place, (each, label) in enumerate(zip(shown, labels, strict=True))
    ]
    specified = {
        "$schema": SCHEMA,
        "description": finding_in_words(question),
        "title": title_in(question, findings, colours),
        "data": {"values": values},
        "width": WIDTH,
        "height": {"step": tallest * LINE + SPACE},
        "encoding": {"y": {"field": "place", "type": "ordinal", "axis": None}},
        "layer": bars(colours) if is_measured else ranks(colours),
        "config": config_of(colours),
    }
    # The engine that draws does not refuse a text that XML cannot carry: it ends.
    return speakable(specified)


def bars(colours: Theme) -> list[dict[str, Any]]:
    share = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 100]},
        "axis": None,
    }
    return [
        {
            "mark": {"type": "bar", "color": colours.accent, "height": BAR},
            "encoding": {"x": share},
        },
        {
            "transform": [{"calculate": "isValid(datum.share) ? datum.share : 0", "as": "end"}],
            "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold"},
            "encoding": {
                "x": {**share, "field": "end"},
                "text": {"field": "shown"},
                "color": {"value": colours.ink},
            },
        },
        answers(-GAP, "right", colours),
    ]


def ranks(colours: Theme) -> list[dict[str, Any]]:
    place = {
        "mark": {"type": "text", "align": "right", "fontWeight": "bold", "fontSize": 15},
        "encoding": {
            "x": {"value": 24},
            "text": {"field": "shown"},
            "color": {"value": colours.accent},
        },
    }
    return [place, answers(24 + GAP, "left", colours)]


def answers(x: int, align: str, colours: Theme) -> dict[str, Any]:
    return {
        "mark": {
            "type": "text",
            "align": align,
            "dy": MIDDLE,
            "lineBreak": "\n",
            "lineHeight": LINE,
        },
        "encoding": {
            "x": {"value": x},
            "text": {"field": "answer"},
            "color": {"value": colours.ink},
        },
    }


def title_in(question: dict[str, Any], findings: list[Finding], colours: Theme) -> dict[str, Any]:
    facts = [base_of(question)]
    if question.get("answer_type") == AnswerType.MULTIPLE:
        facts.append("several answers could be chosen")
    if findings and all(each.share is None for each in findings):
        facts.append("by rank; how often is not known")
    if len(findings) > MOST_BARS:
        facts.append(f"the first {MOST_BARS} of {len(findings)} answers")
    said = "; ".join(filter(None, facts))
    return {
        "text": lines(title_of(question)),
        "subtitle": lines(said[:1].upper() + said[1:]),
        "anchor": "start",
        "frame": "bounds",
        "offset": 14,
        "color": colours.ink,
        "subtitleColor": colours.quiet,
    }


def lines(text: str) -> list[str]:
    return wrapped(text, TITLE_CHARACTERS, most=4).split("\n")


def base_of(question: dict[str, Any]) -> str:
    base = question.get("base_size")
    return f"{base} {'person' if base == 1 else 'people'} answered" if base else ""


def config_of(colours: Theme) -> dict[str, Any]:
    return {
        "background": colours.paper,
        "font": FONT,
        "padding": 16,
        "view": {"stroke": None},
        "text": {"fontSize": 13},
        "title": {
            "fontSize": 16,
            "fontWeight": "bold",
            "lineHeight": 20,
            "subtitleFontSize": 13,
            "subtitleLineHeight": 17,
            "subtitlePadding": 6,
        },
        "aria": False,
    }
