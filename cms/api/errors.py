"""The errors a client can meet, each with a stable code.

Codes are part of the contract and listed in ``docs/frontend.md``.
"""

import logging
import uuid

from graphql import GraphQLError

__all__ = ["BadArgument", "masked"]

logger = logging.getLogger(__name__)


class BadArgument(GraphQLError):
    """An argument has the right type but a value that cannot be served."""

    def __init__(self, message: str):
        super().__init__(message, extensions={"code": "BAD_ARGUMENT"})


def masked(error: GraphQLError) -> dict:
    """An error as clients see it: ``message``, ``locations``, ``path`` and ``extensions.code``.

    An unexpected exception becomes a general message and an id that is in the log as well.
    """
    formatted = dict(error.formatted)
    original = error.original_error
    if original is not None and not isinstance(original, GraphQLError):
        error_id = uuid.uuid4().hex
        logger.error("GraphQL error %s at %s", error_id, error.path, exc_info=original)
        formatted["message"] = f"Something went wrong on our side. Quote {error_id} to report it."
        formatted["extensions"] = {"code": "INTERNAL_ERROR", "id": error_id}
    else:
        extensions = dict(formatted.get("extensions") or {})
        extensions.setdefault("code", "GRAPHQL_VALIDATION_FAILED")
        formatted["extensions"] = extensions
    return formatted
