"""Pages as Markdown: what each type's writer asks is asked of all pages of an answer at once.

It is asked as a client would ask it, of the same types with the same resolvers, from the same
perspective. So nothing is in a page's Markdown that the answer would not hold, and it takes as many
statements for fifty pages as for five.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    parse,
    specified_rules,
    validate,
)
from grapple.registry import registry
from wagtail.models import Page

from cms.api.engine.budget import Budget
from cms.api.engine.collecting import Kept
from cms.api.engine.errors import DraftIncomplete
from cms.api.engine.execution import execute
from cms.api.engine.limits import Price, price_of
from pages.markdown import WRITERS
from pages.markdown.document import Answer, Document
from pages.markdown.front_matter import front_matter
from pages.types import PageInterface

__all__ = ["MarkdownPage", "price_of_markdown", "written"]

ABOUT_ALL = "title url locale firstPublishedAt lastPublishedAt seo { description }"
# More than all that is asked has.
FIELDS_KEPT = 10_000
# Types have fields of one name and different types. Clients want to know which; here each is told
# with its own type's writer.
RULES = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]


@dataclass(frozen=True)
class MarkdownPage:
    """A page that was written down, and what stands before it where it is a file."""

    front_matter: str
    text: str

    @property
    def file(self) -> str:
        return f"{self.front_matter}\n\n{self.text}\n"


@dataclass(frozen=True)
class Questionnaire:
    """What is asked of pages, in a schema whose root has nothing but the pages that are given."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    kept: Kept


@cache
def schema_of_pages(public: GraphQLSchema) -> GraphQLSchema:
    page: Any = public.type_map[PageInterface._meta.name]
    root = GraphQLObjectType(
        "Query",
        {
            "pages": GraphQLField(GraphQLList(page), resolve=lambda pages, info: pages),
            "page": GraphQLField(page),
        },
    )
    return GraphQLSchema(root, types=public.get_possible_types(page))


def question(public: GraphQLSchema, text: str) -> Questionnaire:
    schema = schema_of_pages(public)
    document = parse(text)
    problems = validate(schema, document, RULES)
    if problems:
        raise RuntimeError("\n".join(problem.message for problem in problems))
    operation: Any = document.definitions[0]
    return Questionnaire(schema, operation, Kept(FIELDS_KEPT))


@cache
def question_for_all(public: GraphQLSchema) -> Questionnaire:
    return question(public, f"{{ pages {{ {ABOUT_ALL} {' '.join(map(asked_of, WRITERS))} }} }}")


def asked_of(model: type[Page]) -> str:
    return f"... on {registry.pages[model]._meta.name} {{ {WRITERS[model].asks} }}"


def written(
    pages: Sequence[Page], public: GraphQLSchema, context: Any
) -> dict[Page, MarkdownPage | Exception]:
    """Each page written down, or why it cannot be."""
    asked = question_for_all(public)
    answer = execute(
        asked.schema,
        asked.operation,
        {},
        context=context,
        root_value=pages,
        gap=gap if context.may_show_drafts else None,
        budget=Budget(settings.GRAPHQL_LIMITS),
        introspection=False,
        kept=asked.kept,
    )
    failed = {
        # Without the place that it has in this answer, which is not the one that clients get.
        place_of(error): error.original_error or GraphQLError(error.message)
        for error in answer.errors or ()
        if not is_gap(error)
    }
    if None in failed:
        raise failed[None]
    told: Any = answer.data
    return {
        page: failed[index] if index in failed else written_page(type(page), found)
        for index, (page, found) in enumerate(zip(pages, told["pages"], strict=True))
    }


def written_page(model: type[Page], found: Answer) -> MarkdownPage:
    document = Document(found["title"])
    WRITERS[model].write(document, found)
    return MarkdownPage(front_matter(found), document.written())


def place_of(error: GraphQLError) -> int | None:
    """Which of the pages an error is of."""
    place = (error.path or [])[1:2]
    return place[0] if place and isinstance(place[0], int) else None


def gap(around: Any, field: str) -> DraftIncomplete:
    """What an unfinished draft lacks is left out."""
    return DraftIncomplete("", field)


def is_gap(error: GraphQLError) -> bool:
    return isinstance(error.original_error, DraftIncomplete)


def price_of_markdown(public: GraphQLSchema, model: type[Page]) -> Price:
    """What a page of a type takes that is asked for its Markdown."""
    asked = question(public, f"{{ page {{ {ABOUT_ALL} {asked_of(model)} }} }}")
    sizes = {
        "page_size": settings.GRAPHQL_DEFAULT_PAGE_SIZE,
        "list_size": settings.GRAPHQL_ASSUMED_LIST_SIZE,
    }
    price = price_of(asked.schema, asked.operation, {}, {}, **sizes)
    return price._replace(bytes=0)  # None of the names is in the answer.
