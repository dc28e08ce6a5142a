"""A site moves between SQLite and PostgreSQL with everything that it has stored."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connection
from psycopg import sql
from wagtail.models import Site

from cms.outbox.models import ContentEvent
from cms.scheduling.process.heartbeat import Pulse
from genedge_site.management.commands.move_database import NEW, connected
from genedge_site.moving import models_to_copy
from tests import factories, migrated
from tests.cms.perspective.scheduled_content import at, schedule
from tests.dumped_rows import in_order

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")


@pytest.fixture(scope="module")
def stored(undone) -> Iterator[dict[str, list[dict]]]:
    """A site with something of each kind, and all its rows by their models."""
    with undone():
        call_command("load_starter_content", verbosity=0)
        factories.user("editor", group="Editors", first_name="Ünal “Ü”")
        article = factories.article_page(title='Æther 🙂 \\u0000 "quoted" %s')
        schedule(article, at(2), title="Later")
        factories.release([article])
        factories.document(tags=["one", "two"])
        yield rows_of(DEFAULT_DB_ALIAS)


def rows_of(database: str) -> dict[str, list[dict]]:
    return {
        model._meta.label: in_order(
            serializers.serialize("json", model._base_manager.using(database).order_by("pk"))
        )
        for model in models_to_copy()
        if model._meta.label != "migrations.Migration"
    }


@pytest.fixture
def new_file(migrated_file, tmp_path) -> Path:
    return Path(shutil.copy(migrated_file, tmp_path / "new.sqlite3"))


def test_every_row_is_there_after_a_move(stored, new_file, capsys):
    url = f"sqlite:///{new_file}"

    call_command("move_database", url)

    with connected(url):
        assert rows_of(NEW) == stored
    assert "wagtailcore_page: " in capsys.readouterr().out
    assert sum(rows != [] for rows in stored.values()) > 40


def test_who_follows_changes_is_told_to_start_anew(stored, new_file):
    url = f"sqlite:///{new_file}"

    call_command("move_database", url, verbosity=0)

    with connected(url):
        event = ContentEvent.objects.using(NEW).get()
        assert event.content_type.model_class() is Site
        assert event.object_id == str(Site.objects.using(NEW).get().pk)


def test_a_site_is_not_moved_over_another(stored, new_file):
    url = f"sqlite:///{new_file}"
    call_command("move_database", url, verbosity=0)

    with pytest.raises(CommandError, match="holds a site already"):
        call_command("move_database", url, verbosity=0)


def test_a_site_that_runs_is_not_moved(stored, new_file):
    Pulse().beat()

    with pytest.raises(CommandError, match="stop the site first"):
        call_command("move_database", f"sqlite:///{new_file}", verbosity=0)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://localhost/site", "unknown kind of database"),
        ("postgresql://nobody@127.0.0.1:1/none", "cannot be used"),
        ("sqlite:////nowhere/at/all.sqlite3", "cannot be used"),
    ],
)
def test_wrong_database_is_told_in_a_sentence(stored, url, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("move_database", url, verbosity=0)


@pytest.fixture
def new_database() -> Iterator[str]:
    """The address of a migrated PostgreSQL database of its own."""
    url, name = os.environ["TEST_DATABASE_URL"], sql.Identifier(f"moved_{os.getpid()}")
    template = sql.Identifier(migrated.template_database(url))
    with psycopg.connect(migrated.at(url, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))
        yield migrated.at(url, f"moved_{os.getpid()}")
        server.execute(sql.SQL("DROP DATABASE {}").format(name))


@on_postgresql
def test_nothing_is_lost_on_the_way_there_and_back(stored, new_file, new_database):
    call_command("move_database", f"sqlite:///{new_file}", verbosity=0)

    subprocess.run(
        [sys.executable, "manage.py", "move_database", new_database, "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "TEST_DATABASE_URL": f"sqlite:///{new_file}"},
        check=True,
    )

    with connected(new_database):
        assert rows_of(NEW) == stored
        factories.user("with a number of its own").save(using=NEW)
