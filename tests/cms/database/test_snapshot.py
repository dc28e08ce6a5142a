"""However many statements an answer takes, it is made from one state of the database."""

import sqlite3
from contextlib import closing

import pytest
from django.db import DatabaseError, connection
from django.db.transaction import atomic
from wagtail.models import Site

from cms.database.snapshot import snapshot
from pages.models import ArticlePage, Navigation
from tests import factories

QUERY = "{ articles { nodes { title } } articlesPage { children { nodes { title } } } }"

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite's test database is in memory"
)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL locks rows")


def titles(data) -> set[str]:
    articles = data["articles"]["nodes"] + data["articlesPage"]["children"]["nodes"]
    assert len(articles) == 4
    return {article["title"] for article in articles}


@on_postgresql
@pytest.mark.parametrize("place", range(1, 8))
def test_answer_never_mixes_what_was_before_with_what_is_after(committed, ask, place):
    """Another connection commits after each of the statements in turn."""
    for number in range(2):
        factories.article_page(title="before", slug=f"article-{number}")
    ask(QUERY)
    other = connection.copy()
    ran = 0

    def interrupt(execute, sql, *arguments):
        nonlocal ran
        ran += 1
        result = execute(sql, *arguments)
        if ran == place:
            other.cursor().execute("UPDATE wagtailcore_page SET title = 'after'")
        return result

    try:
        with connection.execute_wrapper(interrupt):
            answer = ask(QUERY)
    finally:
        other.close()

    assert len(titles(answer)) == 1
    if ran >= place:
        assert titles(ask(QUERY)) == {"after"}


@on_postgresql
def test_nothing_can_be_written_while_an_answer_is_made(committed):
    factories.article_page()

    with pytest.raises(DatabaseError, match="read-only transaction"), snapshot():
        ArticlePage.objects.update(title="written")

    assert ArticlePage.objects.get().title == "Article"


@on_sqlite
def test_reader_waits_for_nobody_who_writes(committed, ask):
    factories.article_page()
    name = str(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(name, uri=True, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")

        data = ask("{ articles { nodes { title } } }")

    assert data == {"articles": {"nodes": [{"title": "Article"}]}}


def test_within_a_transaction_its_own_changes_are_seen(committed):
    factories.article_page()

    with atomic(), snapshot():
        ArticlePage.objects.update(title="not committed yet")
        seen = ArticlePage.objects.get().title

    assert seen == "not committed yet"


@on_postgresql
@pytest.mark.parametrize("place", range(1, 12))
def test_page_never_mixes_what_was_before_with_what_is_after(committed, client, place):
    """Its own title and that of the same page in the navigation are of one state."""
    index = factories.articles_page(title="before", slug="articles")
    entry = {"text": "News", "page": index, "url": "", "children": []}
    Navigation.objects.create(site=Site.objects.get(), header=[("item", entry)])
    address = index.get_url()
    client.get(address)
    other = connection.copy()
    ran = 0

    def interrupt(execute, sql, *arguments):
        nonlocal ran
        ran += 1
        result = execute(sql, *arguments)
        if ran == place:
            other.cursor().execute(
                "UPDATE wagtailcore_page SET title = 'after', slug = 'after',"
                " url_path = replace(url_path, '/articles/', '/after/')"
            )
        return result

    try:
        with connection.execute_wrapper(interrupt):
            shown = client.get(address)
    finally:
        other.close()

    text = shown.content.decode()
    if shown.status_code == 200:
        assert ("<h1>before</h1>" in text) == ('<a href="/articles/"' in text)


@on_postgresql
@pytest.mark.parametrize("place", range(1, 5))
def test_token_shows_nothing_written_since_its_maker_left(committed, client, place):
    """Whether it still may and what it shows are read from one state."""
    factories.article_page(title="before", live=False).save_revision()
    maker = factories.user("root", is_superuser=True)
    text = factories.preview_token(created_by=maker)
    other = connection.copy()
    ran = 0

    def interrupt(execute, sql, *arguments):
        nonlocal ran
        ran += 1
        result = execute(sql, *arguments)
        if ran == place:
            other.cursor().execute(
                "UPDATE auth_user SET is_active = FALSE;"
                "UPDATE wagtailcore_page SET title = 'after';"
                """UPDATE wagtailcore_revision
                SET content = jsonb_set(content, '{title}', '"after"')"""
            )
        return result

    try:
        with connection.execute_wrapper(interrupt):
            answer = client.post(
                "/graphql",
                {"query": "{ articles { nodes { title } } }"},
                content_type="application/json",
                headers={"Authorization": f"Bearer {text}"},
            )
    finally:
        other.close()

    assert ran >= place
    if answer.status_code == 200:
        assert answer.json()["data"]["articles"]["nodes"] == [{"title": "before"}]
    else:
        assert answer.json()["errors"][0]["extensions"] == {"code": "TOKEN_ENDED"}
