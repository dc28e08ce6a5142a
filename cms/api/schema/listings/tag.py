"""The list of tags that readers can filter by."""

from __future__ import annotations

from typing import Any

import graphene
from taggit.models import Tag as TagModel
from wagtail.models import Page

from cms.api.reading.content import Content
from cms.api.reading.languages import Language
from cms.api.reading.questions import Tags
from cms.api.schema.listings.listing import LANGUAGE_ARGUMENTS
from cms.api.schema.node import Node, id_field
from pages.models import ArticlePage, DeliverablePage
from pages.types import CONNECTION_ARGUMENTS, connection_of

__all__ = ["TAGS", "tag_with_key"]


def count_of(model: type[Page], things: str) -> graphene.Field:
    return graphene.Field(
        graphene.Int,
        required=True,
        description=f"How many visible {things} of the site have it.",
        args=LANGUAGE_ARGUMENTS,
        resolver=lambda tag, info, locale=None, fallback=True: info.context.content.uses_of_tag(
            tag.pk, model, Language(locale, fallback)
        ),
    )


class Tag(graphene.ObjectType):
    """A word that articles and deliverables can be filtered by."""

    class Meta:
        interfaces = (Node,)

    id = id_field("Names this tag alone, on the whole site, and stays the same.")
    name = graphene.String(required=True, description="The word, as filters take it.")
    article_count = count_of(ArticlePage, "articles")
    deliverable_count = count_of(DeliverablePage, "deliverables")


TOLD = {"ARTICLES": "Tags of articles.", "DELIVERABLES": "Tags of deliverables."}


class TaggedContent(graphene.Enum):
    """What tags are given to."""

    ARTICLES = "articles"
    DELIVERABLES = "deliverables"

    @property
    def description(self):
        return TOLD[self.name]


TAGGED = {"articles": ArticlePage, "deliverables": DeliverablePage}


def tags_of(*tagged: type[Page]) -> Tags:
    return Tags(TagModel, frozenset(), tagged or tuple(TAGGED.values()))


def resolve_tags(root, info, of: Any = None, locale=None, fallback=True, **arguments: Any) -> Any:
    source = tags_of(TAGGED[getattr(of, "value", of)]) if of else tags_of()
    language = Language(locale, fallback)
    return info.context.content.connection(
        source, order=("name",), values={}, language=language, **arguments
    )


def tag_with_key(key: int, content: Content) -> Any:
    """The tag that an id tells of, if something that readers may see has it."""
    return content.tag(key, tags_of())


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
        **LANGUAGE_ARGUMENTS,
    },
)
