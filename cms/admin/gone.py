"""Tells an editor what has been deleted since the version that is being edited was written."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.text import get_text_list
from wagtail.admin import messages

__all__ = ["tell_what_is_gone"]


def tell_what_is_gone(request: HttpRequest, subject: Any) -> None:
    gone = getattr(subject, "gone", ())
    if gone and request.method == "GET":
        messages.warning(
            request,
            "Something that this version names has been deleted since, and is left out here: "
            f"{get_text_list(gone, 'and')}. Choose something else, or save it without.",
        )
