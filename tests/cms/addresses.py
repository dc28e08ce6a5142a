"""Addresses of the admin's views of an object, whether it is a page or a snippet."""

from typing import Any

from django.db.models import Model
from django.urls import reverse
from wagtail.models import Page

__all__ = ["admin_url", "home_url"]


def admin_url(subject: Model, view: str, *arguments: Any) -> str:
    if isinstance(subject, Page):
        name = f"wagtailadmin_pages:{view}"
    else:
        name = subject.snippet_viewset.get_url_name(view)
    return reverse(name, args=(subject.pk, *arguments))


def home_url() -> str:
    return reverse("wagtailadmin_home")
