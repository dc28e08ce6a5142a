"""Searches that are noted at once, each by a process of its own, and while others write."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from django.db import connection
from wagtail.models import Locale

from cms.search.models import SearchInVain
from tests import factories
from tests.cms.scheduling.process.scheduler_processes import Site
from tests.genedge_site.commands import start

TIMES, PROCESSES = 20, 3
# On SQLite they wait for each other as long as it takes here, however busy the machine is.
NOTE = """
from cms.search import in_vain
in_vain.MILLISECONDS_WAITED = 60_000
for _ in range({times}):
    in_vain.note([in_vain.Searched({site}, {locale}, "en", "nonesuch")])
"""
SEARCH = '{ search(query: "nonesuch") { totalCount } }'


def test_processes_that_note_the_same_words_at_once_count_each(committed, tmp_path):
    home = factories.home_page()
    place = {"site": home.get_site().pk, "locale": Locale.get_default().pk}
    site = Site(tmp_path)
    code = NOTE.format(times=TIMES, **place)

    running = [
        start("manage.py", "shell", "--no-imports", "-c", code, given=site.environment)
        for _ in range(PROCESSES)
    ]
    for process in running:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors

    rows = site.execute("SELECT words, times FROM search_searchinvain")
    assert [tuple(row) for row in rows] == [("nonesuch", TIMES * PROCESSES)]


@contextmanager
def held() -> Iterator[None]:
    """Somebody writes: on SQLite whatever it is, on PostgreSQL the very row."""
    if connection.vendor == "postgresql":
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute("SELECT FROM search_searchinvain FOR UPDATE")
            yield
        return
    name = str(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(name, uri=True, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE search_searchinvain SET times = times")
        yield


def test_answer_does_not_wait_for_who_writes(committed, client, caplog):
    factories.home_page()
    total = {"data": {"search": {"totalCount": 0}}}

    def asked():
        sent = client.post("/graphql", {"query": SEARCH}, content_type="application/json")
        return {"data": json.loads(sent.content)["data"]}

    assert asked() == total
    with held():
        begun = time.monotonic()
        assert asked() == total
        assert time.monotonic() - begun < 10

    assert "A search that found nothing was not noted." in caplog.text
    assert SearchInVain.objects.get().times == 1
    assert asked() == total
    assert SearchInVain.objects.get().times == 2
