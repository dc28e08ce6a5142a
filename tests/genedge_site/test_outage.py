"""While the database cannot be used, each address says so in a form that its callers understand."""

from __future__ import annotations

import logging

import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import rich_text

from pages.models import ArticleAuthor
from tests import factories
from tests.cms.api.http.documented_errors import check_errors
from tests.genedge_site.unavailable import check_api_says_so, check_page_says_so, post_query

pytestmark = pytest.mark.usefixtures("pages_above")

ON_POSTGRESQL = connection.vendor == "postgresql"


@pytest.fixture
def editor_in_browser(editor) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(editor)
    return browser


@pytest.fixture
def anyone() -> Client:
    return Client(raise_request_exception=False)


def away_after(statements, error=None):
    """The database answers so many statements, and then none."""
    left = iter(range(statements))

    def execute(run, *arguments):
        if next(left, None) is None:
            raise error or OperationalError("server closed the connection\n\tunexpectedly: secret")
        return run(*arguments)

    return connection.execute_wrapper(execute)


@pytest.mark.parametrize("statements", range(4))
def test_api_answers_503_in_json_whichever_statement_finds_out(anyone, statements):
    factories.article_page(authors=[ArticleAuthor(person=factories.person())])

    with away_after(statements):
        response = post_query(anyone)

    check_api_says_so(response)


def test_pages_of_other_sites_may_read_that_the_api_is_unavailable(anyone, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://www.example.org"]

    with away_after(0):
        response = post_query(anyone, Origin="https://www.example.org")

    check_api_says_so(response)
    assert response.headers["Access-Control-Allow-Origin"] == "https://www.example.org"


def test_mistake_of_ours_is_not_taken_for_an_outage(anyone):
    with away_after(1, ProgrammingError("no such column")):
        response = post_query(anyone)

    assert check_errors(response.json()["errors"]) == {"INTERNAL_SERVER_ERROR"}


@pytest.mark.parametrize("statements", [0, 1, 2, 5, 9])
@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/", "/no-such-page/"])
def test_people_read_a_sentence_whichever_statement_finds_out(editor_in_browser, path, statements):
    needed = 0

    def count(run, *arguments):
        nonlocal needed
        needed += 1
        return run(*arguments)

    with connection.execute_wrapper(count):
        editor_in_browser.get(path)
    with away_after(min(statements, needed - 1)):
        response = editor_in_browser.get(path)

    check_page_says_so(response)


@pytest.mark.parametrize("statements", [0, 2, 4, 8])
def test_editor_who_saves_is_told_that_it_may_be_lost(editor_in_browser, statements):
    page = factories.article_page()

    with away_after(statements):
        response = editor_in_browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    check_page_says_so(response, sent=True)


def test_errors_are_told_in_debug_mode_as_well(editor_in_browser, settings):
    settings.DEBUG = True

    with away_after(0):
        check_api_says_so(post_query(editor_in_browser))
        check_page_says_so(editor_in_browser.get("/admin/"))


def test_log_says_once_why_requests_fail(editor_in_browser, caplog):
    with away_after(0), caplog.at_level(logging.WARNING):
        for _ in range(3):
            post_query(editor_in_browser)
            editor_in_browser.get("/admin/")

    reason = "server closed the connection unexpectedly: secret"
    assert [record.getMessage() for record in caplog.records] == [
        f"The database cannot be used, so requests fail: {reason}"
    ]
    assert not caplog.records[0].exc_info


@pytest.mark.skipif(ON_POSTGRESQL, reason="fills an SQLite database")
def test_database_that_is_full_is_told(editor_in_browser):
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")

    try:
        response = editor_in_browser.post(
            reverse("wagtailsnippets_pages_person:add"),
            {"name": "Ada", "biography": rich_text(f"<p>{'x' * 10**6}</p>")},
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 4294967294")

    check_page_says_so(response, sent=True)
