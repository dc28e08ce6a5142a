"""What PostgreSQL and its driver say when it is away or slow is understood."""

from __future__ import annotations

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from pages.models import ArticlePage
from tests.genedge_site.unavailable import check_api_says_so, check_page_says_so, post_query

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
