"""What stays published beneath a page that expires: whoever lets it expire is told."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from cms.admin.times.time_zones import local_moment
from cms.perspective.objects import as_own_type
from cms.perspective.visibility import visible
from cms.scheduling.plans import note

__all__ = ["tell_what_stays_beneath"]


def tell_what_stays_beneath(page: Any) -> None:
    if not isinstance(page, Page) or page.expire_at is None or page.numchild == 0:
        return
    beneath = Page._base_manager.filter(path__startswith=page.path, depth__gt=page.depth)
    first = visible(beneath, at=page.expire_at).order_by("path").first()
    if first is not None:
        note(
            f"“{page}” expires on {local_moment(page.expire_at)}, and"
            f" “{as_own_type(first)}” beneath it stays published. Let what stands beneath it expire"
            " as well, or move it."
        )
