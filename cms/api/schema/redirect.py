"""Redirects as readers may know of them: only those that lead to what they may see."""

from __future__ import annotations

from typing import Any

import graphene
from wagtail.contrib.redirects.models import Redirect as RedirectModel
from wagtail.models import Page

from cms.api.reading.content import Content, settle_later
from cms.api.reading.ids import encoded, quoted
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
        required=True, description="True for 301 (moved for good), false for 302 (for now)."
    )
    target = graphene.String(
        required=True, description="Where to send the reader: a path on this site or an address."
    )
    page = graphene.Field(PageInterface, description="The page it leads to, when it is one.")

    def resolve_id(redirect, info):
        return encoded(place_of(redirect))

    def resolve_path(redirect, info):
        return redirect.old_path

    def resolve_permanent(redirect, info):
        return redirect.is_permanent

    def resolve_target(redirect, info):
        content: Content = info.context.content
        page = content.one(Page, redirect.redirect_page_id)
        if page is None:
            return redirect.redirect_link
        behind = redirect.redirect_page_route_path.lstrip("/")
        return settle_later(page, lambda found: found and content.link_to(found) + behind)

    def resolve_page(redirect, info):
        return info.context.content.one(Page, redirect.redirect_page_id)


def place_of(redirect: RedirectModel) -> str:
    """Those that slugs leave behind get a number only when they are made permanent."""
    key = f"{redirect.site_id or ''}:{redirect.old_path}"
    return f"{Redirect.__name__}:{quoted(key)}"


def redirect_from(path: str, content: Content) -> Any:
    """The redirect at a path, if it leads to what readers may see."""
    return content.redirect_at(path).then(lambda redirect: if_it_leads(redirect, content))


def if_it_leads(redirect: RedirectModel | None, content: Content) -> Any:
    if redirect is None or redirect.redirect_page_id is None:
        return redirect
    page = content.one(Page, redirect.redirect_page_id)
    return settle_later(page, lambda found: found and redirect)


def redirect_with_key(key: str, content: Content) -> Any:
    """The redirect that an id tells of, if it is still the one at its path."""
    _, _, path = key.partition(":")
    place = f"{Redirect.__name__}:{quoted(key)}"
    return settle_later(
        redirect_from(path, content),
        lambda found: found if found and place_of(found) == place else None,
    )
