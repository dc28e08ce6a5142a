"""Whether the database cannot be used just now, rather than having been asked something wrong."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest
from psycopg.errors import ReadOnlySqlTransaction

__all__ = [
    "cannot_be_used",
    "connection_in_use",
    "is_lost",
    "limit_statements",
    "note",
    "noted",
    "reason",
]

# SQLite's for a mistake in the statement, or a table that is not there.
MISTAKE = "SQLITE_ERROR"


def cannot_be_used(error: BaseException | None) -> bool:
    """It is away, slow, full, locked, read-only or out of connections: later it may do."""
    while error is not None:
        if isinstance(error, InterfaceError):
            return True
        if isinstance(error, OperationalError):
            return getattr(error.__cause__, "sqlite_errorname", "") != MISTAKE
        if isinstance(error, InternalError):  # As after a failover, before it is over.
            return isinstance(error.__cause__, ReadOnlySqlTransaction)
        error = error.__cause__
    return False


def reason(error: BaseException) -> str:
    """In one line; drivers say it in several."""
    return " ".join(str(error).split())


def note(request: HttpRequest | None, error: BaseException | None) -> None:
    """Keep with a request that it failed since the database could not be used, if so."""
    if request is not None and cannot_be_used(error):
        request.outage = error


def noted(request: HttpRequest | None) -> BaseException | None:
    return getattr(request, "outage", None)


def connection_in_use() -> Any:
    """The driver's connection, of which ``is_lost`` tells later whether it has gone."""
    return connection.connection


def is_lost(used: Any) -> bool:
    """Django makes another connection as a transaction ends, which looks as good."""
    return used is not None and connection.connection is not used


def limit_statements() -> None:
    """Let PostgreSQL end what takes too long, in this process alone: it is told on connecting."""
    if settings.DATABASE_KEEPS_SESSIONS:
        milliseconds = settings.DATABASE_STATEMENT_TIMEOUT * 1000
        given = os.environ.get("PGOPTIONS", "")
        os.environ["PGOPTIONS"] = f"{given} -c statement_timeout={milliseconds}".strip()
