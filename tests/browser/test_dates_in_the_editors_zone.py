"""Dates as editors enter them: in a zone that is named, with the offset of that date."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_calendar_opens_and_the_offset_follows_the_date(site, log_in):
    site.add_user("scheduler", "Editors")
    page = log_in("scheduler")
    choose_zone(page, site, "Europe/Rome")
    go_live = open_schedule_of_the_survey(page, site)
    note = page.locator("#id_go_live_at-time-zone")

    go_live.click()
    page.locator("td.xdsoft_date:not(.xdsoft_other_month)[data-date='15']:visible").click()
    expect(go_live).to_have_value(re.compile(r"^\d{4}-\d\d-15 \d\d:\d\d$"))

    go_live.fill("2100-07-01 09:00")
    expect(note).to_have_text("Europe/Rome, UTC+02:00")

    go_live.fill("2100-12-01 09:00")
    expect(note).to_have_text("Europe/Rome, UTC+01:00")


def test_skipped_time_is_pointed_out_and_repeated_time_is_chosen(site, log_in):
    site.add_user("nightowl", "Editors")
    page = log_in("nightowl")
    choose_zone(page, site, "Europe/Berlin")
    page.goto(f"{site.address}/admin/as-of/")
    moment, note = page.locator("#id_moment"), page.locator("#id_moment-time-zone")

    moment.fill("2099-03-29 02:30")
    expect(note).to_contain_text("02:30 does not exist that day in Europe/Berlin")
    expect(note).to_contain_text(
        "Enter 2099-03-29 01:30 (UTC+01:00) or 2099-03-29 03:30 (UTC+02:00)."
    )

    moment.fill("2099-10-25 02:30")
    # By keyboard: the month that has opened beneath would be in the way of a mouse.
    page.get_by_label("The second, UTC+01:00").press("Space")
    page.get_by_role("button", name="Show").press("Enter")
    page.wait_for_url("**/as-of/2099-10-25T01:30:00+00:00/")

    page.go_back()
    moment.fill("2099-10-25 03:30")
    expect(page.get_by_label("The second, UTC+01:00")).to_have_count(0)
    expect(note).to_have_text("Europe/Berlin, UTC+01:00")


def choose_zone(page, site, zone):
    page.goto(f"{site.address}/admin/account/")
    for field, value in (("first_name", "Sam"), ("last_name", "Holm"), ("email", "s@example.org")):
        page.locator(f"#id_name_email-{field}").fill(value)
    page.locator("#id_locale-current_time_zone").select_option(zone)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("have been changed successfully").wait_for()


def open_schedule_of_the_survey(page, site):
    page.goto(f"{site.address}/admin/pages/search/?q=Survey")
    page.get_by_role("link", name="Survey", exact=True).first.click()
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    return page.get_by_label("Go live date/time")
