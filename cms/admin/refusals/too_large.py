"""The answer to what is too large, in the words that who sent it reads."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

__all__ = ["too_large"]


def too_large(request: HttpRequest, sentence: str) -> HttpResponse:
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        error = {"message": sentence, "extensions": {"code": "REQUEST_TOO_LARGE"}}
        return JsonResponse({"errors": [error]}, status=413)
    return render(request, "admin/too_large.html", {"sentence": sentence}, status=413)
