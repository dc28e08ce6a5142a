"""The server itself, whose uploads are in a bucket: as readers get them, and while it hangs."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import stores
from tests.genedge_site.commands import run
from tests.genedge_site.test_slow_peers import JSON, QUERY, Server, start

pytestmark = pytest.mark.any_database

# More than a worker has threads.
READERS = 24
SECONDS_TO_START = 60
MADE = """
from django.core.files.base import ContentFile
from media.models import Document, Image
from tests.factories import image
print(image().file.url)
numbers = b"".join(number.to_bytes(4) for number in range(250_000))
print(Document.objects.create(title="Numbers", file=ContentFile(numbers, "numbers.txt")).url)
"""
NUMBERS = b"".join(number.to_bytes(4) for number in range(250_000))


@dataclass
class Site:
    server: Server
    store: stores.Store
    picture: str
    document: str


@pytest.fixture(scope="module")
def site(tmp_path_factory, migrated_file) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("bucket")
    shutil.copy(migrated_file, folder / "genedge.sqlite3")
    store = stores.started(folder / "store-log")
    bucket = store.bucket()
    given = {
        "DJANGO_SETTINGS_MODULE": "genedge_site.settings.dev",
        "VAR_DIR": str(folder),
        **store.environment(bucket),
    }
    made = run("manage.py", "shell", "-v0", "-c", MADE, given=given)
    assert made.returncode == 0, made.stderr
    picture, document = made.stdout.split()
    server = start(folder, 600, **store.environment(bucket))
    yield Site(server, store, picture, document)
    server.process.terminate()
    server.process.wait(timeout=SECONDS_TO_START)
    store.stop()
    assert not (folder / "uploads").exists()


def test_large_file_comes_whole_and_in_parts(site):
    whole, content = site.server.ask("GET", site.document)
    part, few = site.server.ask("GET", site.document, headers={"Range": "bytes=400000-899999"})
    head, nothing = site.server.ask("HEAD", site.document)
    known = {"If-None-Match": whole.headers["ETag"]}
    same, _ = site.server.ask("GET", site.document, headers=known)

    assert (whole.status, content) == (200, NUMBERS)
    assert (part.status, few) == (206, NUMBERS[400_000:900_000])
    assert (head.status, nothing) == (200, b"")
    assert whole.headers["Content-Length"] == head.headers["Content-Length"] == "1000000"
    assert same.status == 304


def test_picture_comes_from_the_sites_own_address(site):
    answer, content = site.server.ask("GET", site.picture)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["ETag"]
    assert "Cache-Control" not in answer.headers
    assert content.startswith(b"\x89PNG")


def test_store_that_hangs_holds_up_nobody_who_needs_no_file(site):
    """More readers wait for it than there are threads."""
    site.store.process.send_signal(signal.SIGSTOP)
    asked = f"GET {site.picture} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    readers = [site.server.peer(asked) for _ in range(READERS)]
    try:
        answer, content = site.server.ask("POST", "/graphql", QUERY, JSON)
        health, _ = site.server.ask("GET", "/health")
        first = readers[0].recv(1000)
    finally:
        site.store.process.send_signal(signal.SIGCONT)
        for reader in readers:
            reader.close()

    assert (answer.status, json.loads(content)["data"]) == (200, {"__typename": "Query"})
    assert health.status == 503  # Of the scheduler, which does not run here.
    assert first.startswith(b"HTTP/1.1 503")
