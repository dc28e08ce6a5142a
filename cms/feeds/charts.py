"""A chart of a survey as SVG, for ``<img>`` and mails: as public as the page that shows it.

An address has the digest of what is drawn. One of figures that changed since, as a mail that was
sent has it, leads to the chart as it is now; of what readers do not see there is none. So nobody
can have anything drawn but what the page shows, each once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.models import Page

from cms.api.operations import OperationContext
from cms.api.reading.ids import id_for
from cms.feeds.answers import Moved, Written, answered_as
from cms.feeds.asking import Refused, ask
from pages.addresses import in_cms
from pages.findings.drawing import NotDrawn, drawn
from pages.findings.themes import ChartTheme

__all__ = ["chart"]

CHARTS = """
query ($id: ID!, $theme: ChartTheme!) {
  page(id: $id) {
    ... on SurveyPage {
      questions { chart { ...Drawn } }
      earlierWaves { questions { chart { ...Drawn } } }
      comparisons { chart { ...Drawn } }
    }
  }
}
fragment Drawn on Chart { svgUrl(theme: $theme) vegaLite(theme: $theme) }
"""
# It runs and fetches nothing, also where it is opened by itself.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
}


def refused_while_not_drawn(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def chart_or_refusal(request: HttpRequest, **arguments: Any) -> HttpResponse:
        try:
            return view(request, **arguments)
        except NotDrawn:
            sentence = "This chart cannot be drawn at the moment: its page has it as a table."
            return HttpResponse(sentence, "text/plain", 503, headers={"Retry-After": "60"})

    return chart_or_refusal


@refused_while_not_drawn
@answered_as("image/svg+xml")
def chart(
    context: OperationContext, parameters: Any, page: int, name: str, theme: str, digest: str
) -> Written | Moved:
    if theme not in ChartTheme.values:
        raise Http404("There is no such chart.")
    wanted = in_cms(reverse("chart", args=[page, name, theme, digest]))
    same = wanted.removesuffix(f"{digest}.svg")
    shown = charts_of(context, page, ChartTheme(theme))
    for each in shown:
        if each["svgUrl"] == wanted:
            return Written(drawn(each["vegaLite"]), HEADERS)
    for each in shown:
        if each["svgUrl"].startswith(same):
            return Moved(each["svgUrl"])
    raise Http404("There is no such chart.")


def charts_of(context: OperationContext, page: int, theme: ChartTheme) -> list[dict[str, Any]]:
    try:
        found = ask(context, CHARTS, id=id_for(Page, page), theme=theme.name)["page"]
    except Refused as refused:
        raise Http404("There is no such chart.") from refused
    if not found:
        raise Http404("There is no such chart.")
    waves = [each["questions"] for each in found.get("earlierWaves", [])]
    asked = [found.get("questions", []), *waves, found.get("comparisons", [])]
    return [each["chart"] for questions in asked for each in questions if each]
