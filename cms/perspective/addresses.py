"""Addresses that pages are about to take, of which each has room for one page.

Publishing refuses a page whose slug another page beneath the same one has, be that a draft. So what
is to take such an address is not shown before the other has left it: it would hide that page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from wagtail.models import Page

__all__ = ["SLUG", "Address", "AddressTaken", "address_of", "slugs_in"]

# Of an address one name: no others are refused here than those that would make two, or none.
SLUG = re.compile(r"[^/\s?#]+")


class Address(NamedTuple):
    """What is above a page, by its place in the tree, and the page's slug."""

    above: str
    slug: str


class AddressTaken(ValidationError):
    def __init__(self, slug: str):
        super().__init__(f"Another page has the address “{slug}”. Give one of them another.")


def address_of(path: str, slug: str) -> Address:
    return Address(path[: -Page.steplen], slug)


def slugs_in(contents: Iterable[Any]) -> set[str]:
    """The slugs that pages have in revisions, which may hold anything."""
    slugs = {str(content.get("slug")) for content in contents if isinstance(content, dict)}
    return {slug for slug in slugs if SLUG.fullmatch(slug) and slug.isprintable()}
