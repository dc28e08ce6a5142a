"""What is known of an answer: a share, or only its place among the others."""

from django.db import models

__all__ = ["AnswerType", "FigureBasis", "FigureQualifier"]


class AnswerType(models.TextChoices):
    """How many options one respondent could choose."""

    EXCLUSIVE = "exclusive", "One option only"
    MULTIPLE = "multiple", "Several options"


class FigureBasis(models.TextChoices):
    """Whether a finding is a number or only an order."""

    MEASURED = "measured", "Measured: the share is known"
    RANKED = "ranked", "Ranked: only its place among the options is known"


class FigureQualifier(models.TextChoices):
    """How a share is to be read."""

    EXACTLY = "exactly", "exactly"
    OVER = "over", "over"
    UNDER = "under", "under"
    ABOUT = "about", "about"
