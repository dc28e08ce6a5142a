"""The colours and letters of charts. Each pair that is read together has a contrast of 4.5."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

__all__ = ["FONT", "ChartTheme", "Theme"]

# What is there of these is taken: a chart brings no font along.
FONT = "Inter, 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"


@dataclass(frozen=True)
class Theme:
    paper: str
    ink: str
    quiet: str
    rule: str
    accent: str
    # Of several answers, told apart by more than colour wherever they are drawn.
    series: tuple[str, ...]


LIGHT = Theme(
    paper="#ffffff",
    ink="#1d2433",
    quiet="#56607a",
    rule="#d5dae4",
    accent="#1f4fd8",
    series=("#1f4fd8", "#a3360a", "#0b6b4f", "#7a2fb0", "#7d5700", "#56607a"),
)
DARK = Theme(
    paper="#12161f",
    ink="#f2f4f8",
    quiet="#b3bccd",
    rule="#333b4d",
    accent="#7ea6ff",
    series=("#7ea6ff", "#ff9d76", "#5fd3ab", "#cf9dff", "#e6c05c", "#b3bccd"),
)


class ChartTheme(models.TextChoices):
    """On which ground a chart stands."""

    LIGHT = "light", "Dark letters on white."
    DARK = "dark", "Light letters on near black."


THEMES = {str(ChartTheme.LIGHT): LIGHT, str(ChartTheme.DARK): DARK}
