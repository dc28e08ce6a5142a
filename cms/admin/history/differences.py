"""What a version changes of what readers see, as the screens that ask for a decision show it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.admin.panels import get_edit_handler
from wagtail.models import Page

__all__ = ["differences"]


def differences(request: HttpRequest, subject: Any, version: Any) -> list[Any]:
    """By the fields of its form: those that say something else in the version than in the object.

    ``subject`` is the object as it is stored, and live.
    """
    model = type(subject)
    handler = model.get_edit_handler() if issubclass(model, Page) else get_edit_handler(model)
    bound = handler.get_bound_panel(instance=subject, request=request, form=None)
    compared = (comparison(subject, version) for comparison in bound.get_comparison())
    return [each for each in compared if each.has_changed()]
