"""One question's findings, read from its block once: each answer, its rank and its figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pages.blocks import stored_items
from pages.findings.kinds import FigureBasis, FigureQualifier

__all__ = ["Finding", "display_figure", "findings_of", "title_of"]


@dataclass(frozen=True)
class Finding:
    """``share`` is None where only the rank is known, which equal answers have in common."""

    text: str
    rank: int
    share: Decimal | None
    figure: str | None
    count: int | None
    note: str

    @property
    def is_exact(self) -> bool:
        return self.share is not None and self.figure == display_share(self.share)


def findings_of(question: dict[str, Any]) -> list[Finding]:
    """Options named in one breath share a rank."""
    found: list[Finding] = []
    for position, (_, option) in enumerate(stored_items(question.get("options")), start=1):
        is_tied = found and option.get("tied_with_previous")
        figure = display_figure(option)
        found.append(
            Finding(
                text=option.get("text") or "",
                rank=found[-1].rank if is_tied else position,
                share=None if figure is None else Decimal(str(option["percentage"])),
                figure=figure,
                count=None if figure is None else option.get("count"),
                note=option.get("note") or "",
            )
        )
    return found


def display_figure(option: dict[str, Any]) -> str | None:
    """A measured option's share as readers should see it: ``over 70%``; None when ranked."""
    if option.get("basis") != FigureBasis.MEASURED or option.get("percentage") is None:
        return None
    figure = display_share(Decimal(str(option["percentage"])))
    if option.get("qualifier") in (None, "", FigureQualifier.EXACTLY):
        return figure
    return f"{option['qualifier']} {figure}"


def display_share(share: Decimal) -> str:
    return f"{share.normalize():f}%"


def title_of(question: dict[str, Any]) -> str:
    """What was asked, or the topic where that is not known."""
    return question.get("question") or question.get("heading") or ""
