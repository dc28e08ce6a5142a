"""When the clock alone will change an answer, so that a frontend knows when to ask again.

Whatever goes live or expires may stand in any list, link or menu, so all of it counts; what page
types tell by the clock counts where it was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import graphene
from graphql import FieldNode, GraphQLResolveInfo

from cms.api.engine.deferred import Deferred
from cms.api.engine.selections import fields_within
from cms.perspective.next_change import next_change
from cms.perspective.visibility import visible
from pages.models import ForumPage

__all__ = ["NEXT_CHANGE_AT"]


def resolve_next_change(root, info) -> Deferred | None:
    context = info.context
    if context.perspective.is_fixed:
        return None
    with_status = asks_for_status(info)
    return context.content.once(
        ("next change", with_status), lambda: moment_of_next_change(context, with_status)
    )


def moment_of_next_change(context: Any, with_status: bool) -> datetime | None:
    audience = context.sites.audience()
    moments = [next_change(context.moment, audience)] if not context.perspective.drafts else []
    if with_status:
        forums = visible(audience.pages(ForumPage.objects.all()), at=context.moment)
        moments.append(forums.next_change_of_status(after=context.moment))
    return min(filter(None, moments), default=None)


def asks_for_status(info: GraphQLResolveInfo) -> bool:
    """Whether an operation asks for the status of forums, or may filter by it."""
    fields: Iterator[FieldNode] = fields_within([info.operation], info.fragments, set())
    return any(
        field.name.value == "status"
        or (
            field.name.value == "forums"
            and any(each.name.value == "filter" for each in field.arguments)
        )
        for field in fields
    )


NEXT_CHANGE_AT = graphene.DateTime(
    description=(
        "When the clock alone may next change this answer: something goes live or expires, or a"
        " forum that was asked for with its status begins or ends. Ask again then; never too late,"
        " perhaps too early. Null when no moment is known."
    ),
    resolver=resolve_next_change,
)
