"""Each page as Markdown, at its address with ``index.md`` behind it, where a redirect leads too.

No page can stand there: a slug has no point.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.encoding import iri_to_uri
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from cms.api.operations import OperationContext
from cms.feeds.answers import Written, answered_as, sites_of
from cms.feeds.asking import ask

__all__ = ["FILE", "MARKDOWN", "markdown"]

MARKDOWN = "text/markdown"
FILE = "index.md"

PAGE = """
query ($path: String!) {
  page(path: $path) { locale seo { canonical robots } markdown(frontMatter: true) }
}
"""
ROUTE = """
query ($path: String!) {
  route(path: $path) { redirect { permanent target page { path url } } }
}
"""


@answered_as(MARKDOWN)
def page_as_markdown(context: OperationContext, parameters: Any, path: str) -> Written:
    found = ask(context, PAGE, path=f"/{path}")["page"]
    if found is None:
        raise Http404("There is no page here.")
    # Search engines should lead people to the page itself.
    canonical = iri_to_uri(found["seo"]["canonical"])
    headers = {
        "Link": f'<{canonical}>; rel="canonical"',
        "Content-Language": found["locale"],
        "X-Robots-Tag": found["seo"]["robots"],
    }
    return Written(found["markdown"].encode(), headers)


@csrf_exempt  # So that POST is answered as what is not done here.
@require_safe
def markdown(request: HttpRequest, path: str) -> HttpResponse:
    try:
        return page_as_markdown(request, path=path)
    except Http404:
        return redirect_of(request, path)


def redirect_of(request: HttpRequest, path: str) -> HttpResponse:
    """From where a page was to where its Markdown is. Raises ``Http404`` where there is none."""
    query = request.META.get("QUERY_STRING")
    asked = f"/{path}?{query}" if query else f"/{path}"
    found = ask(OperationContext(sites_of(request)), ROUTE, path=asked)["route"]["redirect"]
    if found is None:
        raise Http404("There is no page here.")
    page, target = found["page"], found["target"]
    if page:
        stays = target.startswith("/")
        target = f"{page['path'] if stays else page['url']}{FILE}"
    return redirect(target, permanent=found["permanent"])
