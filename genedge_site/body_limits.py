"""How large the body of a request may be: by its address, and at some by who sends it."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest, HttpResponse, parse_cookie
from django.urls import Resolver404, resolve

from cms.admin.refusals.too_large import too_large
from cms.admin.requests import is_admin
from cms.api.http.file_addresses import largest_body
from cms.api.http.requests import is_api, is_form_file
from genedge_site.bridge.environ import Environ

__all__ = ["AddressLimits", "BodyLimitMiddleware"]

# Forms for everyone: signing in, a password of a page, what a form page asks.
ANYONE = 200_000
# The other fields of a form with files, and what stands between them.
AROUND_A_FILE = 1_000_000

# Where files are sent: the names of views, or of all that are in a namespace.
UPLOADS = {
    "wagtailimages",
    "wagtailimages_chooser",
    "wagtaildocs",
    "wagtaildocs_chooser",
    "wagtailredirects_start_import",
    "wagtailadmin_account",
}


def limit_at(path: str, *, is_signed_in: bool) -> int:
    if is_api(path):
        return settings.GRAPHQL_MAX_BODY_SIZE
    if is_form_file(path):
        return largest_body(path) or ANYONE
    if not is_signed_in or not is_admin(path):
        return ANYONE
    if takes_files(path):
        largest = max(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE, settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)
        return largest + AROUND_A_FILE
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def takes_files(path: str) -> bool:
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return not UPLOADS.isdisjoint({found.namespace, found.view_name})


class AddressLimits:
    """The limits, as the bridge asks for them before it has read a body."""

    def for_anyone(self, environ: Environ) -> int:
        return limit_at(environ["PATH_INFO"], is_signed_in=False)

    def for_sender(self, environ: Environ) -> int:
        request = HttpRequest()
        key = parse_cookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
        close_old_connections()
        try:
            user = get_user(request)
        except DatabaseError:
            # The application meets it too, and says so.
            return self.for_anyone(environ)
        finally:
            close_old_connections()
        return limit_at(environ["PATH_INFO"], is_signed_in=user.is_authenticated)


class BodyLimitMiddleware:
    """Refuses what is too large before anything reads it. The API does so by itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        size = int(length) if length.isdecimal() else 0
        if size <= ANYONE:
            return self.get_response(request)
        limit = limit_at(request.path, is_signed_in=request.user.is_authenticated)
        if size <= limit:
            return self.get_response(request)
        return too_large(request, f"This is too large: send at most {limit // 1000:,} kB at once.")
