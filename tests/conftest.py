"""Fixtures that tests of every room use. Tests reach the code through its front door."""

from __future__ import annotations

import gc
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from pages import clock as site_clock
from tests import factories, migrated, stores

OBJECTS_BETWEEN_COLLECTIONS = 50_000
KEPT_STATEMENT = "a statement that PostgreSQL keeps"
IN_MEMORY = "file:tests?mode=memory&cache=shared"


@pytest.hookimpl(tryfirst=True)  # Tests that use the database are put in order by that.
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nobody is left out of the tests on PostgreSQL who asks it something, and nobody leaves
    anything to those who share the content of a module."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "home_page" in fixtures and "db" not in fixtures:
            item.add_marker("django_db")
        if item.get_closest_marker("any_database") and uses_database(item):
            raise pytest.UsageError(f"{item.nodeid} asks the database: it is not any_database.")
        marked = item.get_closest_marker("django_db")
        if marked and marked.kwargs.get("transaction"):
            # It would leave the database empty, for whoever comes after it.
            raise pytest.UsageError(f"{item.nodeid} commits: let it take `committed`.")


def uses_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return "django_db_setup" in fixtures or item.get_closest_marker("django_db") is not None


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again is in vain."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


@pytest.fixture(autouse=True)
def _nothing_left_of_the_test_before(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    cache.clear()


@pytest.fixture(scope="session")
def migrated_file(pytestconfig, tmp_path_factory) -> Path:
    """A migrated SQLite database, for whoever needs a file to begin with."""
    kept, own = pytestconfig.cache.mkdir("migrated"), tmp_path_factory.mktemp("migrated")
    with migrated.one_at_a_time(kept):
        return Path(shutil.copy(migrated.sqlite_file(kept), own / "migrated.sqlite3"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, pytestconfig, request
) -> Iterator[None]:
    """Let the database of the tests begin as a copy of one that is migrated."""
    if connection.vendor == "postgresql":
        with migrated.one_at_a_time(pytestconfig.cache.mkdir("migrated")):
            template = migrated.template_database(os.environ["TEST_DATABASE_URL"])
        connection.settings_dict["TEST"]["TEMPLATE"] = template
        yield
        return
    file = request.getfixturevalue("migrated_file")
    connection.settings_dict["TEST"]["NAME"] = IN_MEMORY
    # The database in memory is there for as long as one connection to it is open.
    in_memory = sqlite3.connect(IN_MEMORY, uri=True)
    with closing(in_memory), closing(sqlite3.connect(file)) as source:
        source.backup(in_memory)
        yield


@pytest.fixture(scope="session")
def store(tmp_path_factory) -> Iterator[stores.Store]:
    """A store of buckets, as S3 is one."""
    started = stores.started(tmp_path_factory.mktemp("store") / "log")
    yield started
    started.stop()


@pytest.fixture
def in_bucket(store) -> Iterator[str]:
    """Uploads are in a bucket of their own, whose name this is, in the place of the disk."""
    bucket = store.bucket()
    with stores.used(store, bucket):
        yield bucket


@pytest.fixture(scope="session")
def undone(
    django_db_setup, django_db_blocker, tmp_path_factory
) -> Callable[[], AbstractContextManager]:
    """``with undone():`` a fixture of a module asks about content that nobody else is to find."""

    @contextmanager
    def undone() -> Iterator[None]:
        uploads = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("uploads"))
        cache.clear()  # It may know of what has been undone.
        with uploads, django_db_blocker.unblock(), transaction.atomic():
            yield
            transaction.set_rollback(True)
        cache.clear()

    return undone


@pytest.fixture(scope="module")
def home_page(undone) -> Iterator[None]:
    """For modules most of whose tests need a home page, whichever: made once for all of them."""
    with undone():
        factories.home_page()
        yield


@pytest.fixture(scope="module")
def pages_above(home_page) -> None:
    """As ``home_page``, and with it all that other pages may stand beneath."""
    factories.pages_above()


@pytest.fixture
def committed(db) -> Iterator[None]:
    """A connection whose transactions end, so that others see what it wrote.

    It takes the place of the one that undoes everything after a test; whatever it wrote is removed
    again, so that the database is as the migrations left it.
    """
    undoing = connections["default"]
    undoing.connection.rollback()
    connections["default"] = committing = undoing.copy()
    try:
        as_migrated = committing.creation.serialize_db_to_string()
        yield
        # Asked for while the rows are put back, a type that is not remembered would be made anew.
        ContentType.objects.get_for_models(*apps.get_models())
        quietly = {"verbosity": 0, "interactive": False, "inhibit_post_migrate": True}
        call_command("flush", reset_sequences=False, **quietly)
        committing.creation.deserialize_db_from_string(as_migrated)
    finally:
        committing.connection.close()
        connections["default"] = undoing


@pytest.fixture
def ask(client: Client) -> Callable[..., Any]:
    """Ask the API over HTTP; returns the ``data`` of the answer and fails on errors."""

    def ask(query: str, **variables: Any) -> Any:
        return answer_of(post_graphql(client, query, variables))

    return ask


@pytest.fixture
def run_operation(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Run an operation of the contract by its file's name."""

    def run(name: str, **variables: Any) -> Any:
        file = Path(settings.FRONTEND_CONTRACT) / "operations" / f"{name}.graphql"
        return ask(file.read_text(), **variables)

    return run


def answer_of(response) -> Any:
    answer = response.json()
    assert "errors" not in answer, json.dumps(answer["errors"], indent=2)
    assert response.status_code == 200
    return answer["data"]


def post_graphql(client: Client, query: str, variables: dict[str, Any] | None = None):
    return client.post(
        "/graphql",
        {"query": query, "variables": variables or {}},
        content_type="application/json",
    )


@pytest.fixture
def statements() -> Callable[..., Any]:
    """``with statements(5):`` fails unless exactly 5 SQL statements run, and prints what ran.

    Run the same thing once before: what a process asks once and remembers does not count.
    """
    return exactly


@contextmanager
def exactly(expected: int) -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as captured:
        yield captured
    check_number(expected, [query["sql"] for query in captured.captured_queries])


def check_number(expected: int, ran: list[str]) -> None:
    listing = "\n\n".join(f"{number}. {sql}" for number, sql in enumerate(ran, start=1))
    assert len(ran) == expected, f"{len(ran)} statements instead of {expected}:\n\n{listing}"


def statements_of(action: Callable[[], Any]) -> list[str]:
    """What an action runs; of statements that PostgreSQL keeps the text is not known."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return [query["sql"] or KEPT_STATEMENT for query in captured.captured_queries]


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, moment: datetime):
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def set(self, moment: str) -> None:
        """Move to a moment given as ISO 8601 with its offset."""
        self.moment = datetime.fromisoformat(moment)


@pytest.fixture
def clock() -> Iterator[Clock]:
    with stopped_clock() as stopped:
        yield stopped


@contextmanager
def stopped_clock() -> Iterator[Clock]:
    stopped = Clock(datetime.fromisoformat("2026-01-15T12:00:00+00:00"))
    site_clock.clock.use(stopped)
    yield stopped
    site_clock.clock.use(None)


# The people who edit: one of each role, and a browser for each


@pytest.fixture
def staff(db) -> AbstractUser:
    return factories.user("carla", group="Communications staff", email="carla@example.org")


@pytest.fixture
def editor(db) -> AbstractUser:
    return factories.user("edith", group="Editors", email="edith@example.org")


@pytest.fixture
def administrator(db) -> AbstractUser:
    return factories.user("amir", group="Administrators", email="amir@example.org")


@pytest.fixture
def sign_in() -> Callable[[AbstractUser], Client]:
    return signed_in


def signed_in(user: AbstractUser) -> Client:
    client = Client()
    client.force_login(user)
    return client
