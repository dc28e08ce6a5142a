"""What is published of counts: shares in one of several finenesses, or only the order."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models

from cms.survey.tallies import Tally
from pages.findings.kinds import FigureBasis, FigureQualifier

__all__ = ["MOST_OPTIONS", "SMALLEST_BASE", "FiguresAs", "options_of", "problem_of"]

# Of fewer people what is published could tell what one of them said.
SMALLEST_BASE = 5
# More are not answers to choose among, and no chart.
MOST_OPTIONS = 60
LONGEST_OPTION = 200
STEP = 5


class FiguresAs(models.TextChoices):
    """How fine the figures are."""

    WHOLE = "whole", "Whole per cent: 66%"
    TENTHS = "tenths", "Tenths of a per cent: 65.9%"
    OVER = "over", "The five per cent beneath: over 65%"
    ORDER = "order", "Only the order, without figures"


TO = {FiguresAs.WHOLE: Decimal(1), FiguresAs.TENTHS: Decimal("0.1")}


def problem_of(tally: Tally) -> str | None:
    """Why nothing is published of this, in a sentence."""
    if tally.base < SMALLEST_BASE:
        people = "person" if tally.base == 1 else "people"
        return (
            f"Answered by {tally.base} {people}. Nothing is published of fewer than"
            f" {SMALLEST_BASE}, since it could tell what one of them said."
        )
    if len(tally.counts) > MOST_OPTIONS:
        return (
            f"Has {len(tally.counts)} different answers, and a highlight at most {MOST_OPTIONS}."
            " Is it a question with choices?"
        )
    if any(len(text) > LONGEST_OPTION for text, _ in tally.counts):
        return f"Has an answer of more than {LONGEST_OPTION} characters: shorten the choice."
    return None


def options_of(tally: Tally, figures: FiguresAs) -> Iterable[dict[str, Any]]:
    """Most chosen first. What was chosen equally often shares a rank, in the order of the choices.

    Each share is rounded by itself, half up, so that they may add up to a little more or less.
    """
    ordered = sorted(tally.counts, key=lambda counted: -counted[1])
    before = None
    for text, count in ordered:
        yield {
            "text": text,
            **figure_of(count, tally.base, figures),
            "tied_with_previous": count == before,
            "note": "",
        }
        before = count


def figure_of(count: int, base: int, figures: FiguresAs) -> dict[str, Any]:
    """How many it were is only told where the share is."""
    if figures is FiguresAs.ORDER:
        return {
            "basis": str(FigureBasis.RANKED),
            "qualifier": "",
            "percentage": None,
            "count": None,
        }
    share = Decimal(count) * 100 / base
    qualifier, shown = FigureQualifier.EXACTLY, share
    if figures is FiguresAs.OVER:
        shown = (share / STEP).to_integral_value(ROUND_FLOOR) * STEP
        if shown == 0 and share:
            qualifier, shown = FigureQualifier.UNDER, Decimal(STEP)
        elif shown != share:
            qualifier = FigureQualifier.OVER
    else:
        shown = share.quantize(TO[figures], ROUND_HALF_UP)
    return {
        "basis": str(FigureBasis.MEASURED),
        "qualifier": str(qualifier),
        "percentage": f"{shown.normalize():f}",
        "count": None if figures is FiguresAs.OVER else count,
    }
