"""The errors a client can meet, each with a stable code.

Codes are part of the contract and listed in ``docs/frontend.md``.
"""

import logging
import uuid
from typing import Any

from graphql import GraphQLError

__all__ = ["BadArgument", "CursorExpired", "DraftIncomplete", "RequestRefused", "masked"]

logger = logging.getLogger(__name__)

LONGEST_MESSAGE = 500


class BadArgument(GraphQLError):
    """An argument has the right type but a value that cannot be served."""

    def __init__(self, message: str):
        super().__init__(message, extensions={"code": "BAD_USER_INPUT"})


class DraftIncomplete(GraphQLError):
    """A value that the schema promises, and that a draft does not have yet."""

    def __init__(self, title: str, field: str):
        super().__init__(
            f"“{title}” is not complete: it has no {field} yet.",
            extensions={"code": "DRAFT_INCOMPLETE"},
        )


class CursorExpired(GraphQLError):
    """What happened since a cursor of ``changes`` cannot be told any more."""

    def __init__(self, reason: str):
        message = f"{reason} Read everything anew, from a new cursor."
        super().__init__(message, extensions={"code": "CURSOR_EXPIRED"})


class RequestRefused(Exception):
    """Nothing of the request was executed; ``errors`` say why, ``status`` says it in HTTP."""

    def __init__(self, errors: list[GraphQLError], *, status: int = 422):
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors
        self.status = status


def masked(error: GraphQLError) -> dict:
    """An error as clients see it: ``message``, ``locations``, ``path`` and ``extensions.code``.

    Only errors we wrote carry a code. Anything else is unexpected: it becomes a general message
    and an id under which the log has the rest.
    """
    formatted: dict[str, Any] = dict(error.formatted)
    if "code" not in (error.extensions or {}):
        error_id = uuid.uuid4().hex
        cause = error.original_error or error
        logger.error("GraphQL error %s at %s", error_id, error.path, exc_info=cause)
        formatted["message"] = f"Something went wrong on our side. Quote {error_id} to report it."
        formatted["extensions"] = {"code": "INTERNAL_SERVER_ERROR", "id": error_id}
    # Messages repeat what the client sent, which may be long, and repeat it for each error.
    if len(formatted["message"]) > LONGEST_MESSAGE:
        formatted["message"] = formatted["message"][:LONGEST_MESSAGE] + " …"
    return formatted
