"""Counts what is tried at forms that django-axes does not know of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.http import HttpRequest, HttpResponse

from cms.admin.sign_in.attempts import account_key, mail_key, too_many_attempts
from cms.admin.sign_in.password_views import LOST_PASSWORD, SHARED_PASSWORD

__all__ = ["PasswordAttemptsMiddleware"]


class PasswordAttemptsMiddleware:
    """An attempt counts before its form is read, and no longer once the password was right.

    Each request for a lost password's mail counts: it succeeds for all that anyone can see.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        tried = getattr(request, "password_tried_for", None)
        if tried and response.status_code == 302:
            AxesProxyHandler.get_implementation().forget(tried, request.axes_ip_address)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name
        if request.method != "POST" or name not in {*LOST_PASSWORD, *SHARED_PASSWORD}:
            return None
        if name in LOST_PASSWORD:
            account = mail_key(request.POST.get("email"))
        else:
            account = f"password of collection {kwargs['restriction_id']}"
            request.password_tried_for = account
        credentials = {"username": account}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.password_tried_for = None
            return too_many_attempts(request)
        AxesProxyHandler.get_implementation().count(account_key(account), request.axes_ip_address)
        return None
