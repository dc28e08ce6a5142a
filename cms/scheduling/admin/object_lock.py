"""Requests that write one object wait for each other, from before any of them reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from wagtail.models import Page

from cms.perspective.objects import base_model
from cms.scheduling.locks import lock_rows

__all__ = ["ObjectLockMiddleware"]

# How the admin's addresses name pages that a request writes to, or puts others beneath.
PAGE_ARGUMENTS = ("page_id", "page_to_move_id", "destination_id", "parent_page_id")
SNIPPETS = "wagtailsnippets_"
BULK_ACTION = "wagtail_bulk_action"


class ObjectLockMiddleware:
    """The rows that a request of the admin writes are locked in one transaction around its view.

    Wagtail's views read an object, and then write all of it: what another request, or a scheduler,
    has written in between would be undone. A save that comes late, as a browser saves by itself,
    then reads what was published meanwhile, and Wagtail refuses it since a newer version is there.
    What a view had written before it failed is undone with the rest.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        written = rows_written(request)
        if not written:
            return self.get_response(request)
        with transaction.atomic():
            lock_rows(written)
            request.has_failed = False
            response = self.get_response(request)
            if request.has_failed or response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: Any, exception: Exception) -> None:
        request.has_failed = True


def rows_written(request: HttpRequest) -> set[tuple[type[Model], Any]]:
    """The base model and key of each object that an address of the admin names."""
    admin = reverse("wagtailadmin_home")
    if request.method != "POST" or not request.path_info.startswith(admin):
        return set()
    if not request.user.is_authenticated:
        return set()
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return set()
    if (match.url_name or "").startswith("preview"):
        return set()  # It writes to the session alone.
    return set(objects_named(match, request))


def objects_named(match: ResolverMatch, request: HttpRequest) -> Iterator[tuple[type[Model], Any]]:
    for name in PAGE_ARGUMENTS:
        if name in match.kwargs:
            yield Page, match.kwargs[name]
    namespace = match.namespaces[-1] if match.namespaces else ""
    if namespace.startswith(SNIPPETS) and "pk" in match.kwargs:
        app_label, _, model_name = namespace.removeprefix(SNIPPETS).partition("_")
        model = apps.get_model(app_label, model_name)
        yield base_model(model), unquote(str(match.kwargs["pk"]))
    if match.url_name == BULK_ACTION:
        model = apps.get_model(match.kwargs["app_label"], match.kwargs["model_name"])
        keys = (key for key in request.GET.getlist("id") if key.isdecimal())
        yield from ((base_model(model), int(key)) for key in keys)
