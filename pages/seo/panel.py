"""How a page looks in a search result and as a card, beside what is typed."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from wagtail.admin.panels import Panel

from pages.seo.words import LONGEST_DESCRIPTION, LONGEST_TITLE, description_of

__all__ = ["AppearancePanel"]

EXAMPLE_OF_SITE_PICTURE = "fill-600x315"


class AppearancePanel(Panel):
    """A script draws it anew as somebody types: see ``pages/appearance.js``."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/appearance_panel.html"

        class Media:
            css = {"all": ["pages/appearance.css"]}
            js = ["pages/appearance.js"]

        def get_context_data(self, parent_context=None):
            page = self.instance
            is_new = page._state.adding
            above = getattr(self.form, "parent_page", None) or page.get_parent()
            place = above or page
            site = place.get_site() or apps.get_model("wagtailcore.Site").objects.first()
            about_site = apps.get_model("pages.SiteSettings").for_site(site)
            return {
                **super().get_context_data(parent_context),
                "address": self.address_above(page, above),
                "has_slug": is_new or not page.is_site_root(),
                "site_name": about_site.name or site.site_name or settings.WAGTAIL_SITE_NAME,
                "is_home": not is_new and page.is_site_root(),
                "site_picture": self.picture_of(about_site),
                # What it says itself is known once it is saved.
                "said": "" if is_new else without_own_words(page),
                "longest_title": LONGEST_TITLE,
                "longest_description": LONGEST_DESCRIPTION,
                "card": reverse("card_of_title"),
            }

        @staticmethod
        def address_above(page: Any, above: Any) -> str:
            """Of the page itself where it has none above it on its site."""
            of = page if not page._state.adding and page.is_site_root() else above
            return (of and of.get_full_url()) or settings.SITE_URL

        @staticmethod
        def picture_of(about_site: Any) -> str:
            image = about_site.social_image
            try:
                return image.get_rendition(EXAMPLE_OF_SITE_PICTURE).url if image else ""
            except OSError:  # It is damaged, or its storage is away.
                return ""


def without_own_words(page: Any) -> str:
    """The description that it has while its editors write none."""
    written, page.search_description = page.search_description, ""
    try:
        return description_of(page)
    finally:
        page.search_description = written
