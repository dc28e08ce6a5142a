"""Schedulers as they run: several at once, killed, stopped, and cut off from the database."""

from __future__ import annotations

import os
import select
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from wagtail.models import Revision

from tests import factories
from tests.genedge_site.commands import run, start

COMMAND = ("manage.py", "run_scheduler")
PAST = "2026-01-01 00:00:00"
ON_POSTGRESQL = connection.vendor == "postgresql"

only_on_postgresql = pytest.mark.skipif(not ON_POSTGRESQL, reason="asks for PostgreSQL")


class Site:
    """The database that schedulers work on: on SQLite a copy, for the test's own is in memory."""

    def __init__(self, folder: Path):
        self.file = folder / "site.sqlite3"
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "genedge_site.settings.test",
            "VAR_DIR": str(folder),
            "TEST_DATABASE_URL": f"sqlite:///{self.file}",
        }
        if ON_POSTGRESQL:
            name = connection.settings_dict["NAME"]
            url = urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{name}")
            self.environment["TEST_DATABASE_URL"] = url.geturl()
        else:
            with connection.cursor() as cursor:
                cursor.execute(f"VACUUM INTO '{self.file}'")

    def execute(self, sql: str, *parameters) -> list[tuple]:
        if ON_POSTGRESQL:
            with connection.cursor() as cursor:
                cursor.execute(sql.replace("?", "%s"), parameters)
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.file, timeout=20, isolation_level=None)) as database:
            return database.execute(sql, parameters).fetchall()

    def approve(self, revision: int) -> None:
        self.execute(
            "UPDATE wagtailcore_revision SET approved_go_live_at = ? WHERE id = ?", PAST, revision
        )

    def expire(self, page: int) -> None:
        self.execute("UPDATE wagtailcore_page SET expire_at = ? WHERE id = ?", PAST, page)


@pytest.fixture
def site(committed, tmp_path):
    """Gives the database, once the content that the test needs is there."""
    return lambda: Site(tmp_path)


@pytest.fixture
def scheduler():
    """Starts a scheduler of a site, and returns when it runs."""
    started = []

    def start_scheduler(site):
        process = start(*COMMAND, "--verbosity", "2", given=site.environment)
        started.append(process)
        assert process.stderr
        said = process.stderr.readline()
        assert "The scheduler runs." in said, said + process.stderr.read()
        return process

    yield start_scheduler
    for process in started:
        process.kill()
        process.communicate()


def stop(process) -> tuple[int, str]:
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors


def done_to(site: Site) -> Counter:
    """How often each object was published or unpublished by schedule."""
    return Counter(
        (table, key, action)
        for table, column in (("pagelogentry", "page_id"), ("modellogentry", "object_id"))
        for key, action in site.execute(
            f"SELECT {column}, action FROM wagtailcore_{table}"  # noqa: S608
            " WHERE action LIKE ?",
            "%publish.scheduled",
        )
    )


def due_one_round_after_another(rounds: int) -> list[list]:
    """Of each round eight pages and a person that go live, and a page that expires."""
    revisions = [
        factories.article_page(slug=f"new-{number}", live=False).latest_revision_id
        for number in range(8 * rounds)
    ]
    people = [factories.person(live=False).latest_revision_id for _ in range(rounds)]
    old = [factories.article_page(slug=f"old-{number}").pk for number in range(rounds)]
    return [
        [
            *((Site.approve, key) for key in (*revisions[at::rounds], people[at])),
            (Site.expire, old[at]),
        ]
        for at in range(rounds)
    ]


def test_each_change_is_made_exactly_once_though_a_scheduler_is_killed_all_the_time(
    site, scheduler
):
    rounds = due_one_round_after_another(6)
    site = site()
    steady = [scheduler(site) for _ in range(2 if ON_POSTGRESQL else 1)]

    for changes in rounds:
        victim = scheduler(site)
        for schedule, key in changes:
            schedule(site, key)
        # As soon as any of them has made one of the changes, the others being under way.
        select.select([process.stderr for process in (*steady, victim)], [], [], 60)
        victim.kill()
    for process in steady:
        status, errors = stop(process)
        assert status == 0, errors
        assert "ERROR" not in errors
    caught_up = run(*COMMAND, "--once", given=site.environment)

    assert caught_up.returncode == 0, caught_up.stderr
    done = done_to(site)
    assert set(done.values()) == {1}
    assert Counter(action for _, _, action in done) == {
        "wagtail.publish.scheduled": 54,
        "wagtail.unpublish.scheduled": 6,
    }
    assert site.execute("SELECT count(*) FROM publishing_completedchange") == [(60,)]
    assert site.execute("SELECT count(*) FROM publishing_failedchange") == [(0,)]


def test_scheduler_wakes_when_something_is_scheduled(site, scheduler):
    revision = factories.article_page(live=False).latest_revision_id
    site = site()
    process = scheduler(site)

    site.approve(revision)

    assert "Made permanent: Article: go live at 2026-01-01" in process.stderr.readline()
    assert stop(process) == (0, "")


def test_what_is_not_due_is_waited_for(site, scheduler):
    soon = datetime.now(UTC) + timedelta(seconds=1)
    page = factories.article_page(live=False)
    Revision.objects.filter(pk=page.latest_revision_id).update(approved_go_live_at=soon)
    site = site()

    process = scheduler(site)

    assert "Made permanent" in process.stderr.readline()
    [(completed_at,)] = site.execute("SELECT completed_at FROM publishing_completedchange")
    assert str(completed_at) >= soon.strftime("%Y-%m-%d %H:%M:%S.%f")


@only_on_postgresql
def test_lost_connection_is_told_once_and_survived(site, scheduler):
    before, after = (
        factories.article_page(live=False, slug=slug).latest_revision_id for slug in ("a", "b")
    )
    site = site()
    process = scheduler(site)
    site.approve(before)
    assert "Made permanent" in process.stderr.readline()

    site.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    assert "The database cannot be used." in process.stderr.readline()
    assert "The database can be used again." in process.stderr.readline()
    site.approve(after)
    assert "Made permanent" in process.stderr.readline()
    assert stop(process) == (0, "")


def test_once_tells_by_its_exit_code_that_something_failed(site):
    page = factories.article_page(live=False, body=[])
    site = site()
    site.approve(page.latest_revision_id)

    first, second = (run(*COMMAND, "--once", given=site.environment) for _ in range(2))

    for result in (first, second):
        assert result.returncode == 1
        assert "Of the scheduled changes 1 could not be made" in result.stderr
        assert "Traceback" not in result.stderr
