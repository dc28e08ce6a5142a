"""A database that is migrated already, which each process of the tests copies.

Migrating takes longer than most folders of tests, so it is done once, and kept until anything that
it follows from has changed. `migrate` runs on the copies all the same, and finds nothing to do.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from psycopg import sql

__all__ = ["FINGERPRINT", "fingerprint", "one_at_a_time", "sqlite_file", "template_database"]

# Names the one that holds, where the code is changed as no migration follows: see tests/mutants.
FINGERPRINT = "MIGRATED_FINGERPRINT"
OURS = ("cms", "genedge_site", "media", "pages")


def fingerprint() -> str:
    """Of all that migrating follows from: our code, the packages, Python and its SQLite."""
    if FINGERPRINT in os.environ:
        return os.environ[FINGERPRINT]
    digest = sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for name in sorted(f"{each.name}=={each.version}" for each in distributions()):
        digest.update(name.encode())
    for file in sorted(
        file for folder in OURS for file in (settings.BASE_DIR / folder).rglob("*.py")
    ):
        digest.update(str(file.relative_to(settings.BASE_DIR)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """What the first process makes, the others find."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sqlite_file(folder: Path) -> Path:
    """The file of a migrated database; those of other code are removed."""
    file = folder / f"{fingerprint()}.sqlite3"
    if not file.exists():
        for other in folder.glob("*.sqlite3*"):
            other.unlink()
        unfinished = file.with_suffix(".sqlite3-unfinished")
        migrate(f"sqlite:///{unfinished}")
        with closing(sqlite3.connect(unfinished)) as database:
            # A copy in memory cannot have a log of its own.
            database.execute("PRAGMA journal_mode = DELETE")
        unfinished.rename(file)
    return file


def template_database(url: str) -> str:
    """The name of a migrated database on the PostgreSQL server; it is there for the next time."""
    name, made_from = "genedge_migrated_for_tests", fingerprint()
    identifier = sql.Identifier(name)
    with psycopg.connect(at(url, "postgres"), autocommit=True) as server:
        found = server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        ).fetchone()
        if found != (made_from,):
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(identifier))
            server.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
            migrate(at(url, name))
            # Last, so that one that is not finished is made again.
            server.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(identifier, sql.Literal(made_from))
            )
    return name


def at(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "genedge_site.settings.test",
            "TEST_DATABASE_URL": url,
        },
        check=True,
    )
