"""A release goes live while many read: no answer may hold some of it and not all of it.

Readers ask for the same articles in two lists with their totals, which takes several statements. So
an answer that mixes old and new shows. They go on through both steps: the moment from which the
release is seen, and the transaction that makes it permanent.
"""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from typing import Any

from django.contrib.auth import get_user_model

from cms.releases import steps as release_steps
from cms.releases.models import ItemAction, Release
from pages.models import ArticlePage, ArticlesPage

__all__ = ["print_release"]

ROOT = Path(__file__).parents[2]
READERS = 16
CHANGED, NEW, REMOVED = 120, 40, 40
SECONDS_TO_GO_ON = 2
KINDS = ("before", "after", "mixed", "failed")
QUERY = """{
    oldest: articles(first: 20, orderBy: OLDEST_FIRST) { totalCount nodes { title path } }
    newest: articles(first: 20, orderBy: NEWEST_FIRST) { totalCount nodes { title path } }
}"""
HEADERS = {
    "Host": "localhost",
    "Content-Type": "application/json",
    "X-Forwarded-Proto": "https",
}


def print_release(database: str, port: int) -> None:
    """What readers of a server and its scheduler met while a release went live, as JSON."""
    release = prepare()
    with scheduler(), reading(port) as seen:
        started = time.perf_counter()
        release_steps.approve(release, release.created_by, now=True)
        approved = time.perf_counter()
        while Release.objects.get().state != "live":
            time.sleep(0.05)
        permanent = time.perf_counter()
    found = {
        "database": database,
        "items": release.items.count(),
        "approved_seconds": approved - started,
        "permanent_seconds": permanent - approved,
    }
    print(json.dumps(found | {kind: seen[kind] for kind in KINDS}))


def prepare() -> Release:
    """A release of articles that change, appear and disappear; their titles say what they are."""
    index = ArticlesPage.objects.get()
    articles = list(ArticlePage.objects.order_by("pk")[: CHANGED + REMOVED])
    for article in articles:
        article.title = f"Before {article.pk}"
        article.save_revision().publish()
    for article in articles[:CHANGED]:
        article.title = f"After {article.pk}"
        article.save_revision()
    made = []
    for number in range(NEW):
        article = ArticlePage(
            title=f"After, new {number}", slug=f"new-{number}", body=articles[0].body, live=False
        )
        index.add_child(instance=article)
        article.save_revision()
        made.append(article)
    admin = get_user_model().objects.create_superuser("releaser")
    release = Release.objects.create(name="Benchmark", created_by=admin)
    changed, removed = articles[:CHANGED], articles[CHANGED:]
    release_steps.add_objects(release, [*changed, *made], ItemAction.PUBLISH, admin)
    release_steps.add_objects(release, removed, ItemAction.UNPUBLISH, admin)
    return release


@contextmanager
def scheduler() -> Iterator[None]:
    command = [sys.executable, "manage.py", "run_scheduler"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def reading(port: int) -> Iterator[Counter[str]]:
    """Readers ask continuously while the block runs, and a little longer; counts what they saw."""
    seen: Counter[str] = Counter()
    stop = Event()
    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(read, port, stop) for _ in range(READERS)]
        try:
            yield seen
            time.sleep(SECONDS_TO_GO_ON)
        finally:
            stop.set()
        for reader in readers:
            seen += reader.result()


def read(port: int, stop: Event) -> Counter[str]:
    counted: Counter[str] = Counter()
    client = HTTPConnection("127.0.0.1", port, timeout=60)
    while not stop.is_set():
        client.request("POST", "/graphql", json.dumps({"query": QUERY}), HEADERS)
        response = client.getresponse()
        body = response.read()
        counted[kind_of(json.loads(body)) if response.status == 200 else "failed"] += 1
    client.close()
    return counted


def kind_of(answer: dict[str, Any]) -> str:
    """Whether an answer is of before the release or of after it, or mixes them."""
    if "errors" in answer:
        return "failed"
    lists = answer["data"].values()
    words = {node["title"].split()[0].strip(",") for each in lists for node in each["nodes"]}
    totals = {each["totalCount"] for each in lists}
    if len(totals) > 1 or {"Before", "After"} <= words:
        return "mixed"
    return "after" if "After" in words else "before"
