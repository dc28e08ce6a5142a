"""A page at its own address, in the form that whoever asks prefers: for people, or as Markdown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from cms.feeds.markdown import MARKDOWN, markdown
from cms.preview.public import page

__all__ = ["page_as_accepted"]

HTML = "text/html"
SAFE = {"GET", "HEAD"}
# Who does not care, and who cares for both alike, gets the first.
FORMS = [HTML, MARKDOWN]


def page_as_accepted(request: HttpRequest, path: str) -> HttpResponse:
    preferred = request.get_preferred_type(FORMS) if request.headers.get("Accept") else HTML
    if preferred == MARKDOWN and request.method in SAFE:
        response = markdown(request, path=path)
        if response.status_code < 300:
            response["Content-Location"] = f"/{path}index.md"
    else:
        response = page(request, path)
    if preferred is None and response.status_code == 200:
        text = f"This page is had as {' and '.join(FORMS)}.\n"
        response = HttpResponse(text, content_type="text/plain; charset=utf-8", status=406)
    patch_vary_headers(response, ["Accept"])
    return response
