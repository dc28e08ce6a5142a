"""A chart as the API gives it: for libraries, as a picture, as a table and in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import graphene
from django.urls import reverse

from pages.addresses import in_cms
from pages.findings.drawing import digest_of
from pages.findings.sentences import finding_in_words
from pages.findings.tables import AccessibleTable, accessible_table
from pages.findings.themes import ChartTheme
from pages.findings.vega import specification
from pages.types import choice_enum

__all__ = ["Chart", "Charted", "chart_of"]


@dataclass(frozen=True)
class Charted:
    """``name`` tells it apart from the other charts of its page, also when its figures change."""

    page: int | None
    name: str
    alternative: str
    table: dict[str, Any]
    specify: Callable[[str], dict[str, Any]]

    def address(self, theme: str) -> str:
        digest = digest_of(self.specify(theme))
        return in_cms(reverse("chart", args=[self.page or 0, self.name, theme, digest]))


class VegaLite(graphene.Scalar):
    """A chart as [Vega-Lite](https://vega.github.io/vega-lite/), an object of JSON.

    For `vega-embed` and whatever else draws it. It names no address, and no text in it is read as
    an expression.
    """

    class Meta:
        specified_by_url = "https://vega.github.io/schema/vega-lite/v6.json"

    @staticmethod
    def serialize(value):
        return value


def theme_argument() -> graphene.Argument:
    return graphene.Argument(
        graphene.NonNull(choice_enum(ChartTheme)),
        default_value=str(ChartTheme.LIGHT),
        description="The ground that it stands on.",
    )


class Chart(graphene.ObjectType):
    """Findings to look at, and what says the same to those who cannot."""

    vega_lite = graphene.Field(
        VegaLite,
        required=True,
        theme=theme_argument(),
        description="The chart with its data, for libraries that draw it.",
    )
    svg_url = graphene.String(
        required=True,
        theme=theme_argument(),
        description="Absolute address of the chart as SVG, for `<img>` and mails. It is as public"
        " as its page: in a preview of what is not, draw `vegaLite`.",
    )
    alternative = graphene.String(
        required=True, description="What the chart shows, in sentences: its `alt`."
    )
    table = graphene.Field(
        AccessibleTable, required=True, description="All that the chart shows, as a table."
    )

    @staticmethod
    def resolve_vega_lite(chart, info, theme):
        return chart.specify(theme)

    @staticmethod
    def resolve_svg_url(chart, info, theme):
        return chart.address(theme)


def chart_of(question: Any) -> Charted:
    """Of a question as the API holds it: within a field of a page, or of a wave."""
    holder = question.holder
    while not hasattr(holder, "pk"):
        holder = holder.holder
    value = question.value
    return Charted(
        page=holder.pk,
        name=question.key,
        alternative=finding_in_words(value),
        table=accessible_table(value),
        specify=lambda theme: specification(value, theme),
    )
