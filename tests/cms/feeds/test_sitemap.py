"""The sitemap has the addresses of all pages that readers may see, and of no other."""

import pytest
from wagtail.models import Locale, Page, PageViewRestriction, Site

from cms.feeds import sitemap
from tests import factories
from tests.cms.feeds.reading import SITEMAPS, XHTML, addresses_in, xml_at
from tests.cms.perspective.scheduled_content import at, scheduled

pytestmark = pytest.mark.django_db

LANGUAGES = [("en", "English"), ("de", "German")]


def translated(home):
    german = Locale.objects.create(language_code="de")
    copy = home.copy_for_translation(german, copy_parents=True)
    copy.save_revision().publish()
    return copy


def test_sitemap_has_all_public_pages_each_after_the_page_above_it(client):
    factories.article_page(slug="first")

    assert addresses_in(client) == [
        "http://testserver/",
        "http://testserver/articles/",
        "http://testserver/articles/first/",
    ]


def test_addresses_are_those_of_the_frontend(client, settings):
    settings.FRONTENDS = {"": "https://www.example.org"}
    factories.charter_page()

    assert addresses_in(client) == ["https://www.example.org/", "https://www.example.org/charter/"]


@pytest.mark.parametrize("kind", ["password", "groups", "login"])
def test_pages_of_a_private_section_are_missing(client, kind):
    article = factories.article_page()
    section = article.get_parent()
    PageViewRestriction.objects.create(page=section, restriction_type=kind, password="word")

    assert addresses_in(client) == ["http://testserver/"]


def test_page_is_there_from_its_second_until_it_expires(client, clock):
    """Whether or not a scheduler runs."""
    factories.articles_page()
    scheduled(factories.article_page, at(2), slug="due", expires=at(3))
    told = []

    for moment in ["2099-06-02T08:59:59", "2099-06-02T09:00:00", "2099-06-03T08:59:59"]:
        clock.set(f"{moment}+00:00")
        told.append("http://testserver/articles/due/" in addresses_in(client))
    clock.set("2099-06-03T09:00:00+00:00")

    assert told == [False, True, True]
    assert "http://testserver/articles/due/" not in addresses_in(client)


def test_page_that_mirrors_another_is_there_once_that_is_hidden(client):
    page = factories.article_page(slug="original")
    page.create_alias(update_slug="mirror")

    mirrored = addresses_in(client)
    Page.objects.filter(pk=page.pk).update(live=False)
    alone = addresses_in(client)

    assert [each for each in mirrored if "original" in each or "mirror" in each] == [page.full_url]
    assert [each for each in alone if "original" in each or "mirror" in each] == [
        page.full_url.replace("original", "mirror")
    ]


def test_entry_tells_when_its_page_last_changed(client, clock):
    home = factories.home_page()
    Page.objects.filter(pk=home.pk).update(last_published_at="2026-01-05T07:00:00.5+00:00")

    (entry,) = xml_at(client, "/sitemap.xml").iter(f"{SITEMAPS}lastmod")

    assert entry.text == "2026-01-05T07:00:00+00:00"


def test_addresses_are_escaped(client):
    factories.charter_page(slug="größe")

    assert addresses_in(client)[1] == "http://testserver/gr%C3%B6%C3%9Fe/"


def test_translations_name_each_other(client, settings):
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
    translated(factories.home_page(slug="start"))
    factories.charter_page()

    entries = list(xml_at(client, "/sitemap.xml"))
    links = [[each.attrib for each in entry.iter(f"{XHTML}link")] for entry in entries]

    both = [{"rel": "alternate", "hreflang": language} for language in ("en", "de")]
    assert [[link.pop("href") for link in some] for some in links] == [
        ["http://testserver/", "http://testserver/de/"],
        [],
        ["http://testserver/", "http://testserver/de/"],
    ]
    assert links == [both, [], both]


def test_each_site_has_a_sitemap_of_its_own(client, settings):
    own = factories.home_page(slug="own")
    there = factories.home_page(slug="there")
    Site.objects.update(root_page=own)
    Site.objects.create(hostname="cms-second.example.org", root_page=there, site_name="Second")
    settings.FRONTENDS = {"cms-second.example.org": "https://second.example.org"}
    factories.charter_page(parent=there)

    assert addresses_in(client) == ["http://testserver/"]
    client.defaults["SERVER_NAME"] = "cms-second.example.org"
    assert addresses_in(client) == [
        "https://second.example.org/",
        "https://second.example.org/charter/",
    ]


def test_translation_that_is_a_site_of_its_own_is_in_the_sitemap_of_that(client, settings):
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
    german = translated(factories.home_page(slug="start"))
    Site.objects.create(hostname="de.example.org", root_page=german)

    assert addresses_in(client) == ["http://testserver/"]
    client.defaults["SERVER_NAME"] = "de.example.org"
    assert addresses_in(client) == ["http://de.example.org/"]


@pytest.mark.parametrize(("name", "most"), [("MOST_ADDRESSES", 2), ("MOST_BYTES", 250)])
def test_large_sitemap_is_an_index_of_parts(client, settings, monkeypatch, name, most):
    settings.FRONTENDS = {"": "https://www.example.org"}
    factories.article_page(slug="last")
    whole = addresses_in(client)
    monkeypatch.setattr(sitemap, name, most)

    index = xml_at(client, "/sitemap.xml")
    parts = [addresses_in(client, f"/sitemap-{number}.xml") for number in (1, 2)]

    assert index.tag == f"{SITEMAPS}sitemapindex"
    assert [each.text for each in index.iter(f"{SITEMAPS}loc")] == [
        "https://www.example.org/sitemap-1.xml",
        "https://www.example.org/sitemap-2.xml",
    ]
    assert parts[0] + parts[1] == whole
    assert len(parts[0]) == 2
    assert client.get("/sitemap-3.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_files_are_as_large_as_a_crawler_takes():
    assert sitemap.MOST_ADDRESSES <= 50_000
    assert sitemap.MOST_BYTES < 50_000_000


def test_sitemap_of_a_site_whose_home_page_is_private_is_empty(client):
    home = factories.home_page()
    PageViewRestriction.objects.create(page=home, restriction_type="login")

    assert addresses_in(client) == []
