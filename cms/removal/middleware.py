"""Tells editors why something was not done, whichever way they tried."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from cms.removal.naming import StillNamed
from cms.removal.uses import InUse

__all__ = ["RefusalMiddleware"]


class RefusalMiddleware:
    """Between showing the screen and sending it, somebody may have approved what names a thing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        admin = reverse("wagtailadmin_home")
        if not isinstance(exception, StillNamed | InUse) or not request.path.startswith(admin):
            return None
        said = " ".join(exception.reasons)
        is_api = request.path.startswith(f"{admin}api/")
        if is_api or request.headers.get("X-Requested-With") == "XMLHttpRequest":
            problem = {"success": False, "code": exception.code, "error_message": said}
            return JsonResponse(problem, status=exception.status)
        messages.error(request, said)
        return redirect(request.get_full_path())
