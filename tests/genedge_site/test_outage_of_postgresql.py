"""What PostgreSQL and its driver say when it is away or slow is understood."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from psycopg import sql

from pages.models import ArticlePage
from tests import migrated
from tests.genedge_site.commands import start
from tests.genedge_site.unavailable import (
    QUERY,
    check_api_says_so,
    check_page_says_so,
    post_query,
)

SECONDS_TO_START = 120

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="needs TEST_DATABASE_URL")


@pytest.fixture
def anyone() -> Client:
    return Client(raise_request_exception=False)


def test_database_that_is_too_slow_is_given_up(anyone, committed):
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 200")
    table = ArticlePage._meta.db_table

    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        response = post_query(anyone)

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    check_api_says_so(response)


def test_database_that_is_away_is_told(anyone, db):
    away = connection.copy()
    away.settings_dict = {**away.settings_dict, "HOST": "127.0.0.1", "PORT": "1"}
    anyone.cookies[settings.SESSION_COOKIE_NAME] = "s" * 32
    used = connections["default"]
    connections["default"] = away

    try:
        response = post_query(anyone)
        page = anyone.get("/admin/")
    finally:
        connections["default"] = used

    check_api_says_so(response)
    check_page_says_so(page)


def test_database_that_takes_no_more_connections_is_told(anyone, db):
    """The role may have none, as if others had taken all: PostgreSQL says 53300 to both."""
    role = sql.Identifier("crowded_out")
    crowded = connection.copy()
    crowded.settings_dict = {**crowded.settings_dict, "USER": "crowded_out"}
    used = connections["default"]

    with psycopg.connect(os.environ["TEST_DATABASE_URL"], autocommit=True) as other:
        other.execute(sql.SQL("CREATE ROLE {} LOGIN CONNECTION LIMIT 0").format(role))
        connections["default"] = crowded
        try:
            response = post_query(anyone)
        finally:
            connections["default"] = used
            other.execute(sql.SQL("DROP ROLE {}").format(role))

    check_api_says_so(response)


@contextmanager
def served(**given: str) -> Iterator[int]:
    """The port of a server with one worker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given |= {
        "DJANGO_SETTINGS_MODULE": "genedge_site.settings.dev",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
    }
    process = start("-m", "genedge_site.server", given=given)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS_TO_START)


def wait_for(port, process) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            ask(port)
            return
        time.sleep(0.1)
    pytest.fail("The server did not start.")


def ask(port: int) -> SimpleNamespace:
    """As Django's client answers."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as peer:
        body = json.dumps({"query": QUERY})
        peer.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        answer = peer.getresponse()
        content = answer.read()
        return SimpleNamespace(
            status_code=answer.status, headers=answer.headers, json=lambda: json.loads(content)
        )


def wait_until_it_is_waited_for(table: str, other: psycopg.Connection) -> None:
    asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
    deadline = time.monotonic() + 20
    while other.execute(asked, [table]).fetchone() == (0,):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_pool_that_has_no_connection_left_is_told(db, tmp_path):
    database, table = connection.settings_dict["NAME"], ArticlePage._meta.db_table
    given = {
        "VAR_DIR": str(tmp_path / "var"),
        "DATABASE_URL": migrated.at(os.environ["TEST_DATABASE_URL"], database),
        "DATABASE_POOL_MAX_SIZE": "1",
        "DATABASE_POOL_TIMEOUT": "1",
    }

    with (
        served(**given) as port,
        ThreadPoolExecutor(1) as others,
        psycopg.connect(**connection.get_connection_params()) as other,
    ):
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        who_has_the_connection = others.submit(ask, port)
        wait_until_it_is_waited_for(table, other)
        without = ask(port)
        other.rollback()
        with_it = who_has_the_connection.result(timeout=60)
        afterwards = ask(port)

    check_api_says_so(without)
    assert (with_it.status_code, afterwards.status_code) == (200, 200)
