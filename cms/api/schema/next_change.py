"""When the clock alone will change an answer, so that a frontend knows when to ask again.

Whatever goes live or expires may stand in any list, link or menu, so all of it counts; what page
types tell by the clock counts where it was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import graphene
from graphql import FieldNode, GraphQLResolveInfo

from cms.api.engine.deferred import Deferred
from cms.api.engine.selections import fields_within
from cms.perspective.next_change import next_change
from cms.perspective.visibility import visible
from pages.models import FormPage, ForumPage

__all__ = ["NEXT_CHANGE_AT"]

ASKED_WHILE_OPEN = {"isOpen", "formFields", "honeypot"}


def resolve_next_change(root, info) -> Deferred | None:
    context = info.context
    if context.perspective.is_fixed:
        return None
    asked = Asked(asks_for_status(info), asks_what_is_open(info))
    return context.content.once(
        ("next change", asked), lambda: moment_of_next_change(context, asked)
    )


class Asked(NamedTuple):
    """What page types tell by the clock, as far as it was asked for."""

    status: bool
    opening: bool


def moment_of_next_change(context: Any, asked: Asked) -> datetime | None:
    audience = context.sites.audience()
    moments = [next_change(context.moment, audience)] if not context.perspective.drafts else []
    if asked.status:
        forums = visible(audience.pages(ForumPage.objects.all()), at=context.moment)
        moments.append(forums.next_change_of_status(after=context.moment))
    if asked.opening:
        forms = visible(audience.pages(FormPage.objects.all()), at=context.moment)
        moments.append(forms.next_change_of_opening(after=context.moment))
    return min(filter(None, moments), default=None)


def asks_for_status(info: GraphQLResolveInfo) -> bool:
    """Whether an operation asks for the status of forums, or may filter by it."""
    return any(
        field.name.value == "status"
        or (
            field.name.value == "forums"
            and any(each.name.value == "filter" for each in field.arguments)
        )
        for field in fields_of(info)
    )


def asks_what_is_open(info: GraphQLResolveInfo) -> bool:
    """Whether an operation asks for what forms tell only while they take answers."""
    return any(field.name.value in ASKED_WHILE_OPEN for field in fields_of(info))


def fields_of(info: GraphQLResolveInfo) -> Iterator[FieldNode]:
    return fields_within([info.operation], info.fragments, set())


NEXT_CHANGE_AT = graphene.DateTime(
    description=(
        "When the clock alone may next change this answer: something goes live or expires, a forum"
        " that was asked for with its status begins or ends, or a form that was asked whether it is"
        " open opens or closes. Ask again then; never too late, perhaps too early. Null when no"
        " moment is known."
    ),
    resolver=resolve_next_change,
)
