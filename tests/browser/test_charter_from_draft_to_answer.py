"""The way of a sentence: written by one person, approved by another, read by everyone."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

MISSION = "{ charter { mission { text } } }"
SENTENCE = "We meet every first Tuesday."


def mission_readers_see(site) -> str:
    return site.ask(MISSION)["charter"]["mission"]["text"]


def test_a_sentence_written_by_staff_and_approved_by_an_editor_is_in_the_next_answer(site, log_in):
    site.add_user("writer", "Communications staff")
    site.add_user("approver", "Editors")
    before = mission_readers_see(site)

    writer = log_in("writer")
    open_charter(writer, site)
    write_at_the_end_of_the_mission(writer, f" {SENTENCE}")
    preview_shows(writer, SENTENCE)
    submit(writer)

    assert mission_readers_see(site) == before

    approver = log_in("approver")
    approver.get_by_role("link", name="Charter", exact=True).first.click()
    approve(approver)

    assert mission_readers_see(site) == f"{before} {SENTENCE}"


def open_charter(page, site):
    page.goto(f"{site.address}/admin/pages/")
    page.get_by_role("link", name="Explore child pages").first.click()
    page.get_by_role("link", name="Charter", exact=True).first.click()


def write_at_the_end_of_the_mission(page, text):
    page.locator("[data-contentpath='mission'] [contenteditable='true']").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)
    # The editor hands over what was typed a moment after the last key.
    expect(page.locator("input[name='mission']")).to_have_value(re.compile(re.escape(text.strip())))


def preview_shows(page, text):
    page.get_by_role("button", name="Toggle preview").click()
    # While a new preview loads, the one before stays in place beside it.
    preview = page.frame_locator("iframe[title='Preview']").last
    preview.get_by_text(text).wait_for()


def submit(page):
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Editorial approval").click()
    page.get_by_text("has been submitted for approval").wait_for()


def approve(page):
    page.get_by_role("link", name="Review and approve").click()
    expect(page.locator(".genedge-differences")).to_contain_text(SENTENCE)
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.locator(".messages")).to_contain_text("is approved, and readers see it")
