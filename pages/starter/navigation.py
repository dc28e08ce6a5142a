"""The links in the header and in the footer."""

from typing import Any

from wagtail.models import Page, Site

from pages.models import ForumPage, Navigation

__all__ = ["create"]

EDITIONS = {1: "First forum", 2: "Second forum", 3: "Third forum", 4: "Fourth forum"}


def create(site: Site, *, header: list[Page], footer: list[Page]) -> None:
    """The forums' header entry opens the four editions. Links that are there already stay."""
    navigation = Navigation.for_site(site)
    if navigation.header or navigation.footer:
        return
    navigation.header = [
        ("item", {**link(page), "children": links_to_editions(page)}) for page in header
    ]
    navigation.footer = [("link", link(page)) for page in footer]
    navigation.footer_text = "Generative Edge AI Working Group, EDGE AI FOUNDATION"
    navigation.save()


def link(page: Page, text: str = "") -> dict[str, Any]:
    return {"text": text or page.title, "page": page}


def links_to_editions(page: Page) -> list[dict[str, Any]]:
    editions = ForumPage.objects.child_of(page).order_by("edition")
    return [link(edition, EDITIONS[edition.edition]) for edition in editions]
