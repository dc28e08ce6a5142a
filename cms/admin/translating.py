"""What keeps a translation from being begun, in sentences: asked under the lock that writes it."""

from __future__ import annotations

from typing import Any

from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.models import Locale, Page
from wagtail.permission_policies.base import ModelPermissionPolicy

from pages.languages import name_of

__all__ = ["BeginPage", "obstacle_to_translation", "obstacle_with_all_above"]


class BeginPage(CopyPageForTranslationAction):
    """With what stands beneath it: all that is not there already, and has a text of its own."""

    def walk(self, current_page: Page) -> None:
        for child in current_page.get_children().filter(alias_of=None).specific():
            there = child.get_translations().filter(locale=self.locale)
            if not there.exists():
                text = child if child.live else child.get_latest_revision_as_object()
                self._copy_for_translation(text, self.locale, False, False, self.exclude_fields)
            self.walk(child)


def obstacle_to_translation(original: Any, locale: Locale, user: Any) -> str:
    """Why someone cannot begin the translation of a page or snippet; empty if they can."""
    language = name_of(locale.language_code)
    title = titled(original)
    if original.get_translations(inclusive=True).filter(locale=locale).exists():
        return f"{title} is there in {language} already."
    if not isinstance(original, Page):
        may_add = ModelPermissionPolicy(type(original)).user_has_permission(user, "add")
        kind = original._meta.verbose_name_plural
        return "" if may_add else f"You may not add {kind}: ask somebody who may."
    if original.alias_of_id:
        source = titled(original.alias_of)
        return f"{title} mirrors {source}, and has no text of its own: translate {source}."
    above = original.get_parent()
    place = above if above.is_root() else above.get_translations().filter(locale=locale).first()
    if place is None:
        return (
            f"{titled(above)}, which {title} stands under, is not in {language} yet: translate that"
            " first."
        )
    if not place.specific.permissions_for_user(user).can_add_subpage():
        where = "where languages begin" if place.is_root() else f"under {titled(place)}"
        return f"You may not add pages {where}, where {title} would stand in {language}."
    return ""


def obstacle_with_all_above(original: Page, locale: Locale, user: Any) -> str:
    """The same, of who begins what stands above it as well."""
    place = original
    while not place.get_parent().is_root() and not is_in(place.get_parent(), locale):
        place = place.get_parent()
    if original.alias_of_id or is_in(original, locale):
        return obstacle_to_translation(original, locale, user)
    return obstacle_to_translation(place, locale, user)


def is_in(page: Page, locale: Locale) -> bool:
    return page.get_translations(inclusive=True).filter(locale=locale).exists()


def titled(subject: Any) -> str:
    title = subject.get_admin_display_title() if isinstance(subject, Page) else str(subject)
    return f"“{title}”"
