"""A perspective is laid over one connection; what goes past it is refused."""

import pytest
from django.db import connection, connections
from wagtail.models import Page

from cms.database.overlay import NotOverlaid, Overlay
from cms.perspective.perspectives import published_at
from cms.perspective.projection import projection_of
from tests import factories
from tests.cms.perspective.scheduled_content import at, schedule

TITLE = 'SELECT "title" FROM "wagtailcore_page"'


@pytest.fixture
def replica(db, monkeypatch):
    """Another name for the database, with a connection of its own."""
    monkeypatch.setitem(connections.settings, "replica", connections.settings["default"])
    connections["replica"] = connection.copy(alias="replica")
    connections["replica"].connect()
    yield connections["replica"]
    connections["replica"].close()
    del connections["replica"]


@pytest.fixture
def overlay(replica) -> Overlay:
    """Of a page that is to be called New."""
    schedule(factories.article_page(title="Old"), at(2), title="New")
    return projection_of(published_at(at(3)).changes(at(3))).overlay


def test_other_connections_refuse_what_is_overlaid(replica, overlay):
    with overlay.in_force(), replica.cursor() as cursor:
        for sql in (TITLE, f"/* tag */ {TITLE}", TITLE.replace('"', "")):
            with pytest.raises(NotOverlaid, match="use the default one"):
                cursor.execute(sql)
        with pytest.raises(NotOverlaid):
            Page.objects.using("replica").count()
        cursor.execute("SELECT 1")
        assert cursor.fetchall() == [(1,)]


def test_other_connections_are_free_again(replica, overlay):
    with overlay.in_force():
        pass

    assert replica.execute_wrappers == connection.execute_wrappers == []
