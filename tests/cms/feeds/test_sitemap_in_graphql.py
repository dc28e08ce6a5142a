"""The API's sitemap has the same as ``/sitemap.xml``, a page at a time."""

import pytest
from django.utils.encoding import iri_to_uri
from wagtail.models import Page

from tests import factories
from tests.cms.feeds.reading import SITEMAPS, XHTML, xml_at
from tests.cms.feeds.test_sitemap import LANGUAGES, translated
from tests.cms.perspective.scheduled_content import at, scheduled

pytestmark = pytest.mark.django_db

STATEMENTS = 6
SITEMAP = """
query ($first: Int, $after: String) {
  sitemap(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { url lastModified alternates { locale url } }
  }
}
"""


@pytest.fixture
def languages(settings):
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = LANGUAGES


@pytest.fixture
def content(languages, settings):
    settings.FRONTENDS = {"": "https://www.example.org"}
    german = translated(factories.home_page(slug="start"))
    factories.charter_page(slug="größe")
    factories.forums_page(parent=german, locale=german.locale, slug="foren")
    factories.article_page(live=False)
    Page.objects.update(last_published_at="2026-01-05T07:00:00+00:00")


def test_api_and_file_tell_the_same(client, ask, content):
    told = ask(SITEMAP)["sitemap"]["nodes"]

    entries = [
        {
            "url": entry.findtext(f"{SITEMAPS}loc"),
            "lastModified": entry.findtext(f"{SITEMAPS}lastmod"),
            "alternates": [
                {"locale": link.get("hreflang"), "url": link.get("href")}
                for link in entry.iter(f"{XHTML}link")
            ],
        }
        for entry in xml_at(client, "/sitemap.xml")
    ]
    assert [{**entry, "url": iri_to_uri(entry["url"])} for entry in told] == entries
    assert [len(entry["alternates"]) for entry in told] == [2, 0, 0, 2, 0]


def test_sitemap_is_told_a_page_at_a_time(ask, content):
    whole = ask(SITEMAP)["sitemap"]
    seen, after = [], None

    while True:
        part = ask(SITEMAP, first=2, after=after)["sitemap"]
        seen += part["nodes"]
        after = part["pageInfo"]["endCursor"]
        if not part["pageInfo"]["hasNextPage"]:
            break

    assert seen == whole["nodes"]
    assert whole["totalCount"] == len(seen)


def test_translation_is_an_alternate_from_its_second_on(ask, languages, clock):
    german = translated(factories.home_page(slug="start"))
    german.unpublish()
    scheduled(lambda **fields: german, at(2))
    found = []

    for moment in ("08:59:59", "09:00:00"):
        clock.set(f"2099-06-02T{moment}+00:00")
        found.append([len(node["alternates"]) for node in ask(SITEMAP)["sitemap"]["nodes"]])

    assert found == [[0], [2, 2]]


def test_sitemap_costs_as_many_statements_however_many_there_are(ask, content, statements):
    ask(SITEMAP)

    # Sites, and home pages in all languages, twice; rows, total, translations, languages.
    with statements(STATEMENTS):
        ask(SITEMAP)
    for number in range(45):
        factories.article_page(slug=f"more-{number}")
    with statements(STATEMENTS):
        found = ask(SITEMAP, first=100)["sitemap"]["nodes"]

    assert len(found) == 50
