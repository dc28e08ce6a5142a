"""Tells editors what is missing when they publish from a place that has no form."""

from urllib.parse import urldefrag

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_valid_next_url_from_request

from cms.admin.requests import is_admin, is_by_dialog
from pages.lifecycle.checks import NotPublishable

__all__ = ["PublicationProblemMiddleware"]


class PublicationProblemMiddleware:
    """Approving from the admin's first page, or publishing in bulk, can meet an incomplete draft.

    ``publish`` then raises, which Wagtail's views outside the edit form do not expect. Nothing has
    been published; the editor goes back to where they were and reads what needs work.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotPublishable) or not is_admin(request.path):
            return None
        subject = exception.subject
        edit_url = AdminURLFinder(request.user).get_edit_url(subject)
        messages.error(
            request,
            message_for(exception),
            buttons=[messages.button(edit_url, "Edit")] if edit_url else [],
        )
        back = urldefrag(came_from(request) or reverse("wagtailadmin_home")).url
        if is_by_dialog(request):
            # A dialog sent this. What Wagtail's dialogs do at the end is to leave for an address.
            return JsonResponse({"step": "success", "redirect": back})
        return redirect(back)


def came_from(request: HttpRequest) -> str:
    """The admin page the editor was on; another site's address is not followed."""
    address = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return get_valid_next_url_from_request(request) or (address if ours else "")


def message_for(problems: NotPublishable) -> str:
    """One sentence that names the object, and a list of what is missing or wrong."""
    subject = problems.subject
    return format_html(
        "The {} “{}” cannot be published yet, so nothing was published.<ul>{}</ul>",
        subject._meta.verbose_name,
        subject,
        format_html_join("", "<li>{}</li>", ((line,) for line in problems.lines())),
    )
