"""Dates as editors enter them: in a zone that is named, with the offset of that date."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD

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
    expect(note).to_have_text(
        "02:30 does not exist on 29 March 2099 in Europe/Berlin: clocks go forward."
        " Enter 2099-03-29 01:30 (UTC+01:00) or 2099-03-29 03:30 (UTC+02:00)."
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


# Skipped where the browser is, no time at all, and the second of a time that comes twice.
TYPED = ["2099-03-29 02:30", "soon", "2099-10-25 02:30 +01:00"]


def test_what_is_typed_reaches_the_server_as_it_is(site, log_in):
    page = in_zone(site, log_in, "Europe/Berlin", "Europe/Berlin")

    for typed in TYPED:
        page.goto(f"{site.address}/admin/as-of/")
        moment = page.locator("#id_moment")
        moment.fill(typed)
        moment.blur()

        expect(moment).to_have_value(typed)
        with page.expect_request(lambda request: "moment=" in request.url) as sent:
            page.get_by_role("button", name="Show").press("Enter")
        assert parse_qs(urlsplit(sent.value.url).query)["moment"] == [typed]
        if typed == TYPED[0]:
            refusal = "02:30 does not exist on 29 March 2099 in Europe/Berlin: clocks go forward."
            expect(page.locator(".error-message")).to_contain_text(refusal)
            expect(moment).to_have_value(typed)


def test_every_hour_of_the_editors_zone_can_be_entered_wherever_the_browser_is(site, log_in):
    page = in_zone(site, log_in, "Asia/Tokyo", "Europe/Berlin")
    page.goto(f"{site.address}/admin/as-of/")
    moment = page.locator("#id_moment")

    moment.click()
    expect(page.locator("td.xdsoft_today:visible")).to_have_count(1)
    moment.fill("2099-03-28 23:00")
    page.locator("td.xdsoft_date:not(.xdsoft_other_month)[data-date='29']:visible").click()
    # Without a mouse: the list of times has a scroll bar of its own making.
    page.locator(".xdsoft_time[data-hour='2'][data-minute='0']:visible").dispatch_event("click")
    expect(moment).to_have_value("2099-03-29 02:00")

    moment.fill("2099-03-29 02:30")
    moment.blur()
    page.get_by_role("button", name="Show").press("Enter")
    page.wait_for_url("**/as-of/2099-03-28T17:30:00+00:00/")


def test_picker_opens_on_the_editors_own_day(site, log_in):
    """On the other side of the date line from where the browser is."""
    page = in_zone(site, log_in, "Pacific/Kiritimati", "Pacific/Pago_Pago")
    page.goto(f"{site.address}/admin/as-of/")
    today = page.evaluate(
        "new Intl.DateTimeFormat('en-CA', {timeZone: 'Pacific/Kiritimati'}).format(new Date())"
    )

    page.locator("#id_moment").click()

    shown = page.locator("td.xdsoft_today:visible")
    expect(shown).to_have_attribute("data-date", str(int(today[-2:])))


def in_zone(site, log_in, editor, browser):
    """The admin of someone who works in one zone, in a browser that is in another."""
    site.run(
        "from django.contrib.auth.models import Group, User;"
        "from wagtail.users.models import UserProfile;"
        "user, _ = User.objects.get_or_create(username='traveller');"
        f"user.set_password({PASSWORD!r}); user.save();"
        "user.groups.add(Group.objects.get(name='Editors'));"
        "profile = UserProfile.get_for_user(user);"
        f"profile.current_time_zone = {editor!r}; profile.save()"
    )
    return log_in("traveller", timezone_id=browser)


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
