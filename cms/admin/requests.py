"""Whether the admin is asked, and whether by a script on one of its screens."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse

__all__ = ["is_admin", "is_by_dialog"]


def is_admin(path: str) -> bool:
    addresses = get_urlconf(settings.ROOT_URLCONF)
    return path.startswith(address_of_admin(addresses, get_script_prefix()))


@cache
def address_of_admin(urlconf: str, prefix: str) -> str:
    """Looked up once, for readers' requests ask too. ``prefix`` is part of the address."""
    return reverse("wagtailadmin_home", urlconf)


def is_by_dialog(request: HttpRequest) -> bool:
    """As dialogs and uploads ask, which read JSON in the place of a screen."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"
