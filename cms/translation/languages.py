"""The language that is translated from, and those that are translated into."""

from __future__ import annotations

from django.utils.text import capfirst
from wagtail.models import Locale, Site

from pages.languages import name_of

__all__ = ["languages_to_choose", "other_languages", "own_language"]


def own_language() -> int | None:
    """The key of the language of the default site; None while there is no site."""
    sites = Site.objects.order_by("-is_default_site", "pk")
    return sites.values_list("root_page__locale", flat=True).first()


def other_languages() -> list[Locale]:
    return sorted(
        Locale.objects.exclude(pk=own_language()), key=lambda each: name_of(each.language_code)
    )


def languages_to_choose() -> list[tuple[str, str]]:
    codes = [each.language_code for each in other_languages()]
    return [(code, capfirst(name_of(code))) for code in codes]
