"""Whether the admin is asked, and whether by a script on one of its screens."""

from django.http import HttpRequest
from django.urls import reverse

__all__ = ["is_admin", "is_by_dialog"]


def is_admin(path: str) -> bool:
    return path.startswith(reverse("wagtailadmin_home"))


def is_by_dialog(request: HttpRequest) -> bool:
    """As dialogs and uploads ask, which read JSON in the place of a screen."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"
