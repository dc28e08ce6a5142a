"""Moves a site from SQLite to PostgreSQL, back, or to another server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import load_backend
from wagtail.models import Revision

from cms.scheduling.process.heartbeat import last_beat, silent
from genedge_site.moving import copy_everything
from genedge_site.settings.environment import Environment

NEW = "new"


class Command(BaseCommand):
    help = (
        "Copy everything from the site's database into another, empty one, on SQLite or PostgreSQL."
        " Stop the site before; set DATABASE_URL to the new one afterwards."
    )

    def add_arguments(self, parser):
        parser.add_argument("url", help="Of the new database, as DATABASE_URL would name it.")

    def handle(self, *, url: str, verbosity: int, **options):
        check_that_all_is_at_rest()
        with connected(url):
            self.say("Making the tables", verbosity)
            manage(url, "migrate", "--verbosity=0")
            check_that_it_is_empty()
            copy_everything(
                NEW, lambda model, count: self.say(f"{model._meta.db_table}: {count}", verbosity)
            )
        self.say("Writing the index of the search", verbosity)
        manage(url, "update_index", "--verbosity=0")
        self.say(
            "Everything is there. Set DATABASE_URL to the new database, and start the site."
            " Uploads stay where they are; the old database is as it was.",
            verbosity,
        )

    def say(self, message: str, verbosity: int) -> None:
        if verbosity:
            self.stdout.write(message)
            self.stdout.flush()


def check_that_all_is_at_rest() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("This site's own database is not up to date: run `migrate` first.")
    if not silent(last_beat()):
        raise CommandError(
            "A scheduler is at work: stop the site first, as what is written meanwhile would stay"
            " behind. If it was killed, try again in a minute."
        )


@contextmanager
def connected(url: str) -> Iterator[None]:
    """The new database, under an alias for as long as it takes."""
    environment = Environment({"The new database": url})
    new = environment.database("The new database", base=settings.BASE_DIR)
    if environment.problems:
        raise CommandError(environment.problems[0])
    if is_same(new, connection.settings_dict):
        raise CommandError("This is the database of the site already: name another one.")
    if new["ENGINE"] == "django.db.backends.sqlite3":
        new["OPTIONS"] = settings.SQLITE_OPTIONS
    # This adds all that a connection asks for.
    configured = connections.configure_settings({DEFAULT_DB_ALIAS: new})[DEFAULT_DB_ALIAS]
    connections[NEW] = load_backend(new["ENGINE"]).DatabaseWrapper(configured, NEW)
    try:
        connections[NEW].ensure_connection()
        yield
    except OperationalError as error:
        raise CommandError(f"The new database cannot be used: {error}") from error
    finally:
        connections[NEW].close()
        del connections[NEW]


def is_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(
        str(one.get(key) or "") == str(other.get(key) or "")
        for key in ("ENGINE", "NAME", "HOST", "PORT")
    )


def check_that_it_is_empty() -> None:
    if any(model.objects.using(NEW).exists() for model in (get_user_model(), Revision)):
        raise CommandError("The new database holds a site already: name an empty one.")


def manage(url: str, *arguments: str) -> None:
    """In a process of its own: some migrations write to the default database, whatever is asked."""
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
        env={**os.environ, "DATABASE_URL": url, "TEST_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise CommandError(f"`{arguments[0]}` failed in the new database: {' '.join(reason)}")
