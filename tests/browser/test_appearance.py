"""Beside the form stands how a page looks in a search result and as a card, as somebody types."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import problems_of, wider_than_the_window

pytestmark = pytest.mark.browser

ARTICLE = """
from pages.models import ArticlePage, ArticlesPage
body = [("paragraphs", {"text": "<p>Words.</p>"})]
page = ArticlePage(title="Edges", slug="edges", standfirst="Why edges matter.", body=body)
page.live = False
ArticlesPage.objects.first().add_child(instance=page)
page.save_revision()
print(page.pk)
"""
DRAWN = "() => document.querySelector('[data-picture]').naturalWidth === 1200"


@pytest.fixture(scope="module")
def article(site) -> str:
    """Its key, and somebody who may edit it."""
    site.add_user("ada", "Communications staff")
    return site.run(ARTICLE).strip()


@pytest.fixture
def promoting(site, article, log_in) -> Page:
    """The tab of an article's form on which it is promoted."""
    page = log_in("ada")
    page.goto(f"{site.address}/admin/pages/{article}/edit/")
    page.get_by_role("tab", name="Promote").click()
    return page


def test_editor_sees_the_page_as_it_will_be_found_and_shared_while_typing(promoting):
    shown = {
        name: promoting.locator(f"[data-shown={name}]")
        for name in ("address", "title", "description", "card-title")
    }
    notes, origin = promoting.locator("[data-cut]"), promoting.locator("[data-origin]")

    expect(shown["title"]).to_have_text("Edges")
    expect(shown["description"]).to_have_text("Why edges matter.")
    expect(shown["address"]).to_have_text(re.compile(r"^127\.0\.0\.1:\d+ . articles . edges$"))
    expect(notes).to_contain_text("beginning of the page")
    expect(origin).to_contain_text("Made from the title")
    promoting.wait_for_function(DRAWN)
    card = promoting.locator("[data-picture]").get_attribute("src")

    promoting.get_by_label("Title tag").fill("Long words on edges " * 5)
    promoting.get_by_label("Meta description").fill("Says what it is about. " * 10)

    expect(shown["title"]).to_have_text(f"{'Long words on edges ' * 3}".strip() + "…")
    expect(shown["description"]).to_have_text(re.compile(r"^Says .{100,158}…$"))
    expect(notes).to_contain_text("The title has 99 letters; about 60 are shown.")
    expect(notes).to_contain_text("The description has 229 letters; about 160 are shown.")
    expect(promoting.locator("[data-picture]")).not_to_have_attribute("src", card)
    promoting.wait_for_function(DRAWN)

    promoting.get_by_label("Title tag").fill("中文标题")

    expect(origin).to_contain_text("cannot be drawn")

    promoting.get_by_label("Keep out of search engines").check()

    expect(promoting.locator("[data-kept-out]")).to_be_visible()
    expect(promoting.locator("[data-result]")).to_be_hidden()


@pytest.mark.parametrize("width", [400, 1280])
def test_it_can_be_read_by_everyone_and_has_room_on_a_telephone(promoting, width):
    promoting.set_viewport_size({"width": width, "height": 900})
    promoting.get_by_label("Title tag").fill(f"Words at {width} pixels")
    promoting.get_by_label("Keep out of search engines").uncheck()
    expect(promoting.locator("[data-shown=title]")).to_have_text(f"Words at {width} pixels")
    promoting.wait_for_function(DRAWN)
    promoting.locator("[data-appearance]").scroll_into_view_if_needed()

    panel = promoting.locator("[data-appearance]").bounding_box()

    assert not wider_than_the_window(promoting)
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= width
    assert [each for each in problems_of(promoting) if "appearance" in each] == []
