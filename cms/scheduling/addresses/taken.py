"""No two pages are to have one address at one moment: whoever plans that is told, and of whom.

It is asked in the transaction that writes, after it has written and under a lock of the pages
beneath one page, so that of two people at work at once the second meets what the first has done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wagtail.models import Page

from cms.admin.times.time_zones import local_moment
from cms.database.advisory_lock import lock_beneath
from cms.perspective.address_plans import (
    Clash,
    SlugChange,
    approved_redirects,
    approved_slug_changes,
    clashes,
)
from cms.perspective.objects import as_own_type
from cms.perspective.redirects import paths_on_sites
from cms.scheduling.plans import PlansRefused, note, plans_of
from pages import clock
from pages.lifecycle.addresses import page_with_address_of
from pages.site_roots import site_roots

__all__ = [
    "AddressIsTaken",
    "GoesOut",
    "check_address",
    "in_words",
    "lock_addresses",
    "stop_taken_address",
    "stop_taken_place",
    "tell_of_draft",
    "warn_of_taken_address",
    "who_is_to_come",
]


class AddressIsTaken(PlansRefused):
    """Another page has the address then; says which, and what to do."""


def lock_addresses(pages: Iterable[Page]) -> None:
    """Nobody else plans what becomes of slugs beneath the same pages, until the transaction ends.

    In one order, and after the rows of objects.
    """
    for path in sorted({page.path[: -Page.steplen] for page in pages}):
        lock_beneath(path)


@dataclass(frozen=True)
class GoesOut:
    """A page is about to be published, or scheduled for a moment, with the slug that it has."""

    moment: datetime | None

    def is_stored(self, page: Any) -> bool:
        """Wagtail writes the row, of what is not live also when it is scheduled."""
        return self.moment is None or not page.live_revision_id

    def ends(self, change: SlugChange, page: Any) -> bool:
        """What was due of the page ends with what is published now."""
        return change.page_id == page.pk and self.moment is None and change.moment <= clock.now()


def stop_taken_address(page: Any, goes_out: GoesOut | None = None) -> None:
    """Raise ``AddressIsTaken`` if a page, as it is written now or about to be, meets another."""
    for sentence in check_address(page, goes_out):
        raise AddressIsTaken(page, sentence)


def stop_taken_place(page: Any, parent: Page) -> None:
    """Raise ``AddressIsTaken`` if a page is about to be moved to where another has its slug.

    Wagtail asks before it, without a lock, and then fails when it saves.
    """
    lock_beneath(parent.path)
    other = page_with_address_of(page, parent)
    if other is not None:
        raise AddressIsTaken(page, in_words(page, Clash(page.pk, other.pk, page.slug, None), []))


def warn_of_taken_address(page: Any) -> None:
    """For what is not to be refused: tell whoever did it."""
    for sentence in check_address(page):
        note(sentence)


def tell_of_draft(page: Any) -> None:
    """A draft may have an address that another page has or is to take; it is not published there.

    It is stored elsewhere then.
    """
    rows = Page._base_manager.filter(pk=page.pk, slug=page.slug)
    if page.stored_slug == page.slug or (not page.stored_slug and rows.exists()):
        return
    parent = page.get_parent()
    for sentence in who_is_to_come(page, parent):
        note(sentence)
    other = page_with_address_of(page, parent)
    if other is not None:
        title = as_own_type(other).get_admin_display_title()
        note(
            f"“{title}” has the address “{page.slug}”. This draft can go live there once “{title}”"
            " has left it, or in one release with that."
        )


def check_address(page: Any, goes_out: GoesOut | None = None) -> list[str]:
    if page.depth == 1:
        return []
    lock_addresses([page])
    # What is planned first, then the rows: what goes live in between is met in one or the other.
    changes = approved_slug_changes()
    stored = {}
    if goes_out is not None:
        changes = [change for change in changes if not goes_out.ends(change, page)]
        stored = {page.pk: page.slug} if goes_out.is_stored(page) else {}
    parent = page.get_parent()
    found = clashes(parent, changes, {page.pk}, stored=stored)
    said = [in_words(page, clash, changes) for clash in found]
    if goes_out is not None:
        said += redirects_hidden(page, f"{parent.url_path}{page.slug}/")
    return said


def redirects_hidden(page: Any, url_path: str) -> Iterator[str]:
    """Of approved releases, from an address that a page is to have: nobody would be led on."""
    redirects = list(approved_redirects())
    here = set(paths_on_sites(url_path, site_roots())) if redirects else set()
    for redirect in redirects:
        sites = {site_id for site_id, path in here if path == redirect.old_path}
        if sites and redirect.site_id in {None, *sites}:
            yield (
                f"The release on {local_moment(redirect.at)} redirects {redirect.old_path}"
                f" elsewhere, and nobody would be led on while “{page.get_admin_display_title()}”"
                " is there. Choose another address, or take the redirect out of the release."
            )


def who_is_to_come(page: Any, parent: Page) -> Iterator[str]:
    """Which pages beneath another are to take the address of one that is not there yet.

    Under a lock: who plans that at the same time is met here, or meets what is written then.
    """
    lock_beneath(parent.path)
    changes = [change for change in approved_slug_changes() if change.slug == page.slug]
    coming = Page._base_manager.filter(
        pk__in=[change.page_id for change in changes],
        path__startswith=parent.path,
        depth=parent.depth + 1,
    )
    own = page.pk or 0
    for other in coming.exclude(slug=page.slug).exclude(pk=own):
        moment = next(change.moment for change in changes if change.page_id == other.pk)
        yield in_words(page, Clash(other.pk, own, page.slug, moment), changes)


def in_words(page: Any, clash: Clash, changes: list[SlugChange]) -> str:
    """What a page meets, for whoever plans something of it."""
    other = as_own_type(Page._base_manager.get(pk=clash.other_than(page.pk or 0)))
    plan = plan_with(other, clash, changes)
    if plan:
        has = f"“{other.get_admin_display_title()}” takes the address “{clash.slug}” by {plan}."
    elif other.live:
        has = f"“{other.get_admin_display_title()}” has the address “{clash.slug}”."
    else:
        has = (
            f"“{other.get_admin_display_title()}”, which is not published, has the address"
            f" “{clash.slug}”."
        )
    if clash.is_circle:
        return f"{has} Each is to leave it to the other: put both into one release."
    return f"{has} Give “{page.get_admin_display_title()}” another address, or change that first."


def plan_with(other: Any, clash: Clash, changes: list[SlugChange]) -> str:
    """By what the other has the slug then, if it does not have it already."""
    until = clash.moment or clock.now()
    moments = [
        change.moment
        for change in changes
        if change.page_id == other.pk and change.slug == clash.slug
    ]
    if other.slug == clash.slug and clash.page_id != other.pk:
        return ""
    moment: datetime | None = max((each for each in moments if each <= until), default=None)
    return next((plan.name for plan in plans_of(other) if plan.moment == moment), "")
