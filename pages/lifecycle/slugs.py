"""The last part of a page's address, made from its title."""

import unicodedata
from collections.abc import Callable, Iterator
from itertools import chain, count

from django.utils.text import slugify
from wagtail.models import Page

__all__ = ["first_free", "free_slug", "slug_of"]

LONGEST = 100
FIRST_REGIONAL_LETTER = 0x1F1E6
# Marks that only change the look of what stands before them have no name worth reading.
MODIFIERS = ("EMOJI MODIFIER", "VARIATION SELECTOR")


def slug_of(title: str, otherwise: str) -> str:
    """A title of pictures alone is called what they show: ``party-popper``."""
    return (
        slugify(title, allow_unicode=True)
        or slugify(" ".join(names_of_signs(title)))[:LONGEST].strip("-")
        or slugify(otherwise)
    )


def names_of_signs(title: str) -> Iterator[str]:
    for sign in title:
        name = unicodedata.name(sign, "")
        if name.startswith("REGIONAL INDICATOR SYMBOL LETTER "):
            yield chr(ord("a") + ord(sign) - FIRST_REGIONAL_LETTER)
        elif unicodedata.category(sign).startswith("S") and not name.startswith(MODIFIERS):
            yield name


def free_slug(wanted: str, parent: Page) -> str:
    """The wanted one, or with the first number that no page beneath the parent has."""
    taken = set(
        parent.get_children().filter(slug__startswith=wanted).values_list("slug", flat=True)
    )
    return first_free(wanted, lambda slug: slug not in taken)


def first_free(wanted: str, is_free: Callable[[str], bool]) -> str:
    """The wanted one, or with the first number with which it is free."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(filter(is_free, chain([wanted], numbered)))
