"""Pages of one release change places: each finds the address free that it is to take.

Publishing writes them one by one, and refuses a slug that another page has, be that a draft.
"""

from __future__ import annotations

from wagtail.models import Page

from cms.perspective.addresses import Address, address_of
from pages.lifecycle.slugs import first_free

__all__ = ["make_room"]


def make_room(moving: list[tuple[Page, str]], hidden: list[Page]) -> None:
    """Free the addresses that ``moving`` pages are about to take from each other, or from pages
    that the release hides. All are locked, and published or hidden next.
    """
    wanted = {address_of(page.path, slug) for page, slug in moving}
    for page, _ in moving:
        if address_of(page.path, page.slug) in wanted:
            # Its path stays, for readers of its old address to be redirected from there.
            rows_of(page).update(slug=f"leaves-{page.pk}")
    for page in hidden:
        if address_of(page.path, page.slug) in wanted:
            give_way(page, wanted)


def give_way(page: Page, wanted: set[Address]) -> None:
    """A page that readers do not see from now on, nor what stands beneath, needs no redirect."""
    old_url_path = page.url_path
    page.slug = free_slug(page, wanted)
    page.url_path = f"{old_url_path.rstrip('/').rpartition('/')[0]}/{page.slug}/"
    rows_of(page).update(slug=page.slug, url_path=page.url_path)
    Page._update_descendant_url_paths(page, old_url_path, page.url_path)


def free_slug(page: Page, wanted: set[Address]) -> str:
    siblings = Page._base_manager.filter(
        path__startswith=page.path[: -Page.steplen], depth=page.depth, slug__startswith=page.slug
    )
    taken = set(siblings.values_list("slug", flat=True))
    return first_free(
        page.slug,
        lambda slug: slug not in taken and address_of(page.path, slug) not in wanted,
    )


def rows_of(page: Page):
    return Page._base_manager.filter(pk=page.pk)
