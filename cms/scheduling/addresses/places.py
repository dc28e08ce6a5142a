"""How many pages of a type there may be: Wagtail counts them when a form opens, and not again."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from cms.scheduling.plans import PlansRefused, is_at_work

__all__ = ["NoPlaceLeft", "stop_one_too_many"]


class NoPlaceLeft(PlansRefused):
    """There are as many pages of the type as there may be."""


def stop_one_too_many(page: Page) -> None:
    """Raise ``NoPlaceLeft`` for a page that has just been put where others of its type are.

    Under the lock of what stands beneath a page: of two at once the second meets the first. What
    is written by code alone may be more, as Wagtail has it.
    """
    if not is_at_work():
        return
    model: Any = page.specific_class
    limit = model.max_count_per_parent
    others = model.objects.exclude(pk=page.pk).child_of(page.get_parent())
    if limit is not None and others.count() >= limit:
        other = others.order_by("path").first()
        raise NoPlaceLeft(
            page,
            f"There is “{other.get_admin_display_title()}” here already: edit that, for there can"
            f" be no other {model._meta.verbose_name}.",
        )
