"""What there is to know of a language by its code: its own name, and where its lines begin."""

from __future__ import annotations

import graphene
from django.conf import settings
from django.utils.translation import get_language_info

__all__ = ["TextDirection", "direction_of", "name_of"]

TOLD = {"LTR": "From left to right.", "RTL": "From right to left, as Arabic and Hebrew."}


class TextDirection(graphene.Enum):
    """In which direction lines run: for the `dir` of an HTML element."""

    LTR = "ltr"
    RTL = "rtl"

    @property
    def description(self):
        return TOLD[self.name]


def direction_of(language: str) -> str:
    return "rtl" if language.partition("-")[0] in settings.LANGUAGES_BIDI else "ltr"


def name_of(language: str) -> str:
    """As the language calls itself; the code of one that Django does not know."""
    try:
        return get_language_info(language)["name_local"]
    except KeyError:
        return language
