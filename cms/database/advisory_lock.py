"""A lock for transactions that write to rows of many objects and could deadlock each other."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from zlib import crc32

from django.db import connection, transaction

__all__ = ["advisory_lock", "lock_beneath", "lock_redirects", "serialised_transaction"]

# The number of the lock in PostgreSQL; any would do.
LOCK = 4_207_199_341
REDIRECTS = LOCK + 1
# Of locks on what stands beneath a place in the tree.
BENEATH = 420_719


def advisory_lock() -> None:
    """Hold it until the transaction ends; only one transaction does at a time.

    A page whose slug changes writes to all pages beneath it, in no order: two changes made at once
    could wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def lock_beneath(path: str) -> None:
    """Hold what stands beneath a place in the tree until the transaction ends.

    Two places may share a lock, which does no harm.
    """
    if connection.vendor == "postgresql":
        key = crc32(path.encode()) - 2**31
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [BENEATH, key])


def lock_redirects() -> None:
    """Hold the table of redirects, as far as editors write to it, until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REDIRECTS])


@contextmanager
def serialised_transaction(*, reaches_others: bool) -> Iterator[None]:
    """A transaction, with the advisory lock if it reaches rows of other objects.

    SQLite has one writer at a time. Those who wait for it poll, up to a tenth of a second apart;
    schedulers wait for a lock on a file beside it, which wakes the next one at once.
    """
    with ExitStack() as stack:
        if connection.vendor == "sqlite" and Path(connection.settings_dict["NAME"]).is_file():
            lock = stack.enter_context(Path(f"{connection.settings_dict['NAME']}-lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        stack.enter_context(transaction.atomic())
        if reaches_others:
            advisory_lock()
        yield
