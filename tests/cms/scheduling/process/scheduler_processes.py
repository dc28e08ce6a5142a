"""Schedulers in processes of their own, and the database that they work on."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

__all__ = ["COMMAND", "ON_POSTGRESQL", "Site", "stop"]

COMMAND = ("manage.py", "run_scheduler")
PAST = "2026-01-01 00:00:00"
ON_POSTGRESQL = connection.vendor == "postgresql"


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
            # As a site's file is from its first migration on. Whoever connects first would change
            # it otherwise, which does not wait for anybody who writes meanwhile.
            self.execute("PRAGMA journal_mode = WAL")

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


def stop(process) -> tuple[int, str]:
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors
