"""What is answered while the database cannot be used, wherever a request finds out."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from cms.api.http.form_files import not_now
from cms.api.http.requests import is_api, is_form_file
from cms.api.http.views import unavailable
from cms.database.outage import note, noted, reason

__all__ = ["OutageMiddleware"]

logger = logging.getLogger(__name__)

SECONDS_TO_RETRY = 5
SECONDS_BETWEEN_RECORDS = 10


class OutageMiddleware:
    """Answers 503: in JSON to those who ask the API, in a sentence to people.

    It stands outside of all that asks the database. What a view raises it is given; what other
    middleware raises has become an answer of 500 by then, and was noted by ``note_error``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self.recorded_at = float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        error = noted(request)
        if error is None:
            return response
        self.record(error)
        return answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        note(request, exception)
        return answer(request) if noted(request) else None

    def record(self, error: BaseException) -> None:
        """Not for each of thousands of readers."""
        now = time.monotonic()
        if now - self.recorded_at > SECONDS_BETWEEN_RECORDS:
            self.recorded_at = now
            logger.error("The database cannot be used, so requests fail: %s", reason(error))


@receiver(got_request_exception, dispatch_uid="genedge_site.outage")
def note_error(request: HttpRequest | None = None, **kwargs: Any) -> None:
    # Sent while the exception is being handled.
    note(request, sys.exc_info()[1])


def answer(request: HttpRequest) -> HttpResponse:
    if is_api(request.path_info):
        response = unavailable(request)
    elif is_form_file(request.path_info):
        response = not_now()
    else:
        # Without the request: who is signed in, say, is known to the database alone.
        page = render_to_string("admin/unavailable.html", {"sent": request.method == "POST"})
        response = HttpResponse(page, status=503)
    response["Retry-After"] = str(SECONDS_TO_RETRY)
    response["Cache-Control"] = "no-store"
    return response
