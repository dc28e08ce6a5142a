"""What the editor asks while it cannot save: whether someone is signed in, and with which token."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

__all__ = ["signed_in", "still_signed_in"]


@require_GET
@never_cache
def still_signed_in(request: HttpRequest) -> HttpResponse:
    """Who has signed in again has another token than the form that stayed open."""
    return JsonResponse({"person": request.user.pk, "csrf": get_token(request)})


@require_GET
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where who signs in beside a form arrives."""
    return render(request, "admin/signed_in.html")
