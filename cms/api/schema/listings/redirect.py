"""The list of redirects, for frontends whose host keeps them in a file."""

from __future__ import annotations

from typing import Any

import graphene
from wagtail.contrib.redirects.models import Redirect as RedirectModel

from cms.api.reading.questions import Redirects
from cms.api.schema.redirect import Redirect
from pages.types import CONNECTION_ARGUMENTS, connection_of

__all__ = ["REDIRECTS"]


def resolve_redirects(root, info, **arguments: Any) -> Any:
    content = info.context.content
    return content.connection(
        Redirects(RedirectModel, frozenset()),
        order=("old_path",),
        values={"site": content.site.pk},
        **arguments,
    )


REDIRECTS = graphene.Field(
    lambda: connection_of(Redirect.__name__, Redirect),
    required=True,
    description=(
        "The redirects of this site that lead to what readers may see, by path. Where a page stands"
        " at a path, it goes before the redirect."
    ),
    resolver=resolve_redirects,
    args=CONNECTION_ARGUMENTS,
)
