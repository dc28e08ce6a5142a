"""The way of an announcement: scheduled, found in the calendar, seen in advance, released."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TITLES = ("A call for papers", "A new chair", "Where we meet")
WRITE = """
from pages.models import ArticlePage, ArticlesPage
for title in {titles!r}:
    page = ArticlePage(title=title, body=[("paragraphs", {{"text": "<p>Text.</p>"}})], live=False)
    ArticlesPage.objects.first().add_child(instance=page)
    page.save_revision()
"""
READERS = "{ articles(first: 50) { nodes { title } } charter { mission { text } } }"
SENTENCE = "We publish every spring."


def titles_readers_see(site):
    return {node["title"] for node in site.ask(READERS)["articles"]["nodes"]}


def test_editor_schedules_looks_ahead_and_releases_three_pages(site, log_in):
    site.add_user("announcer", "Editors")
    site.run(WRITE.format(titles=TITLES))
    page = log_in("announcer")
    moment = (datetime.now(UTC) + timedelta(days=3)).replace(hour=9, minute=0)

    schedule_a_sentence_of_the_charter(page, site, moment)
    assert SENTENCE not in site.ask(READERS)["charter"]["mission"]["text"]
    find_it_in_the_calendar(page, site, moment)
    see_it_after_its_moment(page, site, moment + timedelta(minutes=1))

    build_release(page, site)
    approve_for(page, moment)
    look_at_the_site_with_it(page)
    assert not titles_readers_see(site) & set(TITLES)

    publish_now(page)
    assert titles_readers_see(site) >= set(TITLES)
    watch_it_become_permanent(page)


def schedule_a_sentence_of_the_charter(page, site, moment):
    page.goto(f"{site.address}/admin/pages/")
    page.get_by_role("link", name="Explore child pages").first.click()
    page.get_by_role("link", name="Charter", exact=True).first.click()
    page.locator("[data-contentpath='mission'] [contenteditable='true']").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(f" {SENTENCE}")
    expect(page.locator("input[name='mission']")).to_have_value(re.compile(SENTENCE))
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    enter(page.get_by_label("Go live date/time"), moment)
    page.get_by_role("button", name="Save schedule").press("Enter")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Schedule to publish").click()
    expect(page.locator(".messages")).to_contain_text("scheduled")


def enter(field, moment):
    """Then press the next button by keyboard: the month that opens beneath would be in the way."""
    field.fill(f"{moment:%Y-%m-%d %H:%M}")


def find_it_in_the_calendar(page, site, moment):
    page.get_by_role("link", name="Calendar", exact=True).click()
    page.goto(f"{page.url}?view=week&date={moment:%Y-%m-%d}")
    day = page.locator(f"[data-day='{moment:%Y-%m-%d}']")
    expect(day).to_contain_text("Charter")
    expect(day).to_contain_text("Goes live")


def see_it_after_its_moment(page, site, after):
    page.get_by_role("link", name="Site as of", exact=True).click()
    enter(page.get_by_role("textbox", name="Moment"), after)
    page.get_by_role("button", name="Show").press("Enter")
    page.get_by_role("link", name="Charter", exact=True).first.click()
    expect(page.get_by_text(SENTENCE)).to_be_visible()
    expect(page.get_by_text("Readers do not see this.")).to_be_visible()
    page.goto(f"{site.address}/admin/")


def build_release(page, site):
    page.goto(f"{site.address}/admin/pages/")
    page.get_by_role("link", name="Explore child pages").first.click()
    articles = page.locator("tr", has=page.get_by_role("link", name="Articles", exact=True))
    articles.get_by_role("link", name=re.compile("Explore child pages")).click()
    for title in TITLES:
        row = page.locator("tr", has=page.get_by_role("link", name=title, exact=True))
        row.get_by_role("checkbox").check()
    page.get_by_role("link", name="Add selected pages to a release").click()
    page.get_by_label("Name of the new release").fill("Spring")
    page.get_by_role("button", name="Add to the release").click()
    for title in TITLES:
        expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()


def approve_for(page, moment):
    page.get_by_role("button", name="Actions").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    enter(page.get_by_role("textbox", name="Goes live"), moment)
    page.get_by_role("button", name="Save").press("Enter")
    page.get_by_role("link", name="Approve", exact=True).click()
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("“Spring” is approved, and goes live on")


def look_at_the_site_with_it(page):
    release = page.url
    page.get_by_role("link", name="View the site with it").click()
    page.get_by_role("link", name="Articles", exact=True).first.click()
    for title in TITLES:
        expect(page.get_by_text(title, exact=True).first).to_be_visible()
    page.goto(release)


def publish_now(page):
    page.get_by_role("link", name="Reopen", exact=True).click()
    page.get_by_role("button", name="Reopen", exact=True).click()
    page.get_by_role("link", name="Publish now", exact=True).click()
    page.get_by_role("button", name="Publish now", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("“Spring” is live: readers see all of it.")


def watch_it_become_permanent(page):
    """The scheduler, which runs beside the site, does it within seconds."""

    for _ in range(60):
        page.reload()
        if page.get_by_text("Went live on").is_visible():
            return
    pytest.fail("The scheduler did not make the release permanent.")
