"""The API's place among what all requests go through."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from cms.api.http.form_files import take_file
from cms.api.http.requests import is_api, is_form_file
from cms.api.http.views import graphql

__all__ = ["ApiMiddleware"]


class ApiMiddleware:
    """Answers who asks the API, or sends one of its forms a file.

    What comes after is for people: sessions, forms, the admin.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_api(request.path_info):
            return graphql(request)
        if is_form_file(request.path_info):
            return take_file(request)
        return self.get_response(request)
