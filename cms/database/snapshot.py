"""One state of the database for as many statements as an answer takes.

Without it each statement sees what was committed just before it, and an answer that takes several
can show one page as it was before a release and the next as it is after.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

__all__ = ["snapshot"]

BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@contextmanager
def snapshot() -> Iterator[None]:
    """Within a transaction, such as one of the admin, what that transaction sees is read."""
    if connection.in_atomic_block or is_in_force():
        yield
    elif connection.vendor == "postgresql":
        with snapshot_in_postgresql():
            yield
    else:
        with snapshot_in_sqlite():
            yield


def is_in_force() -> bool:
    return any(isinstance(each, Begin) for each in connection.execute_wrappers)


class Begin:
    """Sends the beginning of a transaction along with the first statement."""

    begun = False

    def __call__(self, execute, sql: str, parameters, many: bool, context: dict[str, Any]) -> Any:
        if self.begun:
            return execute(sql, parameters, many, context)
        self.begun = True
        # What the pipeline raises at its end is the driver's own error otherwise.
        with connection.wrap_database_errors, connection.connection.pipeline():
            connection.connection.execute(BEGIN)
            return execute(sql, parameters, many, context)


@contextmanager
def snapshot_in_postgresql() -> Iterator[None]:
    """Begins together with the first statement, so that only its end costs a round trip."""
    begin = Begin()
    try:
        with connection.execute_wrapper(begin):
            yield
    finally:
        underlying = connection.connection
        if begin.begun and underlying is not None and not underlying.closed:
            # Not psycopg's `rollback`, which forgets the prepared statements, nor its `commit`,
            # which costs as much as a statement. This ends a transaction that failed as well.
            underlying.pgconn.exec_(b"COMMIT")


@contextmanager
def snapshot_in_sqlite() -> Iterator[None]:
    """A reader begins without the lock that whoever writes takes at the start."""
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            yield
    finally:
        connection.transaction_mode = mode
