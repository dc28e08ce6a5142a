"""Who publishes takes turns with others where they could get in each other's way."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.db import connection, transaction

__all__ = ["turn", "wait_for_turn"]

# The number of the lock in PostgreSQL; any would do.
TURN = 4_207_199_341


def wait_for_turn() -> None:
    """Be the only one that reaches other objects too, until the transaction ends.

    A page whose slug changes writes to all pages beneath it, in no order: two changes made at once
    could wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


@contextmanager
def turn(*, reaches_others: bool) -> Iterator[None]:
    """A transaction, in turn with other schedulers if need be.

    SQLite has one writer at a time. Those who wait for it look again every now and then, up to a
    tenth of a second later; schedulers are told by a lock of their own, in a file beside it.
    """
    with ExitStack() as stack:
        if connection.vendor == "sqlite" and Path(connection.settings_dict["NAME"]).is_file():
            lock = stack.enter_context(Path(f"{connection.settings_dict['NAME']}-turn").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        stack.enter_context(transaction.atomic())
        if reaches_others:
            wait_for_turn()
        yield
