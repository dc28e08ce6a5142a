"""Requests of the admin that make no sense, such as the number of a page that is no number."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from json import JSONDecodeError

from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import InvalidPage
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch
from django.utils.datastructures import MultiValueDictKeyError

from cms.admin.requests import is_admin

__all__ = ["BadRequestMiddleware"]

log = logging.getLogger("django.request")

# A field that is missing, a text that is no JSON, a page of a list that it has not, and numbers and
# characters that no column holds.
ABOUT_WHAT_WAS_SENT = (
    MultiValueDictKeyError,
    JSONDecodeError,
    InvalidPage,
    OverflowError,
    DataError,
)
# If they quote it.
PERHAPS_ABOUT_IT = (ValueError, ValidationError, NoReverseMatch)


class BadRequestMiddleware:
    """Says so with 400. Wagtail's views take it that only their own forms are sent, and fail.

    The traceback is logged: the mistake could be in a form of ours after all.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if not is_admin(request.path):
            return
        if is_about_what_was_sent(request, exception):
            log.warning("Makes no sense: %r", request.path, exc_info=exception)
            raise BadRequest("What was sent makes no sense.") from exception


def is_about_what_was_sent(request: HttpRequest, exception: Exception) -> bool:
    if isinstance(exception, ABOUT_WHAT_WAS_SENT):
        return True
    if not isinstance(exception, PERHAPS_ABOUT_IT):
        return False
    said = " ".join(getattr(exception, "messages", None) or [str(exception)])
    return any(repr(value) in said or f"“{value}”" in said for value in sent(request))


def sent(request: HttpRequest) -> Iterator[str]:
    for fields in (request.GET, request.POST):
        for _, values in fields.lists():
            yield from map(str, values)
