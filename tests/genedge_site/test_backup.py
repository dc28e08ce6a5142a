"""The scripts that operators back up and restore with, run on a site with content."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from tests import migrated
from tests.dumped_rows import in_order
from tests.genedge_site.commands import run

SCRIPTS = Path(settings.BASE_DIR) / "docs" / "operators"


@pytest.fixture
def place(tmp_path) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """A migrated site, and an empty place to restore it to: each with its database and folder."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    folders = [tmp_path / name for name in ("here", "there")]
    for folder in folders:
        folder.mkdir()
    if not server:
        urls = [f"sqlite:///{folder / 'site.sqlite3'}" for folder in folders]
        yield environment(urls[0], folders[0]), environment(urls[1], folders[1])
        return
    names = [f"backup_{name}" for name in ("here", "there")]
    made_from = [migrated.template_database(server), "template1"]
    with psycopg.connect(server, autocommit=True) as connection:
        for name, template in zip(names, made_from, strict=True):
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        parts = urlsplit(server)
        urls = [parts._replace(path=f"/{name}").geturl() for name in names]
        yield environment(urls[0], folders[0]), environment(urls[1], folders[1])
        for name in names:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def environment(url: str, folder: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "genedge_site.settings.dev",
        "DATABASE_URL": url,
        "VAR_DIR": str(folder),
    }


def script(name: str, folder: Path, given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SCRIPTS / name, folder],
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        check=False,
    )


def content_of(given: dict[str, str]) -> tuple[list[dict], dict[str, bytes]]:
    dumped = run("manage.py", "dumpdata", "auth", "media", "pages", "wagtailcore", given=given)
    assert dumped.returncode == 0, dumped.stderr
    return in_order(dumped.stdout), files_in(Path(given["VAR_DIR"]) / "uploads")


def files_in(uploads: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(uploads)): file.read_bytes()
        for file in uploads.rglob("*")
        if file.is_file()
    }


def test_what_was_backed_up_is_there_again(place, tmp_path, migrated_file):
    here, there = place
    if here["DATABASE_URL"].startswith("sqlite"):
        shutil.copy(migrated_file, Path(here["VAR_DIR"]) / "site.sqlite3")
    assert run("manage.py", "load_starter_content", given=here).returncode == 0
    backup = tmp_path / "backup"

    backed_up = script("backup", backup, here)
    restored = script("restore", backup, there)

    assert (backed_up.returncode, restored.returncode) == (0, 0), backed_up.stderr + restored.stderr
    rows, files = content_of(here)
    assert files
    assert content_of(there) == (rows, files)
    assert backup.stat().st_mode & 0o077 == 0

    again = script("restore", backup, there)
    assert again.returncode == 1
    assert "move them away" in again.stderr
    assert content_of(there) == (rows, files)
    assert script("backup", backup, here).returncode == 1


@pytest.mark.decided_in_python
def test_uploads_in_a_bucket_are_backed_up_and_there_again_in_another(
    place, tmp_path, migrated_file, store
):
    buckets = [store.bucket(), store.bucket()]
    here, there = (
        {**given, **store.environment(bucket)} for given, bucket in zip(place, buckets, strict=True)
    )
    if here["DATABASE_URL"].startswith("sqlite"):
        shutil.copy(migrated_file, Path(here["VAR_DIR"]) / "site.sqlite3")
    assert run("manage.py", "load_starter_content", given=here).returncode == 0
    backup = tmp_path / "backup"

    backed_up = script("backup", backup, here)
    restored = script("restore", backup, there)

    assert (backed_up.returncode, restored.returncode) == (0, 0), backed_up.stderr + restored.stderr
    stored = [
        {name: store.content(bucket, name) for name in store.names(bucket)} for bucket in buckets
    ]
    assert stored[0]
    assert stored[0] == stored[1] == files_in(backup / "uploads")
    assert content_of(there) == content_of(here)
    assert not (Path(there["VAR_DIR"]) / "uploads").exists()
