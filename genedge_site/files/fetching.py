"""What is sent from a bucket is there before its answer begins, or the answer is a 503."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from wagtail.coreutils import string_to_ascii

from cms.admin.requests import is_admin, is_by_dialog
from cms.api.http.requests import is_api
from cms.api.http.views import unavailable
from media.media_types import media_type_of
from media.stored_files import FilesUnavailable

__all__ = [
    "FetchMiddleware",
    "document_from_bucket",
    "picture_from_bucket",
]

logger = logging.getLogger(__name__)

SECONDS_TO_RETRY = 5
SECONDS_BETWEEN_RECORDS = 10
SENTENCE = "The files of this site cannot be reached just now. Please try again in a minute."
NOT_DONE = (
    "The files of this site cannot be reached just now, so nothing was saved. Please try again in a"
    " minute."
)


def picture_from_bucket(request: HttpRequest, bucket: Any, name: str) -> HttpResponseBase:
    try:
        file = bucket.open(name)
    except FileNotFoundError:
        raise Http404 from None
    return completed(request, FileResponse(file, content_type=media_type_of(name)), file)


def document_from_bucket(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """As Wagtail answers with it, and with what it adds to a file on disk."""
    if not isinstance(response, FileResponse):
        return response
    file = response.file_to_stream = response.file_to_stream.file
    kind = response["Content-Disposition"].partition(";")[0]
    response["Content-Disposition"] = named(kind, file.name.rpartition("/")[2])
    return completed(request, response, file)


def named(kind: str, name: str) -> str:
    plain = string_to_ascii(name)
    also = "" if plain == name else f"; filename*=UTF-8''{quote(name)}"
    return f'{kind}; filename="{plain}"{also}'


def completed(request: HttpRequest, response: FileResponse, file: Any) -> HttpResponseBase:
    modified = int(file.modified.timestamp())
    response["Last-Modified"] = http_date(modified)
    response.headers.setdefault("ETag", file.etag)
    response.bucket_file = file
    return get_conditional_response(
        request, etag=response["ETag"], last_modified=modified, response=response
    )


class FetchMiddleware:
    """Stands outside of what decides which parts are sent, and answers for whoever asks the bucket.

    A reader who is slow holds no thread meanwhile, and none who is quick holds a connection to the
    database while the bucket is slow.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response
        self.recorded_at = float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        file = getattr(response, "bucket_file", None)
        if file is None:
            return response
        if request.method == "HEAD":
            put_content(response, iter(()))
            return response
        if not connection.in_atomic_block:
            connection.close()
        try:
            # Of all of it or of parts, as they were asked for.
            put_content(response, file.spooled(content_of(response, file)))
        except FilesUnavailable as problem:
            file.close()
            return self.answer(request, problem)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, FilesUnavailable):
            return self.answer(request, exception)
        return None

    def answer(self, request: HttpRequest, problem: FilesUnavailable) -> HttpResponse:
        self.record(problem)
        response = answer(request)
        response["Retry-After"] = str(SECONDS_TO_RETRY)
        response["Cache-Control"] = "no-store"
        return response

    def record(self, problem: FilesUnavailable) -> None:
        """Not for each of thousands of readers."""
        now = time.monotonic()
        if now - self.recorded_at > SECONDS_BETWEEN_RECORDS:
            self.recorded_at = now
            logger.error("Uploads cannot be used, so requests fail: %s.", problem.strerror)


def content_of(response: Any, file: Any) -> Any:
    """The whole file is fetched as it comes; in parts, those alone."""
    return file.pieces() if response.file_to_stream is file else response.streaming_content


def put_content(response: Any, content: Any) -> None:
    """With the headers that it has: Django would write some anew."""
    headers = dict(response.headers)
    response.streaming_content = content
    for name in [*response.headers]:
        del response[name]
    for name, value in headers.items():
        response[name] = value


def answer(request: HttpRequest) -> HttpResponse:
    sentence = NOT_DONE if request.method == "POST" else SENTENCE
    if is_api(request.path_info):
        return unavailable(request)
    if is_admin(request.path) and is_by_dialog(request):
        return JsonResponse({"success": False, "error_message": sentence}, status=503)
    if is_admin(request.path):
        page = render_to_string("admin/files_unavailable.html", {"sentence": sentence})
        return HttpResponse(page, status=503)
    return HttpResponse(f"{sentence}\n", status=503, content_type="text/plain; charset=utf-8")
