"""Tells editors why something was not done, whichever way they tried."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from cms.admin.requests import is_by_dialog

__all__ = ["Refusal", "RefusalMiddleware"]


class Refusal(Exception):
    """Raised where rows are written, when what the screen showed may be no longer true."""

    # In sentences.
    reasons: list[str]
    # For programs.
    code: str
    status = 409
    level = messages.ERROR
    # The screen to go on from, if not the one that was sent.
    address = ""


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """In the transaction that is undone: what it reads here was not decided."""
        if not isinstance(exception, Refusal):
            return None
        said = " ".join(exception.reasons)
        is_api = request.path.startswith(f"{reverse('wagtailadmin_home')}api/")
        if is_api or (is_by_dialog(request) and not exception.address):
            problem = {"success": False, "code": exception.code, "error_message": said}
            return JsonResponse(problem, status=exception.status)
        messages.add_message(request, exception.level, said)
        if is_by_dialog(request):
            # As Wagtail's dialogs read what a view answers.
            return JsonResponse({"step": "success", "redirect": exception.address})
        return redirect(exception.address or request.get_full_path())
