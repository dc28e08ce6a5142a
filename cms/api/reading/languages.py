"""In which language something is asked for, and where content in it stands."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from cms.api.reading.ids import place_of
from pages.setting_translations import SettingTranslation

__all__ = [
    "NOWHERE",
    "NO_LANGUAGE",
    "OWN_LANGUAGE",
    "Language",
    "Places",
    "setting_asked_for",
    "setting_in",
]

# How an id ends of what is asked for without what takes the place of translations.
EXACTLY = ".only"
# What is found where no home page is: nothing. It is a place in the tree that no page has.
NOWHERE: dict[str, Any] = {"root": "-", "locale": None}


@dataclass(frozen=True)
class Language:
    """A language by its code, or the site's own; and whether its own takes the place of another
    where readers see no translation."""

    code: str | None = None
    falls_back: bool = True


OWN_LANGUAGE = Language()
# One that nothing is said in.
NO_LANGUAGE = Language("", falls_back=False)


@dataclass(frozen=True)
class Places:
    """The home page beneath which content in a language stands, and the one to fall back to."""

    home: Page
    instead: Page | None = None

    @property
    def falls_back(self) -> bool:
        return self.instead is not None

    @property
    def given(self) -> dict[str, Any]:
        """What statements are asked with."""
        given = {"root": self.home.path, "locale": self.home.locale_id}
        if self.instead is not None:
            given |= {"own_root": self.instead.path, "own_locale": self.instead.locale_id}
        return given


def setting_in(
    language: Language, own: Any, model: type[SettingTranslation], said: SettingTranslation | None
) -> Any:
    """A setting as it is answered in a language: as it is said in that, or in that of the site.

    It has an id of its own, for clients that keep what they are answered by its id: it says
    something else, and its links lead to other pages.
    """
    shown = copy(own)
    exactly = "" if language.falls_back else EXACTLY
    shown.place_in_api = f"{place_of(own)}.{language.code}{exactly}"
    shown.asked_in = language
    if said is None and language.falls_back:
        return shown
    shown.given_in = language.code or None
    said = said or model()
    for name in model.texts:
        text = getattr(said, name)
        if text or name not in model.never_left_out:
            setattr(shown, name, text)
    return shown


def setting_asked_for(key: str) -> tuple[str, Language]:
    """What an id says of a setting: the key of its site, and in which language it was asked for."""
    site, _, asked = key.partition(".")
    code = asked.removesuffix(EXACTLY)
    return site, Language(code, falls_back=code == asked) if asked else OWN_LANGUAGE
