"""What would mix languages, or lose what is written in one, is refused where it is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from wagtail.models import Locale, Page, get_translatable_models

from cms.admin.refusals.refusal import Refusal
from cms.search.models import PromotedTerm
from pages.languages import name_of
from pages.setting_translations import translated_settings

__all__ = ["check_language_is_unused", "check_stays_in_its_language"]


class LanguageInUse(Refusal):
    code = "LANGUAGE_IN_USE"

    def __init__(self, locale: Locale, uses: list[str]):
        self.reasons = [
            f"{name_of(locale.language_code)} cannot be deleted while something is in it:"
            f" {', '.join(uses)}. Delete these first."
        ]
        self.address = reverse("wagtaillocales:index")
        super().__init__(self.reasons[0])


class InAnotherLanguage(Refusal):
    code = "IN_ANOTHER_LANGUAGE"

    def __init__(self, page: Page, above: Page):
        own, other = (name_of(each.locale.language_code) for each in (page, above))
        self.reasons = [
            f"“{page.get_admin_display_title()}” is in {own} and cannot stand under"
            f" “{above.get_admin_display_title()}”, which is in {other}: translate it instead."
        ]
        self.address = reverse("wagtailadmin_explore", args=[page.get_parent().pk])
        super().__init__(self.reasons[0])


def check_stays_in_its_language(page: Page, above: Page) -> None:
    if not above.is_root() and above.locale_id != page.locale_id:
        raise InAnotherLanguage(page, above)


def check_language_is_unused(locale: Locale) -> None:
    """Of what the database would take along, too. Pages have been counted by Wagtail before."""
    uses = list(uses_of(locale))
    if uses:
        raise LanguageInUse(locale, uses)


def uses_of(locale: Locale) -> Iterator[str]:
    models: list[Any] = [*get_translatable_models(), *translated_settings(), PromotedTerm]
    for model in models:
        found = model._base_manager.filter(locale=locale)
        if model is Page:
            found = found.exclude(depth=1)
        count = found.count()
        if count:
            meta = model._meta
            yield f"{count} {meta.verbose_name if count == 1 else meta.verbose_name_plural}"
