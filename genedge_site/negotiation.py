"""A page at its own address, in the form that whoever asks prefers: for people, or as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.http.request import MediaType
from django.utils.cache import patch_vary_headers

from cms.feeds.markdown import FILE, MARKDOWN, markdown
from cms.preview.public import page

__all__ = ["page_as_accepted"]

HTML = "text/html"
# Who cares for both alike gets the first.
FORMS = (HTML, MARKDOWN)
SAFE = {"GET", "HEAD"}


def page_as_accepted(request: HttpRequest, path: str) -> HttpResponse:
    preferred = preferred_of(request.headers.get("Accept", ""))
    if preferred == MARKDOWN and request.method in SAFE:
        response = markdown(request, path=path)
        if response.status_code == 200:
            response["Content-Location"] = f"/{path}{FILE}"
    else:
        response = page(request, path)
    if preferred is None and response.status_code == 200:
        text = f"This page is had as {' or '.join(FORMS)}.\n"
        response = HttpResponse(text, content_type="text/plain; charset=utf-8", status=406)
    patch_vary_headers(response, ["Accept"])
    return response


def preferred_of(accept: str) -> str | None:
    """The form with the highest quality (RFC 9110, 12.5.1); None if the header refuses both.

    Of two alike, the one that is named goes before one that is only meant by an asterisk, and then
    the one that is named first. Django's own takes what is refused with ``q=0`` for meant by those.
    """
    ranges = [MediaType(each) for each in accept.split(",") if each.strip()]
    if not ranges:
        return HTML
    liked = {form: liking_of(form, ranges) for form in FORMS}
    best = max(FORMS, key=lambda form: liked[form])
    return best if liked[best][0] > 0 else None


def liking_of(form: str, ranges: Iterable[MediaType]) -> tuple[float, int, int]:
    """By the range that says most about a form: its quality, how much it says, and its place.

    There is one of each, whatever charset or level is asked for.
    """
    main_type, _, sub_type = form.partition("/")
    fitting = [
        (each.specificity, -place, each.quality)
        for place, each in enumerate(ranges)
        if each.main_type in {main_type, "*"} and each.sub_type in {sub_type, "*"}
    ]
    specificity, place, quality = max(fitting, default=(0, 0, 0.0))
    return quality, specificity, place
