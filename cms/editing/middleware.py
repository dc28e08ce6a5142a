"""Tells editors what is missing when they publish from a place that has no form."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

__all__ = ["PublicationProblemMiddleware"]


class PublicationProblemMiddleware:
    """Approving from the dashboard or publishing in bulk can meet an incomplete draft.

    ``publish`` then raises ``ValidationError``, which Wagtail's views outside the edit form do not
    expect. Nothing has been published; the editor goes back and reads which fields need work.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        home = reverse("wagtailadmin_home")
        if not isinstance(exception, ValidationError) or not request.path.startswith(home):
            return None
        for problem in problems_in_words(exception):
            messages.error(request, f"Not published. {problem}")
        return redirect(came_from(request) or home)


def came_from(request: HttpRequest) -> str | None:
    """The admin page the editor was on; another site's address is not followed."""
    address = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else None


def problems_in_words(error: ValidationError) -> list[str]:
    if not hasattr(error, "error_dict"):
        return error.messages
    return [
        f"{name.replace('_', ' ').capitalize()}: {' '.join(found)}"
        for name, found in error.message_dict.items()
    ]
