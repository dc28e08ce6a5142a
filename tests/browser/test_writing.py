"""Forms that people write in: what is marked, kept, made on the spot, and how soon they open."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LONG_ENOUGH = 90_000
TELEPHONE = {"width": 390, "height": 844}
KEY = """
from pages.models import {model}
print({model}.objects.order_by("pk").first().pk)
"""
DRAFT = """
from pages.models import ArticlePage, ArticlesPage
page = ArticlePage(title="Begun", live=False)
ArticlesPage.objects.first().add_child(instance=page)
page.save_revision()
print(page.pk)
"""
RELEASE = """
from cms.releases.models import Release
print(Release.objects.create(name="Spring").pk)
"""
SENT = """() => [...new FormData(document.querySelector("#page-edit-form"))]
    .filter(([name]) => name.startsWith("questions"))
    .map(([name, value]) => `${name}=${value}`)
    .sort()"""
READY = """() => {
    const form = document.querySelector("#page-edit-form");
    const app = window.wagtail?.app;
    return Boolean(app?.getControllerForElementAndIdentifier(form, "w-unsaved")?.initialFormData);
}"""
ELEMENTS = "() => document.querySelectorAll('*').length"
# Sideways, beyond what a telephone shows.
OUT_OF_REACH = """() => [...document.querySelectorAll("main .button, main summary, main a")]
    .filter((each) => each.checkVisibility())
    .map((each) => each.getBoundingClientRect())
    .filter(({ left, right }) => left < 0 || right > window.innerWidth).length"""


@pytest.fixture
def window(site, log_in):
    """A window of someone who publishes."""
    known = (
        "from django.contrib.auth.models import User; print(*User.objects.filter(username='ed'))"
    )
    if not site.run(known).strip():
        site.add_user("ed", "Editors")
    return log_in("ed")


def open_form(window, site, key):
    window.goto(f"{site.address}/admin/pages/{key}/edit/")
    window.wait_for_function(READY)


def key_of(site, model):
    return site.run(KEY.format(model=model)).strip()


def test_questions_are_sent_the_same_opened_or_not(site, window):
    open_form(window, site, key_of(site, "SurveyPage"))
    closed = window.locator(".genedge-closed")
    assert closed.count() > 5
    before = window.evaluate(SENT)

    while closed.count():
        closed.first.get_by_role("button", name="Open").click()

    expect(window.locator("[name='questions-0-value-heading']")).to_be_visible()
    window.wait_for_timeout(1000)
    assert window.evaluate(SENT) == before


def test_survey_opens_with_no_more_to_draw_than_an_article(site, window):
    sizes = {}
    for model in ("SurveyPage", "ArticlePage"):
        open_form(window, site, key_of(site, model))
        sizes[model] = window.evaluate(ELEMENTS)

    assert sizes["SurveyPage"] < sizes["ArticlePage"]


def test_wrong_share_is_kept_and_said_while_it_is_written(site, window):
    key = key_of(site, "SurveyPage")
    open_form(window, site, key)
    window.locator(".genedge-closed").first.get_by_role("button", name="Open").click()

    window.locator("[name='questions-0-value-options-0-value-percentage']").fill("140")

    problems = window.locator("#problems-of-questions")
    expect(problems).to_contain_text("Percentage", timeout=LONG_ENOUGH)
    expect(problems).to_contain_text("less than or equal to 100")
    open_form(window, site, key)
    expect(window.locator("#problems-of-questions")).to_contain_text("Percentage")
    kept = window.locator("[name='questions-0-value-options-0-value-percentage']")
    expect(kept).to_have_value("140")


def test_marks_follow_what_is_known_of_a_date(site, window):
    open_form(window, site, key_of(site, "ForumPage"))
    precision = window.locator("#id_date_precision")
    ends = window.locator("label[for='id_ends_at']")

    precision.select_option("time")
    expect(ends).to_contain_text("*")
    precision.select_option("day")
    expect(ends).not_to_contain_text("*")


def test_person_is_made_where_an_author_is_chosen(site, window):
    open_form(window, site, site.run(DRAFT).strip())
    window.locator("#id_authors-ADD").dispatch_event("click")
    window.locator("#id_authors-0-person-chooser .unchosen button").dispatch_event("click")
    window.get_by_role("tab", name="New person").click()
    window.get_by_label("Keep it as a draft").check()
    window.locator("#id_new-person-name").fill("Grace Hopper")

    window.get_by_role("button", name="Make the person").click()

    chosen = window.locator("#id_authors-0-person-chooser")
    expect(chosen).to_contain_text("Grace Hopper (draft: readers do not see it yet)")


def test_several_pages_are_chosen_for_a_release_in_one_window(site, window):
    key = site.run(RELEASE).strip()
    window.goto(f"{site.address}/admin/releases/{key}/add/")
    box = window.locator("[data-several][data-name='page']")
    box.get_by_role("button", name="Choose pages").click()
    boxes = window.locator(".modal-body input[type='checkbox'][name='id']")
    boxes.first.wait_for()
    window.locator(".modal-body a.navigate-pages").first.click()
    expect(boxes.nth(2)).to_be_visible()
    for position in range(3):
        boxes.nth(position).check()
    window.get_by_role("button", name="Confirm selection").click()

    expect(box.locator("li")).to_have_count(3)
    box.get_by_role("button", name="Leave out").first.click()
    expect(box.locator("li")).to_have_count(2)
    window.get_by_role("button", name="Add", exact=True).click()

    expect(window.locator(".messages")).to_contain_text("2 items are in the release “Spring”")


def test_buttons_of_the_first_page_are_reached_on_a_telephone(site, window):
    site.run(DRAFT)
    window.set_viewport_size(TELEPHONE)
    window.goto(f"{site.address}/admin/")
    window.get_by_role("link", name="New article").wait_for()

    assert window.evaluate(OUT_OF_REACH) == 0
    window.locator("summary", has_text="Add a deliverable").click()
    assert window.evaluate(OUT_OF_REACH) == 0
    window.get_by_role("link", name="New article").click()
    expect(window.locator("#id_title")).to_be_visible()
