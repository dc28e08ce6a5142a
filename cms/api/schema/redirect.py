"""Redirects as readers may know of them: only those that lead to what they may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import graphene
from wagtail.contrib.redirects.models import Redirect as RedirectModel

from cms.api.engine.deferred import settle_later
from cms.api.reading.content import Content
from cms.api.reading.ids import encoded, quoted
from cms.api.reading.redirects import CIRCLE, End, end_of
from cms.api.schema.node import Node
from pages.types import PageInterface

__all__ = ["Redirect", "redirect_from", "redirect_with_key"]


class Redirect(graphene.ObjectType):
    """Where a path has moved to."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(
        required=True, description="Stable identifier of the redirect, which goes by its path."
    )
    path = graphene.String(
        required=True,
        description="The path that has moved: `/old-charter`, with its query string if it has one.",
    )
    permanent = graphene.Boolean(
        required=True, description="True for 301 (moved for good, each on the way), false for 302."
    )
    target = graphene.String(
        required=True,
        description=(
            "Where to send the reader: a path on this site or an address. Where one redirect leads"
            " to another, it is the last one's."
        ),
    )
    page = graphene.Field(PageInterface, description="The page it leads to, when it is one.")

    def resolve_id(redirect, info):
        return encoded(place_of(redirect))

    def resolve_path(redirect, info):
        return redirect.old_path

    def resolve_permanent(redirect, info):
        return of_end(redirect, info, lambda end: end.is_permanent)

    def resolve_target(redirect, info):
        content: Content = info.context.content
        return of_end(
            redirect,
            info,
            lambda end: content.link_to(end.page) + end.link if end.page else end.link,
        )

    def resolve_page(redirect, info):
        return of_end(redirect, info, lambda end: end.page)


def of_end(redirect: RedirectModel, info, told: Callable[[End], Any]) -> Any:
    """Of one that leads in a circle what it says itself: a list has it all the same."""
    own = End(None, redirect.redirect_link, redirect.is_permanent)
    return settle_later(
        end_of(redirect, info.context.content),
        lambda end: end and told(own if end is CIRCLE else end),
    )


def place_of(redirect: RedirectModel) -> str:
    """Those that slugs leave behind get a number only when they are made permanent."""
    key = f"{redirect.site_id or ''}:{redirect.old_path}"
    return f"{Redirect.__name__}:{quoted(key)}"


def redirect_from(path: str, content: Content) -> Any:
    """The redirect at a path, if it leads to what readers may see, and not back to itself."""
    return content.redirect_at(path).then(lambda redirect: if_it_leads(redirect, content))


def if_it_leads(redirect: RedirectModel | None, content: Content) -> Any:
    if redirect is None:
        return None
    return settle_later(
        end_of(redirect, content),
        lambda end: None if end is None or end is CIRCLE else redirect,
    )


def redirect_with_key(key: str, content: Content) -> Any:
    """The redirect that an id tells of, if it is still the one at its path."""
    _, _, path = key.partition(":")
    place = f"{Redirect.__name__}:{quoted(key)}"
    return settle_later(
        redirect_from(path, content),
        lambda found: found if found and place_of(found) == place else None,
    )
