"""Translations in the admin: their list, and what is written from right to left."""

from collections.abc import Iterator

import pytest

from tests.browser.accessibility import problems_of

pytestmark = pytest.mark.browser

TRANSLATED = """
from pages.models import CharterPage, HomePage
from wagtail.models import Locale
arabic = Locale.objects.create(language_code="ar")
home = HomePage.objects.get().copy_for_translation(arabic)
charter = CharterPage.objects.get().copy_for_translation(arabic)
charter.title, charter.slug = "الميثاق", "الميثاق"
charter.statement = "<p>نعمل معاً.</p><p>Words of English.</p>"
charter.save_revision()
print(charter.pk)
"""
# Of each paragraph of the first text: how far its words are from the left of it, and the right.
MARGINS = """() => [...document.querySelector(".public-DraftEditor-content")
  .querySelectorAll("[data-block]")].map(block => {
    const [around, words] = [block, block.querySelector("[data-text]")]
      .map(each => each.getBoundingClientRect())
    return [words.left - around.left, around.right - words.right].map(Math.round)
  })"""


UNDONE = """
from wagtail.models import Locale, Page
arabic = Locale.objects.get(language_code="ar")
Page.objects.filter(locale=arabic, depth=2).first().specific.delete()
arabic.delete()
"""


@pytest.fixture(scope="module")
def charter(site) -> Iterator[str]:
    """The key of the Arabic one, and somebody who may edit it. The site is that of other tests."""
    site.add_user("layla", "Editors")
    yield site.run(TRANSLATED).strip()
    site.run(UNDONE)


def test_each_paragraph_stands_where_its_lines_begin(site, charter, log_in):
    page = log_in("layla")
    page.goto(f"{site.address}/admin/pages/{charter}/edit/")
    page.locator(".public-DraftEditor-content [data-block]").first.wait_for()

    arabic, english = page.evaluate(MARGINS)
    title = page.locator("#id_title").evaluate(
        "each => [getComputedStyle(each).unicodeBidi, getComputedStyle(each).textAlign]"
    )

    assert arabic[1] == 0 < arabic[0]
    assert english[0] == 0 < english[1]
    assert title == ["plaintext", "start"]


@pytest.mark.parametrize("width", [400, 1280])
def test_list_of_translations_can_be_read_by_everyone(site, charter, log_in, width):
    page = log_in("layla")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site.address}/admin/translations/pages/")
    page.locator("td", has_text="Not translated").first.wait_for()

    assert problems_of(page) == []


CHANGED = """
from pages.models import CharterPage, HomePage
from wagtail.models import Locale
charter = CharterPage.objects.get(locale__language_code="en")
charter.statement = charter.statement.replace("<p>", "<p>Since May: ", 1)
charter.save_revision(log_action=True).publish()
"""


@pytest.mark.parametrize("width", [400, 1280])
def test_original_beside_the_form_can_be_read_by_everyone(site, charter, log_in, width):
    site.run(CHANGED)
    page = log_in("layla")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site.address}/admin/pages/{charter}/edit/")
    page.get_by_role("button", name="Toggle the original").click()
    page.locator(".genedge-original").wait_for()

    assert problems_of(page, left_out=(".public-DraftEditor-content",)) == []


@pytest.mark.parametrize("width", [400, 1280])
def test_navigation_in_a_language_can_be_read_by_everyone(site, charter, log_in, width):
    key = site.run("from wagtail.models import Site; print(Site.objects.get().pk)").strip()
    page = log_in("layla")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site.address}/admin/settings/pages/navigation/{key}/in/ar/")
    page.get_by_role("heading", name="In English").wait_for()
    header = page.locator("header.w-slim-header").first
    assert header.bounding_box()["height"] < 120  # A button whose icon has no size fills it.

    assert problems_of(page, left_out=(".public-DraftEditor-content",)) == []


def test_plain_page_of_arabic_runs_from_right_to_left(site, charter, log_in):
    site.run(
        f"from pages.models import CharterPage as C;"
        f" C.objects.get(pk={charter}).latest_revision.publish()"
    )
    page = log_in("layla")
    page.goto(f"{site.address}/ar/الميثاق/")

    heading = page.locator("h1").evaluate("each => getComputedStyle(each).direction")
    navigation = page.locator("header").evaluate("each => getComputedStyle(each).direction")

    assert (heading, navigation) == ("rtl", "ltr")
