"""Sites that could not be reached, or would be found at another's address, stop the start."""

import shutil
import socket
import sqlite3
from contextlib import closing

import pytest
from django.db import connection
from wagtail.models import Site

from genedge_site.start_checks import problems_in_database
from tests import factories
from tests.genedge_site.commands import run


@pytest.fixture
def second(db):
    home = factories.home_page()
    return Site.objects.create(site_name="Blog", hostname="blog.example.org", root_page=home)


def test_sites_that_fit_the_settings_are_no_problem(second, settings):
    settings.ALLOWED_HOSTS = ["testserver", ".example.org"]
    settings.FRONTENDS = {"": "https://a.org", "blog.example.org": "https://b.org"}

    assert problems_in_database() == []


def test_frontend_of_a_site_that_is_not_there(second, settings):
    settings.FRONTENDS = {"other.example.org": "https://a.org"}

    assert problems_in_database() == [
        "FRONTEND_URL names the site 'other.example.org', which is not there: name the host of a"
        " site as Settings → Sites in the admin has it."
    ]


def test_site_that_no_request_can_be_for(second, settings):
    settings.ALLOWED_HOSTS = ["testserver"]

    assert problems_in_database() == [
        "The site “Blog” cannot be reached: add blog.example.org to ALLOWED_HOSTS."
    ]


def test_another_site_at_the_address_of_the_cms(second, settings):
    settings.SITE_URL = "https://blog.example.org"

    assert problems_in_database() == [
        "SITE_URL is 'https://blog.example.org', where the site “Blog” answers, which is not the"
        " default site: set it to another address, or make that site the default."
    ]


@pytest.mark.parametrize("module", ["genedge_site.launch", "genedge_site.server"])
def test_every_way_to_start_tells_it(migrated_file, tmp_path, module):
    database = shutil.copy(migrated_file, tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("UPDATE wagtailcore_site SET hostname = 'cms.example.org'")
        opened.commit()
    given = {
        "DJANGO_SETTINGS_MODULE": "genedge_site.settings.dev",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{database}",
        "PORT": str(port),
        "FRONTEND_URL": "gone.example.org=https://a.org",
    }

    result = run("-m", module, given=given)

    assert result.stderr.splitlines()[-1].startswith("FRONTEND_URL names the site 'gone.example")
    assert result.returncode == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs TEST_DATABASE_URL")
def test_database_without_the_collation_is_told(db):
    with connection.cursor() as cursor:
        cursor.execute('ALTER COLLATION pg_catalog."und-x-icu" RENAME TO away')

    [problem] = problems_in_database()

    assert problem.startswith("The database has no collation und-x-icu, by which lists are")
