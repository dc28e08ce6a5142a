"""The list of tags that readers can filter by."""

from __future__ import annotations

from typing import Any

import graphene
from taggit.models import Tag as TagModel

from cms.api.reading.questions import Tags
from cms.api.schema.listings.listing import LOCALE
from pages.models import ArticlePage, DeliverablePage
from pages.types import CONNECTION_ARGUMENTS, connection_of

__all__ = ["TAGS"]


class Tag(graphene.ObjectType):
    """A word that articles and deliverables can be filtered by."""

    name = graphene.String(required=True, description="The word, as filters take it.")


TOLD = {"ARTICLES": "Tags of articles.", "DELIVERABLES": "Tags of deliverables."}


class TaggedContent(graphene.Enum):
    """What tags are given to."""

    ARTICLES = "articles"
    DELIVERABLES = "deliverables"

    @property
    def description(self):
        return TOLD[self.name]


TAGGED = {"articles": ArticlePage, "deliverables": DeliverablePage}


def resolve_tags(root, info, of: Any = None, **arguments: Any) -> Any:
    tagged = (TAGGED[getattr(of, "value", of)],) if of else tuple(TAGGED.values())
    return info.context.content.connection(
        Tags(TagModel, frozenset(), tagged), order=("name",), values={}, **arguments
    )


TAGS = graphene.Field(
    lambda: connection_of(Tag.__name__, Tag),
    required=True,
    description="The tags that visible articles and deliverables have, from A to Z.",
    resolver=resolve_tags,
    args={
        **CONNECTION_ARGUMENTS,
        "of": graphene.Argument(
            TaggedContent, description="Only those of this content; else of all that has tags."
        ),
        "locale": LOCALE,
    },
)
