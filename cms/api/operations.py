"""Running an operation: from the text a client sent to an answer it can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from graphene.utils.str_converters import to_camel_case
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from wagtail.models import Page, Site

from cms.api.content import Content
from cms.api.errors import masked
from cms.api.execution import execute
from cms.api.schema import public_schema
from cms.publishing import clock
from pages.types import PageInterface

__all__ = ["Answer", "OperationContext", "run_operation"]

# What can be asked of any page without knowing its type.
UNIVERSAL_NAMES = {to_camel_case(name) for name in PageInterface._meta.fields} | {"__typename"}


class OperationContext:
    """``info.context`` of every resolver."""

    def __init__(self, site: Site, *, draft: models.Model | None = None):
        self.moment: datetime = clock.now()
        self.content = Content(site, self.moment, draft)

    def prepare(self, object_type, fields: dict, objects: list) -> list | None:
        """Complete pages that came as links, when more is asked of them than all pages have."""
        if not objects or not isinstance(objects[0], Page):
            return None
        if all(nodes[0].name.value in UNIVERSAL_NAMES for nodes in fields.values()):
            return None
        return [self.content.complete_page(page) for page in objects]


@dataclass(frozen=True)
class Answer:
    """An answer in the form of the GraphQL specification.

    ``executed`` is False when the request was refused before anything ran.
    """

    body: dict[str, Any]
    executed: bool


def run_operation(
    text: str,
    *,
    context: OperationContext,
    variables: dict[str, Any] | None = None,
    operation_name: str | None = None,
    lenient: bool = False,
) -> Answer:
    schema = public_schema()
    try:
        document = parse(text, max_tokens=settings.GRAPHQL_MAX_TOKENS)
    except GraphQLSyntaxError as error:
        return refused([coded(error, "GRAPHQL_PARSE_FAILED")])
    problems = validate(schema, document, specified_rules)
    if problems:
        return refused([coded(problem, "GRAPHQL_VALIDATION_FAILED") for problem in problems])
    try:
        operation = operation_called(operation_name, document)
    except GraphQLError as error:
        return refused([error])
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    result = execute(
        schema, operation, fragments, variables=variables, context=context, lenient=lenient
    )
    if result.data is None and result.errors and not any(e.path for e in result.errors):
        return refused([coded(error, "BAD_VARIABLES") for error in result.errors])
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body = {"errors": [masked(error) for error in result.errors], **body}
    return Answer(body, executed=True)


def operation_called(name: str | None, document: DocumentNode) -> OperationDefinitionNode:
    operations = [
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    if name is None and len(operations) > 1:
        raise unknown_operation("The document has several operations: name one to run.")
    for operation in operations:
        if name is None or (operation.name and operation.name.value == name):
            if operation.operation is not OperationType.QUERY:
                raise unknown_operation("Only queries are served.")
            return operation
    raise unknown_operation(f"The document has no operation called {name!r}.")


def unknown_operation(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "OPERATION_NOT_FOUND"})


def coded(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {**(error.extensions or {}), "code": code}
    return error


def refused(errors: list[GraphQLError]) -> Answer:
    return Answer({"errors": [masked(error) for error in errors]}, executed=False)
