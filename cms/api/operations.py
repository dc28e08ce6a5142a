"""Running an operation: from the text a client sent to an answer it can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db import connection, models
from graphene.utils.str_converters import to_camel_case
from graphql import (
    ExecutionResult,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.values import get_variable_values
from wagtail.models import DraftStateMixin, Page

from cms.api.engine.budget import AnswerStopped, Budget
from cms.api.engine.collecting import Collected
from cms.api.engine.documents import DocumentCache, ValidDocument, coded
from cms.api.engine.errors import BadArgument, DraftIncomplete, RequestRefused, masked
from cms.api.engine.execution import execute
from cms.api.engine.limits import LimitExceeded, Limits, Price, price_of
from cms.api.reading.content import Content
from cms.api.reading.sites import Sites
from cms.api.schema.public import public_schema
from cms.database.outage import cannot_be_used
from cms.database.overlay import Overlay
from cms.database.snapshot import snapshot
from cms.database.statements import long_texts_noted
from cms.perspective.changes import Change, NewRedirect
from cms.perspective.perspectives import PUBLISHED_NOW, Perspective
from cms.perspective.projection import projection_of
from cms.search.in_vain import Searched
from pages.types import PageInterface

__all__ = ["Answer", "OperationContext", "run_operation", "within_bytes"]

# What can be asked of any page without knowing its type.
UNIVERSAL_NAMES = {to_camel_case(name) for name in PageInterface._meta.fields} | {"__typename"}


class OperationContext:
    """``info.context`` of every resolver."""

    def __init__(
        self,
        sites: Sites,
        *,
        draft: models.Model | None = None,
        perspective: Perspective = PUBLISHED_NOW,
        whole_addresses: bool = False,
        client_address: str | None = None,
    ):
        self.sites = sites
        self.client_address = client_address
        self.perspective = perspective
        self.moment: datetime = perspective.moment()
        self.content = Content(sites, self.moment, draft, whole_addresses=whole_addresses)
        # What is seen in the place of what is published, while the context is in force.
        self.changes: tuple[Change | NewRedirect, ...] = ()
        self.overlay: Overlay | None = None
        self.is_in_force = False
        self.searched_in_vain: list[Searched] = []

    @property
    def may_show_drafts(self) -> bool:
        """Then a gap is a gap in its own place; what readers see has none."""
        return self.perspective != PUBLISHED_NOW or self.content.draft is not None

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Whatever is read in here is of one state of the database, seen from the perspective.

        An answer of several operations enters this once around all of them.
        """
        if self.is_in_force:
            yield
            return
        with snapshot(), self.perspective_in_force():
            self.is_in_force = True
            try:
                yield
            finally:
                self.is_in_force = False

    @contextmanager
    def perspective_in_force(self) -> Iterator[None]:
        self.changes = self.perspective.changes(
            self.moment, earliest_go_live=self.sites.earliest_go_live
        )
        if not self.changes:
            yield
            return
        projection = projection_of(self.changes)
        self.changes, overlay = projection.changes, projection.overlay
        self.overlay = overlay
        with overlay.in_force(), self.sites.moved(overlay.moved):
            yield

    def keys_replaced(self, model: type[models.Model]) -> frozenset[Any]:
        """The keys of the rows of a model that the perspective shows others in the place of."""
        return self.overlay.keys_replaced(model) if self.overlay else frozenset()

    def without_draft(self) -> OperationContext:
        """The same perspective, in force if this one is, on published versions alone."""
        other = copy(self)
        other.content = Content(
            self.sites, self.moment, whole_addresses=self.content.whole_addresses
        )
        return other

    def anew(self) -> OperationContext:
        """The same, of this moment and with nothing read yet."""
        return OperationContext(
            self.sites, perspective=self.perspective, client_address=self.client_address
        )

    def for_sending(self) -> OperationContext:
        """The same, anew, for what readers send; raises ``BadArgument`` in a preview."""
        if self.perspective != PUBLISHED_NOW:
            raise BadArgument("A preview sends nothing: leave the Authorization header out.")
        return self.anew()

    def prepare(self, object_type, fields: Collected, objects: list) -> list | None:
        """Complete pages that came as links, when more is asked of them than all pages have."""
        if not objects or not isinstance(objects[0], Page) or not is_page_type(object_type):
            return None
        if all(field.nodes[0].name.value in UNIVERSAL_NAMES for field in fields.fields):
            return None
        return [self.content.complete_page(page) for page in objects]


def is_page_type(object_type: GraphQLObjectType) -> bool:
    """What is told of a page elsewhere, as in the sitemap, is known of all pages."""
    return any(each.name == PageInterface._meta.name for each in object_type.interfaces)


@dataclass(frozen=True)
class Answer:
    """An answer in the form of the GraphQL specification, and the HTTP status that goes with it."""

    body: dict[str, Any]
    status: int


@cache
def valid_documents() -> DocumentCache:
    return DocumentCache(public_schema(), settings.GRAPHQL_DOCUMENT_CACHE_SIZE)


def limits() -> Limits:
    return Limits(**settings.GRAPHQL_LIMITS)


def run_operation(
    text: str,
    *,
    context: OperationContext,
    variables: dict[str, Any] | None = None,
    operation_name: str | None = None,
    read_only: bool = True,
    introspection: bool = False,
) -> Answer:
    """Answer one operation.

    ``read_only`` refuses mutations, as HTTP's GET has to. ``introspection`` allows
    questions about the schema and names in error messages.
    """
    try:
        document = valid_documents().get(text, limits(), introspection=introspection)
        operation = document.operation(operation_name, read_only=read_only)
        coerced = coerce(operation, variables or {}, hide_suggestions=not introspection)
        cost = affordable_cost(document, operation, coerced)
        result = executed(document, operation, coerced, context, introspection=introspection)
    except RequestRefused as refusal:
        return refused(refusal)
    for error in result.errors or ():
        if error.original_error and cannot_be_used(error.original_error):
            raise error.original_error  # All of the answer can be had later.
    body: dict[str, Any] = {"data": result.data, "extensions": {"cost": cost}}
    if result.errors:
        body = {"errors": [masked(error) for error in result.errors], **body}
    return Answer(body, 294 if result.errors else 200)


def refused(refusal: RequestRefused) -> Answer:
    return Answer({"errors": [masked(error) for error in refusal.errors]}, refusal.status)


def executed(
    document: ValidDocument,
    operation: OperationDefinitionNode,
    variables: dict[str, Any],
    context: OperationContext,
    *,
    introspection: bool,
) -> ExecutionResult:
    """Data and errors. Raises ``RequestRefused`` when the answer takes more than it may."""
    budget = Budget(settings.GRAPHQL_LIMITS)
    # What writes begins transactions of its own.
    writes = operation.operation is OperationType.MUTATION
    with nullcontext() if writes else context.in_force(), spending(budget):
        try:
            return execute(
                public_schema(),
                operation,
                document.fragments,
                variables=variables,
                context=context,
                gap=gap_in_draft if context.may_show_drafts else None,
                budget=budget,
                introspection=introspection,
                kept=document.kept,
            )
        except AnswerStopped as stopped:
            raise RequestRefused([stopped]) from stopped


@contextmanager
def spending(budget: Budget) -> Iterator[None]:
    """Whatever the database is asked, by whom ever, is counted."""

    def counted(execute, sql: str, parameters, many: bool, context: dict[str, Any]) -> Any:
        budget.spend("statements", 1)
        return execute(sql, parameters, many, context)

    with (
        connection.execute_wrapper(counted),
        long_texts_noted(partial(budget.spend, "characters_read")),
    ):
        yield


def within_bytes(answer: Answer, content: bytes) -> Answer:
    """The answer, or one that says that it is too long, written out."""
    limit = settings.GRAPHQL_LIMITS["bytes"]
    if len(content) <= limit:
        return answer
    return refused(RequestRefused([AnswerStopped("bytes", limit)]))


def gap_in_draft(around: Iterable[Any], field: str) -> DraftIncomplete:
    """Names the page or snippet that lacks something; child rows and blocks have no name."""
    nearest = (each for each in around if isinstance(each, DraftStateMixin))
    return DraftIncomplete(str(next(nearest, "")) or "Untitled", field)


def coerce(
    operation: OperationDefinitionNode, variables: dict[str, Any], *, hide_suggestions: bool
) -> dict[str, Any]:
    coerced = get_variable_values(
        public_schema(),
        operation.variable_definitions or (),
        variables,
        max_errors=10,
        hide_suggestions=hide_suggestions,
    )
    if isinstance(coerced, list):
        raise RequestRefused([coded(error, "BAD_USER_INPUT") for error in coerced])
    return coerced


def affordable_cost(
    document: ValidDocument, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> dict[str, int]:
    """The cost as answers tell it. Raises ``RequestRefused`` when the operation may not run."""
    price = price_for(document, operation, variables)
    for what, label, requested in (
        ("cost", "cost", price.cost),
        ("lists", "lists", price.lists),
        ("bytes", "bytes of names", price.bytes),
    ):
        limit = settings.GRAPHQL_LIMITS[what]
        if requested > limit:
            raise RequestRefused([LimitExceeded(label, requested, limit)])
    return {"requested": price.cost, "limit": settings.GRAPHQL_LIMITS["cost"]}


def price_for(
    document: ValidDocument, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> Price:
    """Worked out anew only where more or less is asked for than the last time."""
    sizes = {
        "page_size": settings.GRAPHQL_DEFAULT_PAGE_SIZE,
        "list_size": settings.GRAPHQL_ASSUMED_LIST_SIZE,
    }
    asked = (id(operation), *sizes.values(), *sizes_of(variables))
    priced = document.kept.priced
    if priced is None or priced[0] != asked:
        price = price_of(public_schema(), operation, document.fragments, variables, **sizes)
        priced = document.kept.priced = (asked, price)
    return priced[1]


def sizes_of(variables: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """All of the variables that a price depends on."""
    for name, value in variables.items():
        if isinstance(value, int):
            yield name, value
        elif isinstance(value, list):
            yield name, len(value)
