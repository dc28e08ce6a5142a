"""In which language something is asked for, and where content in it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

__all__ = ["NOWHERE", "OWN_LANGUAGE", "Language", "Places"]

# What is found where no home page is: nothing. It is a place in the tree that no page has.
NOWHERE: dict[str, Any] = {"root": "-", "locale": None}


@dataclass(frozen=True)
class Language:
    """A language by its code, or the site's own; and whether its own takes the place of another
    where readers see no translation."""

    code: str | None = None
    falls_back: bool = True


OWN_LANGUAGE = Language()


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
