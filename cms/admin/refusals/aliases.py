"""What mirrors a page is not edited by itself: Wagtail answers such a form with an empty page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from wagtail.admin.admin_url_finder import AdminURLFinder

__all__ = ["refuse_edit_of_alias"]


def refuse_edit_of_alias(request: HttpRequest, page: Any) -> HttpResponse | None:
    if request.method != "POST" or page.alias_of_id is None:
        return None
    source = page.alias_of
    while source.alias_of_id:
        source = source.alias_of
    title = source.get_admin_display_title()
    sentence = (
        f"“{page.get_admin_display_title()}” mirrors “{title}” and has no versions of its own, so"
        f" nothing was saved. Edit “{title}”, and what you change shows here as well."
    )
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        problem = {"success": False, "error_code": "is_alias", "error_message": sentence}
        return JsonResponse(problem, status=405)
    edit_url = AdminURLFinder(request.user).get_edit_url(source)
    context = {"page": page, "sentence": sentence, "title": title, "edit_url": edit_url}
    return render(request, "admin/alias.html", context, status=405)
