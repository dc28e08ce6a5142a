"""The shares of answers from wave to wave, as Vega-Lite."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from pages.findings.findings import title_of
from pages.findings.themes import THEMES
from pages.findings.vega import SCHEMA, config_of, lines
from pages.findings.wrapping import wrapped
from pages.xml_texts import speakable

__all__ = ["waves_specification"]

# As many as there are colours that are told apart.
MOST_LINES = 6
WAVE_WIDTH, HEIGHT = 130, 220
SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
ANSWER_CHARACTERS = 60
# Between two figures, in points.
ROOM = 10


def waves_specification(
    question: dict[str, Any],
    names: list[str],
    answers: list[dict[str, Any]],
    alternative: str,
    theme: str,
) -> dict[str, Any]:
    """A line an answer, and the latest share at its end; waves without a share leave a gap."""
    colours = THEMES[theme]
    measured = [
        each for each in answers if any(point["percentage"] is not None for point in each["points"])
    ]
    shown = measured[:MOST_LINES]
    said = "Share of those who answered, by wave"
    if len(measured) > len(shown):
        said += f"; the first {MOST_LINES} of {len(measured)} answers"
    share = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 100]},
        "axis": {"title": None, "labelExpr": "datum.label + '%'", "tickCount": 5},
    }
    told_apart = {
        "field": "answer",
        "type": "nominal",
        "sort": None,
        "scale": {"range": list(colours.series)},
        "legend": {"title": None, "orient": "bottom", "columns": 1, "labelLimit": 420},
    }
    shapes = {**told_apart, "scale": {"range": SHAPES}, "legend": None}
    specified = {
        "$schema": SCHEMA,
        "description": alternative,
        "title": {
            "text": lines(title_of(question)),
            "subtitle": lines(said),
            "anchor": "start",
            "frame": "bounds",
            "offset": 14,
            "color": colours.ink,
            "subtitleColor": colours.quiet,
        },
        "data": {"values": list(values(shown, names))},
        "width": WAVE_WIDTH * len(names),
        "height": HEIGHT,
        "encoding": {
            "x": {
                "field": "wave",
                "type": "ordinal",
                "sort": None,
                "axis": {"title": None, "labelAngle": 0, "labelLimit": WAVE_WIDTH},
            },
            "y": share,
            "color": told_apart,
            "shape": shapes,
        },
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 2.5}},
            {"mark": {"type": "point", "filled": True, "size": 80, "opacity": 1}},
            {
                "mark": {"type": "text", "dy": -12, "fontWeight": "bold"},
                "encoding": {"text": {"field": "shown"}},
            },
        ],
        "config": {
            **config_of(colours),
            "axis": {
                "labelColor": colours.quiet,
                "labelFontSize": 13,
                "gridColor": colours.rule,
                "domainColor": colours.rule,
                "tickColor": colours.rule,
            },
            "legend": {"labelColor": colours.ink, "labelFontSize": 13, "symbolSize": 80},
        },
    }
    # The engine that draws does not refuse a text that XML cannot carry: it ends.
    return speakable(specified)


def values(answers: list[dict[str, Any]], names: list[str]) -> Iterator[dict[str, Any]]:
    """What is told apart by its name alone has one of its own."""
    texts = distinct([wrapped(each["text"], ANSWER_CHARACTERS, most=1) for each in answers])
    for place, name in enumerate(distinct(names)):
        points = [each["points"][place] for each in answers]
        told = figures_with_room(points)
        for text, point in zip(texts, points, strict=True):
            figure = point["figure"] if point["percentage"] in told else ""
            yield {"answer": text, "wave": name, "share": point["percentage"], "shown": figure}


def figures_with_room(points: list[dict[str, Any]]) -> set[float]:
    """Of shares that are close together the largest: the table has them all."""
    told: list[float] = []
    shares = {point["percentage"] for point in points} - {None}
    for share in sorted(shares, reverse=True):
        if not told or told[-1] - share >= ROOM:
            told.append(share)
    return set(told)


def distinct(names: list[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        numbers = (f"{name} ({number})" for number in count(2))
        found.append(name if name not in found else next(n for n in numbers if n not in found))
    return found
