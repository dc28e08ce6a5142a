"""Leads whoever would approve unseen to the screen that shows what changes."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from cms.approvals.looking import NotLookedAt
from cms.approvals.review import review_url

__all__ = ["LookFirstMiddleware"]


class LookFirstMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """In the transaction that is undone: what it reads here was not decided."""
        if not isinstance(exception, NotLookedAt):
            return None
        messages.warning(request, "Nothing was approved yet: look at what changes, and decide.")
        address = review_url(exception.step)
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            # As Wagtail's dialogs read what a view answers.
            return JsonResponse({"step": "success", "redirect": address})
        return redirect(address)
