"""What stands around every plain page: the site's name, its navigation, where else to go."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Site

from pages.models import Navigation, SiteSettings
from tests import factories
from tests.cms.preview.drawn_page import read

SITE_NAME = "Generative Edge AI"
LOST = {"page": 2_000_000_000}


@pytest.fixture
def navigation(db) -> Navigation:
    factories.home_page()
    Site.objects.update(site_name=SITE_NAME)
    return Navigation.objects.create(site=Site.objects.get())


def page_at(client: Client, path: str = "/") -> Any:
    response = client.get(path)
    assert response.status_code == 200
    return response


def test_site_is_called_what_its_settings_say_and_else_by_its_own_name(navigation, client):
    site = Site.objects.get()
    by_its_own = read(page_at(client)).text
    SiteSettings.objects.create(site=site, name="The working group")

    by_its_settings = read(page_at(client)).text

    assert SITE_NAME in by_its_own
    assert "The working group" in by_its_settings
    assert SITE_NAME not in by_its_settings


def test_navigation_leads_to_pages_and_other_sites_in_its_order(navigation, client):
    charter = factories.charter_page()
    navigation.header = [
        (
            "item",
            {
                "text": "Charter",
                "page": charter,
                "children": [{"text": "Recordings", "url": "https://example.org/recordings"}],
            },
        ),
        ("item", {"text": "News", "url": "https://example.org/news"}),
    ]
    navigation.footer = [("link", {"text": "Charter below", "page": charter})]
    navigation.footer_text = "© The working group"
    navigation.save()

    shown = read(page_at(client))

    drawn = "Charter Recordings News"
    assert drawn in shown.text
    assert "Charter below" in shown.text
    assert "© The working group" in shown.text
    assert [link["href"] for link in shown.all("a")][1:4] == [
        "/charter/",
        "https://example.org/recordings",
        "https://example.org/news",
    ]


def test_entry_of_the_page_that_is_shown_is_marked(navigation, client):
    navigation.header = [("item", {"text": "Charter", "page": factories.charter_page()})]
    navigation.save()

    here = read(page_at(client, "/charter/"))
    elsewhere = read(page_at(client))

    assert [link["href"] for link in here.all("a") if "aria-current" in link] == ["/charter/"]
    assert not any("aria-current" in link for link in elsewhere.all("a"))


@pytest.mark.parametrize(
    "leads_to", [{}, LOST, {"url": "javascript:alert(1)"}, {"url": "//example.org/"}]
)
def test_entry_that_leads_nowhere_a_reader_may_go_is_left_out(navigation, client, leads_to):
    nowhere = {"text": "Nowhere", "page": None, "url": "", **leads_to}
    child = {"text": "Somewhere", "url": "https://example.org/"}
    raw = [
        {"type": "item", "value": {**nowhere, "children": []}},
        {"type": "item", "value": {**child, "children": [nowhere]}},
    ]
    navigation.header = navigation.header.stream_block.to_python(raw)
    navigation.footer = navigation.footer.stream_block.to_python(
        [{"type": "link", "value": nowhere}, {"type": "link", "value": child}]
    )
    navigation.save()

    shown = page_at(client)

    assert "Nowhere" not in unescape(shown.content.decode())
    assert read(shown).text.count("Somewhere") == 2


def test_hidden_page_is_not_named_in_the_navigation(navigation, client):
    draft = factories.charter_page(live=False)
    navigation.header = [("item", {"text": "Secret", "page": draft})]
    navigation.save()

    before = read(page_at(client)).text
    draft.get_latest_revision().publish()
    after = read(page_at(client)).text

    assert "Secret" not in before
    assert "Secret" in after


def test_navigation_that_cannot_be_answered_does_not_take_the_page_with_it(navigation, client):
    spoilt = [{"type": "item", "value": {"text": None, "url": "https://example.org/"}}]
    navigation.header = navigation.header.stream_block.to_python(spoilt)
    navigation.save()
    title = factories.charter_page().title

    shown = read(page_at(client, "/charter/"))

    assert title in shown.text
    assert SITE_NAME not in shown.text
