"""Others at work on the same rows, with connections of their own; for PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import psycopg
from django.db import connection
from wagtail.models import Page

__all__ = ["WAITING", "being_published", "somebody_waits"]

WAITING = (
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def somebody_waits() -> bool:
    """Asked from outside: a transaction sees others as they were when it first asked."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        return bool(other.execute(WAITING).fetchall())


@contextmanager
def being_published(page: Page) -> Iterator[None]:
    """Another publishes what is approved of the page, and commits once this one waits for it."""
    begun, over = Event(), Event()

    def publish() -> None:
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute("SELECT FROM wagtailcore_page WHERE id = %s FOR NO KEY UPDATE", [page.pk])
            other.execute("UPDATE wagtailcore_revision SET approved_go_live_at = NULL")
            begun.set()
            while not somebody_waits():
                if over.wait(timeout=0.05):
                    raise AssertionError("Nobody waited for the page.")

    with ThreadPoolExecutor() as pool:
        published = pool.submit(publish)
        assert begun.wait(timeout=10)
        try:
            yield
        finally:
            over.set()
        published.result(timeout=10)
