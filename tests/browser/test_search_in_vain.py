"""From a search that found nothing to the page that readers are led to from then on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import problems_of, wider_than_the_window

pytestmark = pytest.mark.browser

SEARCHES = ("vacancies", "scholarships", "vacancies", "hackathon", "Vacancy", "scholarship")
ARTICLE = """
from pages.models import ArticlesPage
from tests import factories
factories.article_page(parent=ArticlesPage.objects.first(), title="Join us", slug="join")
"""
ASK = '{{ search(query: "{}") {{ nodes {{ promoted title {{ text }} }} }} }}'


def test_editor_promotes_a_page_for_what_was_searched_in_vain(site, log_in):
    site.run(ARTICLE)
    for words in SEARCHES:
        assert site.ask(ASK.format(words))["search"]["nodes"] == []
    site.add_user("petra", "Editors")
    page = log_in("petra")
    page.goto(f"{site.address}/admin/searches_in_vain/")

    rows = page.locator("table tbody tr")
    expect(rows.first).to_contain_text("vacancies")
    expect(rows.first.locator("td").nth(2)).to_have_text("3")
    assert problems_of(page) == []
    assert not wider_than_the_window(page)

    rows.first.get_by_role("link", name=re.compile("Promote a result")).click()
    expect(page.locator("[name=term]")).to_have_value("vacancies")
    page.get_by_role("button", name="Add page").click()
    page.get_by_role("button", name="Choose a page").click()
    page.locator(".modal-body [name=q]").fill("Join us")
    page.locator(".modal-body").get_by_role("link", name="Join us").click()
    expect(page.locator("[data-chooser-title]").first).to_have_text("Join us")
    with page.expect_navigation():
        page.get_by_role("button", name="Create").click()

    promoted = page.get_by_role("row").filter(has_text="vacancies")
    expect(promoted.locator(".genedge-promoted")).to_have_text("Join us")
    # The message above comes and goes.
    assert problems_of(page, left_out=(".messages",)) == []
    [found] = site.ask(ASK.format("vacancy"))["search"]["nodes"]
    assert found == {"promoted": True, "title": {"text": "Join us"}}
