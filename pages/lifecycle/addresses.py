"""Whether a page can have its address, which publishing and the forms of the admin ask.

Who knows what is planned lives above this package, and says here how it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.coreutils import get_content_languages
from wagtail.models import Page, Site

from pages.languages import name_of
from pages.lifecycle.slugs import first_free

__all__ = [
    "AddressIsNotFree",
    "check_address_is_free",
    "check_address_stays_free",
    "check_no_language_begins_there",
    "page_with_address_of",
    "register_plans",
    "slug_beside_others",
]


class AddressIsNotFree(ValidationError):
    """Of the slug: beside its field, or for whoever met another that was written meanwhile."""

    def __init__(self, page: Any, sentences: Sequence[str]):
        super().__init__(" ".join(sentences))
        self.page = page


# What keeps a page from an address beneath another that it does not have yet, in sentences.
Plans = Callable[[Any, Page], Iterable[str]]

registered: list[Plans] = []


def register_plans(ask: Plans) -> None:
    """Have those asked who know which pages are to take an address."""
    registered.append(ask)


def check_no_language_begins_there(page: Any, parent: Page | None) -> None:
    """A page that had the address before the site had the language keeps it."""
    if parent is None or page.slug not in get_content_languages():
        return
    homes = Page._base_manager.filter(translation_key=parent.translation_key, depth=parent.depth)
    is_home = Site.objects.filter(root_page=parent.pk).exists()
    begins = is_home and homes.filter(locale__language_code=page.slug).exists()
    if begins and not Page._base_manager.filter(pk=page.pk, slug=page.slug).exists():
        sentence = (
            f"“{page.slug}” begins the addresses of all pages in {name_of(page.slug)}."
            " Choose another address."
        )
        raise ValidationError({"slug": AddressIsNotFree(page, [sentence])})


def check_address_stays_free(page: Any, parent: Page) -> None:
    """Raise an error of the slug if another page is to take the address of a new one."""
    sentences = who_comes(page, parent)
    if sentences:
        raise ValidationError({"slug": AddressIsNotFree(page, sentences)})


def who_comes(page: Any, parent: Page) -> list[str]:
    return [sentence for ask in registered for sentence in ask(page, parent)]


def slug_beside_others(page: Any, parent: Page) -> str:
    """The one that a draft wants, or with the first number that no other page has or is to take."""
    if Page._base_manager.filter(pk=page.pk, slug=page.slug).exists():
        return page.slug
    return first_free(page.slug, lambda slug: has_room(page, slug, parent))


def has_room(page: Any, slug: str, parent: Page) -> bool:
    there = copy(page)
    there.slug = slug
    # In this order: who knows what is planned takes the lock of what stands beneath the parent.
    return not who_comes(there, parent) and page_with_address_of(there, parent) is None


def page_with_address_of(page: Any, parent: Page | None) -> Page | None:
    """The other page beneath a parent that is stored with the slug of a page, be it a draft."""
    if parent is None:
        return None
    others = Page._base_manager.exclude(pk=page.pk) if page.pk else Page._base_manager.all()
    return others.filter(
        slug=page.slug, path__startswith=parent.path, depth=parent.depth + 1
    ).first()


def check_address_is_free(page: Any, parent: Page | None) -> None:
    """Raise an error of the slug that names the page which has the address, and what to do."""
    check_no_language_begins_there(page, parent)
    other = page_with_address_of(page, parent)
    if other is None:
        return
    hidden = "" if other.live else ", which is not published,"
    sentence = (
        f"“{other.specific.get_admin_display_title()}”{hidden} has the address “{page.slug}”."
        " Choose another address, or have the other leave it first: one release can change both."
    )
    raise ValidationError({"slug": AddressIsNotFree(page, [sentence])})
