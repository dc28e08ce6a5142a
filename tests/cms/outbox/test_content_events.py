"""The log of content changes: written with them, told in an order that misses none, and pruned."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.transaction import atomic, set_rollback

from cms.outbox.models import ContentEvent
from pages.clock import now
from tests import factories

QUERY = "query C($since: String) { changes(since: $since) { cursor nodes { kind path } } }"

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)


@contextmanager
def another_connection():
    """What is written within uses a connection of its own."""
    own = connections["default"]
    connections["default"] = own.copy()
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = own


def publish(page, title):
    page.title = title
    page.save_revision().publish()


def read(ask, since=None):
    answer = ask(QUERY, since=since)["changes"]
    return [node["path"] for node in answer["nodes"]], answer["cursor"]


@on_postgresql
def test_change_that_is_committed_late_is_not_missed(committed, ask):
    early, late = (factories.article_page(slug=slug) for slug in ("early", "late"))
    _, cursor = read(ask)

    with atomic():
        publish(late, "Written first, committed last")
        with another_connection():
            publish(early, "Written last, committed first")
            before_commit, cursor = read(ask, cursor)
    after_commit, cursor = read(ask, cursor)

    assert "/articles/late/" not in before_commit
    assert sorted({*before_commit, *after_commit}) == ["/articles/early/", "/articles/late/"]
    assert read(ask, cursor)[0] == []


@on_postgresql
def test_long_transaction_in_another_database_holds_nothing_up(committed, ask):
    page = factories.article_page(slug="one")
    _, cursor = read(ask)
    elsewhere = {**connection.get_connection_params(), "dbname": "postgres"}

    with psycopg.connect(**elsewhere) as other:
        other.execute("SELECT pg_current_xact_id()")
        publish(page, "Now")
        told, _ = read(ask, cursor)

    assert told == ["/articles/one/"]


def test_what_is_rolled_back_is_not_told(committed, ask):
    page = factories.article_page(slug="one")
    _, cursor = read(ask)

    with atomic():
        publish(page, "Never")
        set_rollback(True)

    assert read(ask, cursor)[0] == []


def test_old_events_are_forgotten(db, capsys):
    factories.article_page(slug="old")
    ContentEvent.objects.update(at=now() - timedelta(days=92))
    factories.article_page(slug="new")

    call_command("prune_content_events")

    [kept] = ContentEvent.objects.all()
    assert kept.url_path.endswith("/articles/new/")
    assert "Deleted" in capsys.readouterr().out
