"""Documents that were parsed, measured and validated, kept for the next time they are sent."""

from __future__ import annotations

import sys
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    Token,
    ValidationRule,
    introspection_types,
    parse,
    specified_rules,
    validate,
)

from cms.api.engine.collecting import Kept
from cms.api.engine.errors import RequestRefused
from cms.api.engine.limits import LimitExceeded, Limits, check_shape

__all__ = ["DocumentCache", "ValidDocument", "coded"]

# As measured on a 64-bit machine, with the nodes that a token is part of and what is collected of
# them: one field a token at most, while the rest is collected each time.
BYTES_OF_A_DOCUMENT = 20_000
BYTES_OF_A_TOKEN = 800


@dataclass(frozen=True)
class ValidDocument:
    """A document that may run against the schema."""

    operations: tuple[OperationDefinitionNode, ...]
    fragments: dict[str, FragmentDefinitionNode]
    # Bytes that it takes while it is kept, at most, with what is collected of it.
    memory: int
    kept: Kept

    def operation(self, name: str | None, *, read_only: bool) -> OperationDefinitionNode:
        """The operation to run. Raises ``RequestRefused`` when that is not clear or not allowed."""
        if name is None and len(self.operations) != 1:
            raise refused_operation("The document has several operations: name the one to run.")
        for operation in self.operations:
            if name is None or (operation.name and operation.name.value == name):
                check_kind(operation.operation, read_only=read_only)
                return operation
        raise refused_operation(f"The document has no operation called {name!r}.")


def check_kind(kind: OperationType, *, read_only: bool) -> None:
    if kind is OperationType.SUBSCRIPTION:
        raise refused_operation("Queries and mutations are served, subscriptions are not.")
    if kind is OperationType.MUTATION and read_only:
        # GET may not change anything.
        raise refused_operation("Send a mutation with POST.", status=405)


def refused_operation(message: str, *, status: int = 422) -> RequestRefused:
    error = GraphQLError(message, extensions={"code": "OPERATION_RESOLUTION_FAILURE"})
    return RequestRefused([error], status=status)


class DocumentCache:
    """Valid documents by their text; the least recently used go first. Safe between threads.

    ``size`` bounds the memory of all of them together, in bytes. Characters would not: a short text
    of many tokens takes a hundred times as much. All of it is also looked through for garbage now
    and then, while some answer waits.
    """

    def __init__(self, schema: GraphQLSchema, size: int):
        self.schema = schema
        self.size = size
        self._documents: OrderedDict[tuple[str, bool], ValidDocument] = OrderedDict()
        self._used = 0
        self._lock = Lock()

    def get(self, text: str, limits: Limits, *, introspection: bool) -> ValidDocument:
        """The document of a text. Raises ``RequestRefused`` when it must not run."""
        key = (text, introspection)
        with self._lock:
            document = self._documents.get(key)
            if document is not None:
                self._documents.move_to_end(key)
                return document
        document = read_document(self.schema, text, limits, introspection=introspection)
        with self._lock:
            if key not in self._documents and document.memory <= self.size:
                self._documents[key] = document
                self._used += document.memory
            while self._used > self.size:
                _, oldest = self._documents.popitem(last=False)
                self._used -= oldest.memory
        return document

    def __contains__(self, key: tuple[str, bool]) -> bool:
        return key in self._documents

    def __len__(self) -> int:
        return len(self._documents)


def read_document(
    schema: GraphQLSchema, text: str, limits: Limits, *, introspection: bool
) -> ValidDocument:
    """Parse, measure and validate a text.

    Without ``introspection`` the document may not ask about the schema, and errors do not suggest
    the names of fields that exist.
    """
    try:
        parsed = parsed_within(limits, text)
        check_shape(parsed, limits)
    except GraphQLSyntaxError as error:
        raise RequestRefused([coded(error, "GRAPHQL_PARSE_FAILED")], status=400) from error
    except GraphQLError as error:
        raise RequestRefused([error]) from error
    except RecursionError as error:  # fragments within fragments that select nothing between
        message = "The operation is nested too deeply to be measured."
        refused = GraphQLError(message, extensions={"code": "LIMIT_EXCEEDED", "limit": "levels"})
        raise RequestRefused([refused]) from error
    rules = [*specified_rules, PlainIntrospection if introspection else NoIntrospection]
    problems = validate(schema, parsed, rules, max_errors=10, hide_suggestions=not introspection)
    if problems:
        raise RequestRefused([coded(e, "GRAPHQL_VALIDATION_FAILED") for e in problems])
    tokens = tokens_of(parsed)
    return ValidDocument(
        tuple(n for n in parsed.definitions if isinstance(n, OperationDefinitionNode)),
        {n.name.value: n for n in parsed.definitions if isinstance(n, FragmentDefinitionNode)},
        memory_of(text, tokens),
        Kept(tokens),
    )


def memory_of(text: str, tokens: int) -> int:
    """Bytes that a syntax tree takes, at most.

    Every node keeps its first and last token, and these all others, comments too; with them the
    whole text is there once more. What the database was given of it keeps that form as well.
    """
    return BYTES_OF_A_DOCUMENT + BYTES_OF_A_TOKEN * tokens + 3 * sys.getsizeof(text)


def tokens_of(parsed: DocumentNode) -> int:
    tokens = 0
    token: Token | None = parsed.loc.start_token if parsed.loc else None
    while token is not None:
        tokens, token = tokens + 1, token.next
    return tokens


def parsed_within(limits: Limits, text: str) -> DocumentNode:
    try:
        return parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
    except GraphQLSyntaxError as error:
        for what in ("tokens", "comments"):
            if f" more than {limits.tokens} {what}." in error.message:
                raise LimitExceeded(what, limits.tokens + 1, limits.tokens) from error
        raise


class NoIntrospection(ValidationRule):
    """Refuses to tell the schema. A type asked for by its name is null: unknown."""

    def enter_field(self, node: FieldNode, *_) -> None:
        if node.name.value == "__schema":
            message = "The schema is not told here: it is in the contract."
            self.report_error(GraphQLError(message, node, extensions={"code": "NO_INTROSPECTION"}))


class PlainIntrospection(ValidationRule):
    """Refuses aliases that would have the whole schema told many times in one answer."""

    def enter_field(self, node: FieldNode, *_) -> None:
        parent = self.context.get_parent_type()
        within = parent is not None and parent.name in introspection_types
        if node.alias and (within or node.name.value == "__schema"):
            message = "Ask about the schema without aliases."
            self.report_error(GraphQLError(message, node, extensions={"code": "LIMIT_EXCEEDED"}))


def coded(error: GraphQLError, code: str) -> GraphQLError:
    """The error with a code, unless it has one already, and without what Python had to say."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if cause is not None:
        error.message = error.message.removesuffix(f"; {cause}").removesuffix(f" {cause}")
    error.extensions = {"code": code, **(error.extensions or {})}
    return error
