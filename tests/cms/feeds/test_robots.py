"""Crawlers are kept from the CMS where readers are elsewhere, and told where the sitemap is."""

import pytest
from django.test import Client
from wagtail.models import Site

from tests import factories

pytestmark = pytest.mark.usefixtures("home_page")


@pytest.fixture
def robots(client, settings):
    settings.CRAWLERS_ALLOWED = True
    return lambda: client.get("/robots.txt").content.decode().splitlines()


def test_crawlers_are_kept_from_a_site_that_is_being_built(client, settings):
    assert settings.CRAWLERS_ALLOWED is False

    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == "User-agent: *\nDisallow: /\n"


def test_where_readers_are_at_a_frontend_only_files_may_be_read(robots, settings):
    settings.FRONTENDS = {"": "https://www.example.org"}

    assert robots() == [
        "User-agent: *",
        "Allow: /uploads/",
        "Allow: /documents/",
        "Allow: /feeds/",
        "Allow: /cards/",
        "Allow: /charts/",
        "Allow: /sitemap",
        "Disallow: /",
        "",
        "Sitemap: https://www.example.org/sitemap.xml",
    ]


def test_without_a_frontend_all_but_what_is_for_people_and_programs_may_be_read(robots):
    assert robots() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /graphql",
        "Disallow: /_util/",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_each_site_names_its_own(robots, client, settings):
    settings.FRONTENDS = {"cms-second.example.org": "https://second.example.org"}
    there = factories.home_page(slug="there")
    Site.objects.create(hostname="cms-second.example.org", root_page=there)

    assert robots()[-1] == "Sitemap: http://testserver/sitemap.xml"
    client.defaults["SERVER_NAME"] = "cms-second.example.org"
    assert robots()[-1] == "Sitemap: https://second.example.org/sitemap.xml"


def test_unknown_host_has_none(settings):
    site = Site.objects.get()
    Site.objects.update(is_default_site=False, hostname="elsewhere.example.org")

    try:
        assert Client().get("/robots.txt").status_code == 404
    finally:
        site.save()
