"""Others at work on the same rows, with connections of their own; for PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import psycopg
from django.db import connection
from wagtail.models import Page

__all__ = ["WAITING", "NobodyWaited", "being_published", "being_run", "somebody_waits"]


class NobodyWaited(AssertionError):
    """For what another holds."""


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
    held = "SELECT FROM wagtailcore_page WHERE id = %s FOR NO KEY UPDATE"
    with being_run(
        (held, page.pk), ("UPDATE wagtailcore_revision SET approved_go_live_at = NULL",)
    ):
        yield


@contextmanager
def being_run(*statements: tuple[Any, ...]) -> Iterator[None]:
    """Another has run these, and commits once this one waits for it."""
    begun, over = Event(), Event()

    def run() -> None:
        with psycopg.connect(**connection.get_connection_params()) as other:
            for sql, *parameters in statements:
                other.execute(sql, parameters)
            begun.set()
            while not somebody_waits():
                if over.wait(timeout=0.05):
                    raise NobodyWaited

    with ThreadPoolExecutor() as pool:
        ran = pool.submit(run)
        assert begun.wait(timeout=10)
        try:
            yield
        finally:
            over.set()
        ran.result(timeout=10)
