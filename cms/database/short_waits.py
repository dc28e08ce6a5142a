"""A transaction that rather fails than waits for what others hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

__all__ = ["short_waits"]


@contextmanager
def short_waits(milliseconds: int) -> Iterator[None]:
    """For what matters less than that nobody waits for it. Raises ``OperationalError`` in time."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(milliseconds)])
            yield
        return
    usual = busy_timeout()
    set_busy_timeout(milliseconds)
    try:
        with transaction.atomic():
            yield
    finally:
        set_busy_timeout(usual)


def busy_timeout() -> int:
    """How long SQLite waits for who writes."""
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA busy_timeout").fetchone()[0]


def set_busy_timeout(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(milliseconds)}")
