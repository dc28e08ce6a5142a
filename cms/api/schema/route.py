"""What a frontend's catch-all route needs in one call: a page, a redirect, or not found."""

from __future__ import annotations

import graphene
from django.db.models import F, Q
from wagtail.contrib.redirects.models import Redirect as RedirectModel
from wagtail.models import Page

from cms.api.reading.content import Content, settle_later
from cms.api.reading.paths import could_exist
from cms.api.schema.listings.listing import LOCALE
from pages.types import PageInterface

__all__ = ["ROUTE"]


class Redirect(graphene.ObjectType):
    """Where a path has moved to."""

    permanent = graphene.Boolean(
        required=True, description="True for 301 (moved for good), false for 302 (for now)."
    )
    target = graphene.String(
        required=True, description="Where to send the reader: a path on this site or an address."
    )
    page = graphene.Field(PageInterface, description="The page it leads to, when it is one.")


class Route(graphene.ObjectType):
    """What is at a path. Exactly one of three: a page, a redirect, or nothing."""

    status = graphene.Int(
        required=True, description="HTTP status to answer with: 200, 301, 302 or 404."
    )
    page = graphene.Field(PageInterface, description="The page, when the status is 200.")
    redirect = graphene.Field(Redirect, description="The redirect, when the status is 301 or 302.")


def resolve_route(root, info, path: str, locale: str | None = None):
    content: Content = info.context.content
    if not could_exist(path):
        return {"status": 404}
    page = content.page_at(path, locale)
    if page is not None:
        return {"status": 200, "page": page}
    redirect = redirect_at(path, content)
    if redirect is None:
        return {"status": 404}
    if redirect.redirect_page_id is None:
        return redirected(redirect, redirect.redirect_link, None)
    return settle_later(
        content.one(Page, redirect.redirect_page_id),
        lambda page: (
            (page and redirected(redirect, target_in(page, redirect, content), page))
            or {"status": 404}
        ),
    )


def redirect_at(path: str, content: Content) -> RedirectModel | None:
    try:
        old_path = RedirectModel.normalise_path(path)
    except ValueError:  # It looks like a whole address, of a host that cannot be: `http://[`.
        return None
    found = RedirectModel.objects.filter(
        Q(site=content.site) | Q(site__isnull=True), old_path=old_path
    )
    # One made for this site goes before one made for all.
    return (
        found.exclude(redirect_page=None, redirect_link="")
        .order_by(F("site_id").asc(nulls_last=True))
        .first()
    )


def target_in(page, redirect: RedirectModel, content: Content) -> str:
    return content.path_of(page) + redirect.redirect_page_route_path.lstrip("/")


def redirected(redirect: RedirectModel, target: str, page) -> dict:
    return {
        "status": 301 if redirect.is_permanent else 302,
        "redirect": {"permanent": redirect.is_permanent, "target": target, "page": page},
    }


ROUTE = graphene.Field(
    Route,
    required=True,
    path=graphene.String(
        required=True, description="The path a reader asked for: `/charter/`, slashes forgiven."
    ),
    locale=LOCALE,
    description="What is at a path: all that a catch-all route of a frontend needs.",
    resolver=resolve_route,
)
