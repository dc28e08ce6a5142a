"""The API's place among what all requests go through."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from cms.api.http.requests import is_api
from cms.api.http.views import graphql

__all__ = ["ApiMiddleware"]


class ApiMiddleware:
    """Answers who asks the API. What comes after is for people: sessions, forms, the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return graphql(request) if is_api(request.path_info) else self.get_response(request)
