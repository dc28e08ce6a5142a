"""Every statement reads the rows of the perspective in force, or is refused.

A stale answer, which shows what is published in the place of the perspective, is what may not be.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count, Window
from django.db.models.functions import RowNumber
from django.db.transaction import atomic
from psycopg import sql as composed
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from cms.database.overlay import NotOverlaid, Overlay
from cms.perspective.perspectives import published_at
from cms.perspective.projection import projection_of
from cms.perspective.visibility import visible
from pages.models import ArticlePage
from tests import factories
from tests.cms.perspective.scheduled_content import at, schedule

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's SQL")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's SQL")

SCHEMA = "public" if connection.vendor == "postgresql" else "main"
FROM_PAGES = """FROM "wagtailcore_page" WHERE "title" IN ('Old', 'New')"""
TITLE = f'SELECT "title" {FROM_PAGES}'


@pytest.fixture(scope="module")
def scheduled_page(undone) -> Iterator[None]:
    """A page is to be called New, which is published as Old."""
    with undone():
        page = factories.article_page(title="Old", slug="old")
        schedule(page, at(2), title="New", slug="new", standfirst="New words")
        yield


@pytest.fixture
def overlay(scheduled_page, db) -> Iterator[Overlay]:
    """In force: the page is called New."""
    overlay = projection_of(published_at(at(3)).changes(at(3))).overlay
    with overlay.in_force():
        yield overlay


def rows(sql: str, parameters: Any = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


# What is understood


@pytest.mark.parametrize(
    "sql",
    [
        TITLE,
        f"  \n{TITLE};  -- the end",
        f"/* traceparent='00-1' */ {TITLE}",
        f"/* one */ /* two -- */\n-- three's\n\t/**/{TITLE} /* four */",
        f"-- name: “wagtailcore_page”\n{TITLE}",
        f"/* 100% */ {TITLE}",
        TITLE.lower().replace("'old', 'new'", "'Old', 'New'"),
        TITLE.replace('"', ""),
        TITLE.replace('"', "").replace("wagtailcore_page", "WagtailCore_Page"),
        TITLE.replace(" FROM", '/**/FROM/* " */'),
        f"""SELECT "title" AS "it's", 'a "name', "title" {FROM_PAGES}""",
        """SELECT "p"."title" FROM "wagtailcore_page" AS "p" WHERE p.slug = 'new'""",
        f"SELECT DISTINCT {TITLE.removeprefix('SELECT')} ORDER BY 1",
        f"WITH those AS ({TITLE}) SELECT title FROM those",
        f"-- tagged\nwith /* a */ those as ({TITLE}) select * from those",
        f"SELECT (WITH RECURSIVE those AS ({TITLE}) SELECT title FROM those)",
        f"VALUES (({TITLE}))",
        f"SELECT * FROM ({TITLE}) AS it",
        f"SELECT title FROM (SELECT * {FROM_PAGES}) AS it",
        "SELECT it.* FROM (SELECT title FROM wagtailcore_page WHERE slug = 'new') AS it",
        """SELECT title FROM (SELECT * FROM ("wagtailcore_page" JOIN (SELECT 1) AS one ON true)
            WHERE "wagtailcore_page"."slug" = 'new') AS it""",
        """SELECT title FROM (SELECT 2 * depth, * FROM "wagtailcore_page"
            WHERE "slug" = 'new' AND (SELECT COUNT(*)) = 1) AS it""",
        """SELECT "title" FROM "wagtailcore_page" NATURAL JOIN (SELECT 'new' AS "slug") AS it""",
        "SELECT p.title FROM (SELECT 1) AS one, wagtailcore_page AS p WHERE p.title = 'New'",
        f"{TITLE} UNION {TITLE}",
        f"SELECT 'wagtailcore_page is no table here' WHERE EXISTS ({TITLE})",
    ],
)
def test_statement_reads_the_perspective(overlay, sql):
    [row] = rows(sql)

    assert row[0] in ("New", "wagtailcore_page is no table here")


@on_postgresql
@pytest.mark.parametrize(
    "sql",
    [
        f"/* a /* nested */ SELECT 'comment */ {TITLE}",
        f"-- ends with a carriage return\r{TITLE}",
        f"({TITLE})",
        f"/* tag */ ({TITLE}) UNION ({TITLE})",
        TITLE.replace("FROM", "FROM ONLY"),
        f"""SELECT "title", E'it\\'s -- "quoted', $a$ ' $$ " $a$, $$ ' $$ {FROM_PAGES}""",
        "SELECT p FROM (SELECT a.title AS p FROM wagtailcore_page a WHERE slug = 'new') AS b",
        """SELECT (p).title FROM wagtailcore_page AS p WHERE p.slug = 'new'""",
        """SELECT to_jsonb(p)->>'title' FROM "wagtailcore_page" AS "p" WHERE p.slug = 'new'""",
        """SELECT x.title FROM (TABLE wagtailcore_page) AS x WHERE x.slug = 'new'""",
    ],
)
def test_statement_of_postgresql_reads_the_perspective(overlay, sql):
    assert {row[0] for row in rows(sql)} == {"New"}


@on_sqlite
@pytest.mark.parametrize(
    "sql",
    [
        TITLE.replace('"wagtailcore_page"', "[wagtailcore_page]"),
        TITLE.replace('"wagtailcore_page"', "`WagtailCore_page`"),
        TITLE.replace('"wagtailcore_page"', "'wagtailcore_page'"),
        TITLE.replace('"wagtailcore_page"', "(SELECT 1), 'wagtailcore_page'"),
        TITLE.replace('"title"', "[title]"),
        TITLE.replace('"title"', "TITLE"),
        f"/* nested /* comments end here */ {TITLE}",
        TITLE.replace('"wagtailcore_page"', '"WAGTAILCORE_PAGE"'),
    ],
)
def test_statement_of_sqlite_reads_the_perspective(overlay, sql):
    assert rows(sql) == [("New",)]


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM wagtailcore_page", "SELECT p.* FROM wagtailcore_page p"]
)
def test_star_reads_all_columns_in_the_order_of_the_table(overlay, sql):
    pages = {page.pk: page for page in Page.objects.all()}
    with overlay.off(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wagtailcore_page")
        columns = [column[0] for column in cursor.description]

    with connection.cursor() as cursor:
        cursor.execute(sql)
        told = [column[0] for column in cursor.description]
        found = [dict(zip(told, row, strict=True)) for row in cursor.fetchall()]

    assert told == columns
    assert {row["id"]: row["title"] for row in found} == {
        page.pk: page.title for page in pages.values()
    }
    assert "New" in {page.title for page in pages.values()}


def test_columns_that_the_model_does_not_have_are_refused_to_a_star(overlay):
    with overlay.off(), connection.cursor() as cursor:
        connection.check_constraints()
        cursor.execute("ALTER TABLE pages_articlepage ADD COLUMN fresh integer")

    with pytest.raises(NotOverlaid, match="name them"):
        rows("SELECT * FROM pages_articlepage")

    assert rows("SELECT standfirst FROM pages_articlepage") == [("New words",)]


def test_parameters_stay_in_their_places(overlay):
    """Also behind a comment in which PostgreSQL's driver sees a place as well."""
    sql = """/* %s, 100%% */ SELECT %s, "title" FROM "wagtailcore_page" WHERE "title" = %s"""
    for_comment = ["comment"] if connection.vendor == "postgresql" else []

    assert rows(sql, [*for_comment, "mine", "New"]) == [("mine", "New")]


def test_statement_is_explained_as_it_is_run(overlay):
    options = "(COSTS OFF)" if connection.vendor == "postgresql" else "QUERY PLAN"

    for sql in (f"EXPLAIN {options} {TITLE}", f"/* tag */ explain {TITLE}"):
        assert len(rows(sql)) > 1
    assert Page.objects.filter(title="New").explain()
    if connection.vendor == "postgresql":
        plan = str(rows(f"EXPLAIN (ANALYZE, VERBOSE) {TITLE}"))
        assert "jsonb_to_recordset" in plan
        assert "jsonb_to_recordset" in str(rows(f"EXPLAIN ANALYZE VERBOSE ({TITLE})"))


def test_rows_that_come_in_chunks_are_of_the_perspective(overlay):
    """Through a cursor that PostgreSQL keeps."""
    titles = Page.objects.filter(title__in=["Old", "New"]).values_list("title", flat=True)

    assert list(titles.iterator(chunk_size=1)) == ["New"]
    assert [page.title for page in ArticlePage.objects.iterator(chunk_size=1)] == ["New"]


def test_querysets_cost_no_look_at_the_columns_of_tables(overlay, statements):
    first_of_each = Window(RowNumber(), partition_by="depth", order_by="-path")
    asked = [
        Page.objects.annotate(place=first_of_each).filter(place=1, title="New"),
        Page.objects.filter(title="New").specific(defer=True),
        Page.objects.filter(pk__in=ArticlePage.objects.filter(title="New").values("pk")),
        ArticlePage.objects.annotate(total=Count("*")).values_list("title", "total"),
        Page.objects.order_by().filter(title="New").union(Page.objects.order_by().none()),
    ]

    for queryset in asked:
        with statements(1):
            assert len(queryset) == 1


def test_overlay_looks_at_what_is_published(overlay):
    """A table that is worked out when it is named is worked out from what readers see now."""
    with overlay.off():
        assert rows(TITLE) == [("Old",)]
    assert rows(f"/* tag */ {TITLE}") == [("New",)]
    assert Redirect.objects.get().old_path == "/articles/old"


STORED_BESIDE_SHOWN = [
    """SELECT "stored page"."title", "wagtailcore_page"."title" FROM "wagtailcore_page"
        JOIN "wagtailcore_page" "stored page" ON "stored page"."id" = "wagtailcore_page"."id"
        WHERE "wagtailcore_page"."slug" = 'new'""",
    """/* tag */ SELECT (SELECT title FROM "wagtailcore_page" "stored page" WHERE "slug" = 'old'),
        title FROM WagtailCore_Page WHERE slug = 'new'""",
    """WITH "own" AS (SELECT 1) SELECT "stored page"."title", it."title" FROM "wagtailcore_page"
        "stored page", "wagtailcore_page" AS it WHERE it.slug = 'new' AND
        "stored page"."slug" = 'old'""",
]


@pytest.mark.parametrize("sql", STORED_BESIDE_SHOWN)
def test_table_is_read_as_it_is_stored_where_its_alias_says_so(overlay, sql):
    assert rows(sql) == [("Old", "New")]
    assert rows("""SELECT title FROM "wagtailcore_page" "stored page" WHERE slug = 'old'""")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT title FROM wagtailcore_page AS stored WHERE slug = 'new'",
        """SELECT title FROM "wagtailcore_page" AS "stored" WHERE slug = 'new'""",
        """SELECT title "stored page" FROM "wagtailcore_page" WHERE slug = 'new'""",
    ],
)
def test_nothing_else_is_read_as_it_is_stored(overlay, sql):
    assert rows(sql) == [("New",)]


@on_postgresql
def test_visibility_reads_what_is_pending_once(overlay):
    """The planner takes most of the time of such statements, and each reading adds to it."""
    plan = visible(Page.objects.filter(title="New"), at=at(3)).explain()

    assert plan.count("jsonb_to_recordset") == 1


# What is refused


@pytest.mark.parametrize(
    ("sql", "advice"),
    [
        (f'SELECT title FROM {SCHEMA}."wagtailcore_page"', "leave the schema out"),
        (f"SELECT title FROM {SCHEMA} . wagtailcore_page", "leave the schema out"),
        (f'/* tag */ SELECT * FROM "{SCHEMA}"./**/WagtailCore_page', "leave the schema out"),
        (
            """WITH "wagtailcore_page" AS (SELECT 1) SELECT * FROM "wagtailcore_page" """,
            "another name",
        ),
        ("WITH wagtailcore_page (a) AS (SELECT 1) SELECT a FROM wagtailcore_page", "another name"),
        (
            "WITH wagtailcore_page AS NOT MATERIALIZED (SELECT 1) SELECT * FROM wagtailcore_page",
            "another name",
        ),
        (f"WITH RECURSIVE those AS ({TITLE}) SELECT title FROM those", "subquery"),
        (f"{TITLE}; SELECT 1", "one by one"),
        (f"SELECT 1; {TITLE}", "one by one"),
        ("""UPDATE "wagtailcore_page" SET "title" = 'Written'""", "no perspective is in force"),
        ("/* tag */ UPDATE wagtailcore_page SET title = 'Written'", "no perspective is in force"),
        ("DELETE FROM wagtailcore_page", "no perspective is in force"),
        ("INSERT INTO wagtailcore_page (title) VALUES ('Written')", "no perspective is in force"),
        (f"REPLACE INTO other {TITLE}", "no perspective is in force"),
        (f"INSERT INTO other {TITLE}", "no perspective is in force"),
        (f"CREATE TABLE other AS {TITLE}", "no perspective is in force"),
        (f'SELECT "title" INTO other {FROM_PAGES}', "no perspective is in force"),
        (f"{TITLE} FOR UPDATE", "no perspective is in force"),
        (f"{TITLE} FOR NO KEY UPDATE", "no perspective is in force"),
        (f"{TITLE} FOR KEY SHARE", "no perspective is in force"),
        (f"{TITLE} FOR SHARE", "no perspective is in force"),
        ("MERGE INTO wagtailcore_page USING a ON true", "no perspective is in force"),
        ("COPY wagtailcore_page TO STDOUT", "no perspective is in force"),
        (f"DECLARE mine CURSOR FOR {TITLE}", "no perspective is in force"),
        (f"PREPARE mine AS {TITLE}", "no perspective is in force"),
        (
            f"WITH gone AS (DELETE {FROM_PAGES} RETURNING title) SELECT * FROM gone",
            "no perspective",
        ),
        (f"WITH those AS ({TITLE}) INSERT INTO other SELECT * FROM those", "no perspective"),
        ("EXPLAIN ANALYZE DELETE FROM wagtailcore_page", "no perspective is in force"),
        ("EXECUTE mine", "write out the statement"),
        ("FETCH ALL FROM mine", "write out the statement"),
        ("SELECT 1; CALL mine()", "write out the statement"),
        ("DO $$ BEGIN END $$", "write out the statement"),
        (f"{TITLE} AND slug = 'it does not end", "write it plainly"),
        ('SELECT "title FROM wagtailcore_page', "write it plainly"),
    ],
)
def test_statement_that_cannot_be_overlaid_is_refused(overlay, sql, advice):
    with pytest.raises(NotOverlaid, match=advice) as refused:
        rows(sql)

    assert str(refused.value).startswith(f"No perspective can be laid over “{sql[:8].split()[0]}")
    assert rows(TITLE) == [("New",)]


@on_postgresql
@pytest.mark.parametrize(
    "sql",
    [
        'SELECT title FROM U&"wagtailcore\\005Fpage"',
        "SELECT title FROM wagtailcore_page WHERE title = E'it\\'",
        "SELECT title FROM wagtailcore_page WHERE title = $a$ $b$",
    ],
)
def test_what_cannot_be_read_is_refused_in_postgresql(overlay, sql):
    with pytest.raises(NotOverlaid, match="write it plainly"):
        rows(sql)


@on_sqlite
@pytest.mark.parametrize(
    ("sql", "advice"),
    [
        ("SELECT title FROM [wagtailcore_page", "write it plainly"),
        ("SELECT title FROM main.[wagtailcore_page]", "leave the schema out"),
        ("SELECT title FROM main.'wagtailcore_page'", "leave the schema out"),
        ("UPDATE 'wagtailcore_page' SET title = 'Written'", "no perspective is in force"),
    ],
)
def test_statement_of_sqlite_is_refused(overlay, sql, advice):
    with pytest.raises(NotOverlaid, match=advice):
        rows(sql)


def test_querysets_that_write_are_refused(overlay):
    with pytest.raises(NotOverlaid), atomic():
        ArticlePage.objects.update(standfirst="Written")
    with pytest.raises(NotOverlaid), atomic():
        factories.article_page(slug="another")

    assert ArticlePage.objects.get().standfirst == "New words"


@on_postgresql
def test_querysets_that_lock_are_refused(overlay):
    with pytest.raises(NotOverlaid, match="no perspective is in force"):
        Page.objects.select_for_update().first()


def test_many_parameters_and_named_ones_are_refused(overlay):
    with connection.cursor() as cursor:
        with pytest.raises(NotOverlaid, match="once for each"):
            cursor.executemany(
                'SELECT "title" FROM "wagtailcore_page" WHERE "slug" = %s', [["new"]]
            )
        with pytest.raises(NotOverlaid, match="hand them over as a list"):
            cursor.execute("SELECT title FROM wagtailcore_page WHERE slug = %(a)s", {"a": "new"})


@on_postgresql
def test_statement_that_is_no_text_is_refused(overlay):
    table = composed.Identifier("wagtailcore_page")

    with pytest.raises(NotOverlaid, match="as a string"):
        rows(composed.SQL("SELECT title FROM {}").format(table))  # type: ignore[arg-type]


# What is let through


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "-- wagtailcore_page",
        "BEGIN",
        "COMMIT",
        "SAVEPOINT mine",
        "/* tag */ RELEASE SAVEPOINT mine",
        "SET LOCAL work_mem = '64MB'",
        "SHOW search_path",
        "SELECT 1; SELECT 2",
        "INSERT INTO other (name) VALUES ('wagtailcore_page')",
        "UPDATE other SET name = 'wagtailcore_page' WHERE id = 1",
        "DELETE FROM other /* of wagtailcore_page */",
        "SELECT name FROM other FOR UPDATE",
        "SELECT name FROM public.other -- no wagtailcore_page",
        "SELECT 'it''s FROM wagtailcore_page'",
        "SELECT name FROM wagtailcore_pages, my_wagtailcore_page",
        "WITH RECURSIVE other AS (SELECT 1) SELECT * FROM other",
        *(
            [
                "SELECT name FROM other WHERE kind = 'wagtailcore_page'",
                "SELECT $$ wagtailcore_page $$, $a$ wagtailcore_page $a$, E'\\' wagtailcore_page'",
                "SELECT /* /* wagtailcore_page */ wagtailcore_page */ 1",
            ]
            if connection.vendor == "postgresql"
            else [
                "SELECT name FROM other WHERE kind = 'wagtailcore_page'",
                'PRAGMA table_info("wagtailcore_page")',
                "PRAGMA foreign_keys = ON",
            ]
        ),
    ],
)
def test_statement_that_reads_no_overlaid_table_runs_as_it_is(overlay, sql):
    ran = []

    def instead(execute, sql, parameters, many, context):
        ran.append((sql, parameters))

    with connection.execute_wrapper(instead), connection.cursor() as cursor:
        cursor.execute(sql, None)

    assert ran == [(sql, None)]


def test_many_rows_are_written_to_other_tables(overlay):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE other (name text)")
        cursor.executemany("INSERT INTO other VALUES (%s)", [["wagtailcore_page"], ["b"]])

    assert rows("SELECT count(*) FROM other") == [(2,)]


# Other ways to the database


def test_database_has_nothing_that_reads_tables_unseen(db):
    """A view reads what is published, whatever the statement that names it is prefixed with."""
    with connection.cursor() as cursor:
        tables = connection.introspection.get_table_list(cursor)

    assert [table.name for table in tables if table.type not in ("t", "p")] == []


def test_nothing_goes_past_the_wrappers_of_statements():
    """The driver's own ways to run a statement ask no wrapper, and so no overlay."""
    past = (".connection.connection", "connection.connection", ".callproc(", "cursor.copy(")
    allowed = {
        "cms/database/collation.py",  # How SQLite compares, which is no statement.
        "cms/database/outage.py",  # Whether there is one.
        "cms/database/snapshot.py",
        "cms/database/statements.py",
    }
    root = Path(settings.BASE_DIR)

    found = {
        str(file.relative_to(root))
        for room in ("cms", "pages", "media")
        for file in (root / room).rglob("*.py")
        if any(way in file.read_text() for way in past)
    }

    assert found <= allowed


# Over HTTP


def tagged(text: str, execute, sql, *arguments):
    return execute(text.format(sql), *arguments)


def swapped(old: str, new: str, execute, sql, *arguments):
    return execute(sql.replace(old, new), *arguments)


ARTICLES = "{ articles { nodes { title path } } }"


@pytest.mark.parametrize(
    "text",
    ["/* traceparent='00-1' */ {}", "-- articles\n{}", "/*a*/\n/*b*/ {}", "{} /* route='%%2F' */"],
)
def test_readers_see_what_is_due_when_statements_are_tagged(scheduled_page, db, clock, ask, text):
    clock.moment = at(3)

    with connection.execute_wrapper(partial(tagged, text)):
        data = ask(ARTICLES)

    assert data == {"articles": {"nodes": [{"title": "New", "path": "/articles/new/"}]}}


def test_readers_get_an_error_and_no_stale_answer(scheduled_page, db, clock, client, caplog):
    clock.moment = at(3)
    qualify = partial(swapped, ' "wagtailcore_page"', f' {SCHEMA}."wagtailcore_page"')

    with connection.execute_wrapper(qualify):
        answer = client.post("/graphql", {"query": ARTICLES}, "application/json").json()

    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "leave the schema out" in caplog.text
