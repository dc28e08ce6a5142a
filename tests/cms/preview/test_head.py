"""The head of a plain page is what the API says; search engines come where readers are."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.urls import reverse

from pages.models import CharterPage
from tests import factories

pytestmark = pytest.mark.django_db

META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')
LINK = re.compile(r'<link rel="(canonical)" href="([^"]*)">')
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture(autouse=True)
def crawlers(settings):
    settings.CRAWLERS_ALLOWED = True


def head_of(response) -> dict[str, str]:
    text = response.content.decode().partition("</head>")[0]
    found = META.findall(text) + LINK.findall(text)
    return {name: unescape(value) for name, value in found}


def test_head_has_what_the_api_says(client):
    page = factories.charter_page(search_description="What we are for.")

    response = client.get(page.url)

    head = head_of(response)
    assert head["description"] == head["og:description"] == "What we are for."
    assert head["canonical"] == head["og:url"] == page.full_url
    assert head["robots"] == "index, follow"
    assert head["og:image"].startswith("http://testserver/cards/")
    assert head["twitter:card"] == "summary_large_image"
    [data] = DATA.findall(response.content.decode())
    assert json.loads(data)["@context"] == "https://schema.org"


def test_site_without_a_frontend_is_for_search_engines_as_its_sitemap_says(client):
    page = factories.charter_page()

    assert "X-Robots-Tag" not in client.get(page.url)
    CharterPage.objects.update(noindex=True)
    kept_out = client.get(page.url)
    assert kept_out["X-Robots-Tag"] == "noindex"
    assert head_of(kept_out)["robots"] == "noindex, follow"


def test_where_readers_are_at_a_frontend_search_engines_belong_there(client, settings):
    settings.FRONTENDS = {"": "https://www.example.org"}
    factories.charter_page()

    response = client.get("/charter/")

    assert response["X-Robots-Tag"] == "noindex"
    assert head_of(response)["robots"] == "noindex"
    assert head_of(response)["canonical"] == "https://www.example.org/charter/"


def test_site_that_keeps_crawlers_away_is_not_for_search_engines(client, settings):
    settings.CRAWLERS_ALLOWED = False
    page = factories.charter_page()

    assert client.get(page.url)["X-Robots-Tag"] == "noindex"


def test_previews_are_not_for_search_engines_and_have_no_card(client):
    page = factories.charter_page()
    client.force_login(factories.user(is_superuser=True))

    seen = client.get(reverse("as_of_show", args=("drafts", "charter/")))
    preview = page.make_preview_request()

    for response in (seen, preview):
        assert response["X-Robots-Tag"] == "noindex"
        assert head_of(response)["robots"] == "noindex, nofollow"
        assert "og:image" not in head_of(response)


def test_no_text_ends_the_linked_data(client):
    words = '</script><script>alert("&")</script><!--'
    page = factories.charter_page(title=words, slug="words")

    text = client.get(page.url).content.decode()

    [data] = DATA.findall(text)
    assert "<" not in data
    names = {each.get("name") for each in json.loads(data)["@graph"]}
    assert words in names
