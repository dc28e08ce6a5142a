"""The site's own addresses: pages and redirects as the API answers them, and nothing else.

Wagtail's own view looks for a page in the tree as it is stored, and only then who may read it: it
asks for a password or to sign in, which tells that there is a page. Its redirects lead to hidden
pages. Here a page that readers may not see is answered as none is, from the same statements.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cms.api.operations import OperationContext, run_operation
from cms.api.reading.sites import Sites, UnknownSite
from cms.perspective.perspectives import PUBLISHED_NOW
from cms.preview.rendering import render_from

__all__ = ["RedirectMiddleware", "page"]

ROUTE = "query ($path: String!) { route(path: $path) { redirect { permanent target } } }"


def page(request: HttpRequest, path: str) -> HttpResponse:
    return render_from(request, f"/{path}", PUBLISHED_NOW)


class RedirectMiddleware:
    """Leads on from an address where nothing is found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404:
            return response
        return redirect_of(request) or response


def redirect_of(request: HttpRequest) -> HttpResponse | None:
    try:
        context = OperationContext(Sites(request))
    except UnknownSite:
        return None
    path = request.get_full_path()
    answer = run_operation(ROUTE, context=context, variables={"path": path}).body
    found = answer["data"]["route"]["redirect"]
    return redirect(found["target"], permanent=found["permanent"]) if found else None
