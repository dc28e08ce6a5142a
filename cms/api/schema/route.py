"""What a frontend's catch-all route needs in one call: a page, a redirect, or not found."""

from __future__ import annotations

from typing import Any

import graphene
from wagtail.contrib.redirects.models import Redirect as RedirectModel

from cms.api.engine.deferred import settle_later
from cms.api.reading.content import Content
from cms.api.reading.languages import Language
from cms.api.reading.redirects import end_of
from cms.api.schema.listings.listing import LANGUAGE_ARGUMENTS
from cms.api.schema.redirect import Redirect, redirect_from
from pages.types import PageInterface

__all__ = ["ROUTE"]


class Route(graphene.ObjectType):
    """What is at a path. Exactly one of three: a page, a redirect, or nothing."""

    status = graphene.Int(
        required=True, description="HTTP status to answer with: 200, 301, 302 or 404."
    )
    page = graphene.Field(PageInterface, description="The page, when the status is 200.")
    redirect = graphene.Field(Redirect, description="The redirect, when the status is 301 or 302.")


def resolve_route(root, info, path: str, locale: str | None = None, fallback: bool = True):
    content: Content = info.context.content
    return settle_later(
        content.page_at(path, Language(locale, fallback)),
        lambda page: (
            {"status": 200, "page": page}
            if page is not None
            else settle_later(redirect_from(path, content), lambda found: status_of(found, content))
        ),
    )


def status_of(redirect: RedirectModel | None, content: Content) -> Any:
    if redirect is None:
        return {"status": 404}
    return settle_later(
        end_of(redirect, content),
        lambda end: {"status": 301 if end.is_permanent else 302, "redirect": redirect},
    )


ROUTE = graphene.Field(
    Route,
    required=True,
    path=graphene.String(
        required=True,
        description=(
            "The path a reader asked for: `/charter/`, with its query string if there is one."
            " Slashes around it are forgiven, and it may be percent-encoded."
        ),
    ),
    **LANGUAGE_ARGUMENTS,
    description="What is at a path: all that a catch-all route of a frontend needs.",
    resolver=resolve_route,
)
