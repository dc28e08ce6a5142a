"""The list of all pages, for frontends that build them ahead of time."""

from __future__ import annotations

from wagtail.models import Page

from cms.api.schema.listings.listing import Listing

__all__ = ["PAGES"]

PAGES = Listing(
    Page,
    "All pages of the site, of whatever type, each after the page above it.",
    in_order_of=("path",),
)
