"""A thousand articles that go live at one second, on PostgreSQL and on SQLite.

Three schedulers make them permanent while the oldest of them is killed with SIGKILL every second.
At the second itself a reader is asked, before any of it is permanent. Beside it, Wagtail's own
`publish_scheduled` does the same to the same content, undisturbed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.management import call_command
from django.db.models import Count, F
from django.test import Client, override_settings
from wagtail.models import PageLogEntry, Revision

from cms.scheduling.models import CompletedChange, FailedChange, Heartbeat
from pages import clock
from pages.models import ArticlePage

__all__ = ["print_ours", "print_stock"]

ROOT = Path(__file__).parents[2]
SCHEDULERS = 3
NEVER = datetime(2999, 1, 1, tzinfo=UTC)
LONGEST_SECONDS = 300
A_MOMENT = timedelta(seconds=15)
STOCK_SEARCH = {"default": {"BACKEND": "wagtail.search.backends.database"}}


def print_ours(wanted: int) -> None:
    """Schedule articles for a moment to come, and tell what became of them, as JSON."""
    keys = schedule(wanted, NEVER)
    before = total_for_a_reader()
    with schedulers() as running:
        due_at = datetime.now(UTC) + timedelta(seconds=2)
        Revision.objects.filter(approved_go_live_at=NEVER).update(approved_go_live_at=due_at)
        wait_until(due_at)
        seen = total_for_a_reader() - before
        kills = 0
        while Revision.objects.filter(approved_go_live_at__isnull=False).exists():
            if datetime.now(UTC) > due_at + timedelta(seconds=LONGEST_SECONDS):
                sys.exit("The schedulers do not come to an end.")
            wait_until(due_at + timedelta(seconds=kills + 1))
            kill_oldest(running)
            kills += 1
        last = CompletedChange.objects.latest("completed_at").completed_at
        wait_until_indexed(running)
    problems = wrong(keys)
    for problem in problems:
        print(problem, file=sys.stderr)
    found = {
        "seen": seen,
        "seconds": (last - due_at).total_seconds(),
        "kills": kills,
        "wrong": len(problems),
    }
    print(json.dumps(found))


def print_stock(wanted: int) -> None:
    keys = schedule(wanted, datetime.now(UTC))
    with override_settings(WAGTAILSEARCH_BACKENDS=STOCK_SEARCH):
        started = time.perf_counter()
        call_command("publish_scheduled", verbosity=0)
        seconds = time.perf_counter() - started
    live = ArticlePage.objects.filter(pk__in=keys, live=True, title__startswith="Due").count()
    print(json.dumps({"seconds": seconds, "live": live}))


def schedule(wanted: int, moment: datetime) -> list[int]:
    """Approve a new version of some articles, which are taken down before."""
    articles = list(ArticlePage.objects.order_by("-pk")[:wanted])
    keys = [article.pk for article in articles]
    for article in articles:
        article.title = f"Due {article.pk}"
        article.live, article.go_live_at = False, None
        article.save_revision()
    ArticlePage.objects.filter(pk__in=keys).update(live=False, live_revision=None)
    PageLogEntry.objects.filter(page_id__in=keys).delete()
    latest = Revision.objects.filter(
        pk__in=ArticlePage.objects.filter(pk__in=keys).values("latest_revision_id")
    )
    latest.update(approved_go_live_at=moment)
    return keys


def total_for_a_reader() -> int:
    query = {"query": "{ articles(first: 1) { totalCount } }"}
    client = Client(SERVER_NAME="localhost")
    response = client.post("/graphql", query, content_type="application/json", secure=True)
    return response.json()["data"]["articles"]["totalCount"]


@contextmanager
def schedulers() -> Iterator[subprocess.Popen]:
    command = [sys.executable, "manage.py", "run_scheduler", "--processes", str(SCHEDULERS)]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.DEVNULL) as running:
        try:
            wait_until_they_run(running)
            yield running
        finally:
            running.terminate()


def wait_until_they_run(running: subprocess.Popen) -> None:
    while Heartbeat.objects.filter(beaten_at__gt=clock.now() - A_MOMENT).count() < SCHEDULERS:
        if running.poll() is not None:
            sys.exit("The schedulers did not start.")
        time.sleep(0.1)


def processes_of(running: subprocess.Popen) -> list[int]:
    """The oldest first."""
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    return sorted(int(key) for key in children.read_text().split())


def kill_oldest(running: subprocess.Popen) -> None:
    """Another takes its place."""
    os.kill(processes_of(running)[0], signal.SIGKILL)


def wait_until_indexed(running: subprocess.Popen) -> None:
    """Killed no more, they write the indexes that editors use."""
    while CompletedChange.objects.filter(is_indexed=False).exists() and running.poll() is None:
        time.sleep(0.1)


def wait_until(moment: datetime) -> None:
    time.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))


def wrong(keys: list[int]) -> list[str]:
    """Which of the articles were not done exactly once."""
    texts = [str(key) for key in keys]
    done = dict(
        CompletedChange.objects.filter(object_id__in=texts)
        .values_list("object_id")
        .annotate(times=Count("pk"))
    )
    logged = dict(
        PageLogEntry.objects.filter(page_id__in=keys, action="wagtail.publish.scheduled")
        .values_list("page_id")
        .annotate(times=Count("pk"))
    )
    live = set(
        ArticlePage.objects.filter(
            live_revision_id=F("latest_revision_id"), pk__in=keys, live=True
        ).values_list("pk", flat=True)
    )
    problems = [
        f"{key}: done {done.get(str(key), 0)} times, logged {logged.get(key, 0)} times"
        for key in keys
        if done.get(str(key)) != 1 or logged.get(key) != 1 or key not in live
    ]
    return [*problems, *(str(failure) for failure in FailedChange.objects.all())]
