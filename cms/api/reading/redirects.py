"""Where a reader ends up who is redirected: one redirect may lead to another, that to a page."""

from __future__ import annotations

from typing import Any, NamedTuple

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from cms.api.engine.deferred import settle_later
from cms.api.reading.content import Content
from cms.perspective.redirects import stays_here

__all__ = ["CIRCLE", "End", "end_of"]

# A reader is led on for so long at most; two statements for all redirects of an answer each time.
MOST_STEPS = 10


class End(NamedTuple):
    page: Page | None
    # What follows the page's path, or else the whole address.
    link: str
    # Only if each redirect on the way is.
    is_permanent: bool


# Where a redirect leads that leads back to itself.
CIRCLE = End(None, "", is_permanent=False)


def end_of(redirect: Redirect, content: Content, passed: tuple[str, ...] = ()) -> Any:
    """The end, perhaps later; None if it is a page that readers may not see."""
    if redirect.redirect_page_id is not None:
        page = content.one(Page, redirect.redirect_page_id)
        behind = redirect.redirect_page_route_path.lstrip("/")
        return settle_later(page, lambda found: found and End(found, behind, redirect.is_permanent))
    here = End(None, redirect.redirect_link, redirect.is_permanent)
    if redirect.old_path in passed:
        return CIRCLE
    if not stays_here(redirect.redirect_link) or len(passed) == MOST_STEPS:
        return here
    passed = (*passed, redirect.old_path)
    return content.is_page_at(redirect.redirect_link).then(
        lambda is_page: here if is_page else led_on(here, content, passed)
    )


def led_on(here: End, content: Content, passed: tuple[str, ...]) -> Any:
    """From a link at which no page stands."""

    def follow(following: Redirect | None) -> Any:
        if following is None:
            return here
        return settle_later(end_of(following, content, passed), joined)

    def joined(end: End | None) -> End:
        if end is None:
            # What readers may not see is as if it were not there, and so is what leads to it.
            return here
        if end is CIRCLE:
            return CIRCLE
        _, mark, fragment = here.link.partition("#")
        # As browsers do, unless the next says otherwise (RFC 9110, 10.2.2).
        link = end.link if "#" in end.link else f"{end.link}{mark}{fragment}"
        return End(end.page, link, end.is_permanent and here.is_permanent)

    return content.redirect_at(here.link).then(follow)
