"""Schedulers as they run: several at once, killed, stopped, and cut off from the database."""

from __future__ import annotations

import select
from collections import Counter

import pytest

from tests import factories
from tests.cms.scheduling.process.scheduler_processes import COMMAND, ON_POSTGRESQL, Site, stop
from tests.genedge_site.commands import run

only_on_postgresql = pytest.mark.skipif(not ON_POSTGRESQL, reason="asks for PostgreSQL")


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

    assert "Made permanent: Article: publish at 2026-01-01" in process.stderr.readline()
    assert stop(process) == (0, "")


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
