"""The calendar as editors use it: dragging a go-live to another day, and moving it by keyboard."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TITLE = "What we plan"
SCHEDULE = """
from datetime import datetime
from pages.models import ArticlePage, ArticlesPage
page = ArticlePage(title={title!r}, body=[("paragraphs", {{"text": "<p>Text.</p>"}})], live=False)
ArticlesPage.objects.first().add_child(instance=page)
page.go_live_at = datetime.fromisoformat({moment!r})
page.save_revision().publish()
"""
USE_UTC = """
from django.contrib.auth.models import User
from wagtail.users.models import UserProfile
UserProfile.objects.create(user=User.objects.get(username="planner"), current_time_zone="UTC")
"""
CANCEL = """
from wagtail.models import Revision
Revision.objects.filter(object_str={title!r}).update(approved_go_live_at=None)
"""
FIND = """
from wagtail.models import Revision
print(Revision.objects.get(object_str={title!r}, approved_go_live_at__isnull=False)
      .approved_go_live_at.isoformat())
"""


def test_go_live_is_dragged_to_another_day_and_moved_on_by_keyboard(site, log_in):
    monday = next_monday()
    wednesday, friday = monday + timedelta(days=2), monday + timedelta(days=4)
    run(site, SCHEDULE, moment=monday.isoformat())
    site.add_user("planner", "Editors")
    run(site, USE_UTC)
    page = log_in("planner")
    page.get_by_role("link", name="Calendar", exact=True).click()
    page.goto(f"{page.url}?view=week&date={monday:%Y-%m-%d}")
    expect(on(page, monday)).to_contain_text(TITLE)

    entry = page.locator(".genedge-entry", has_text=TITLE)
    entry.locator("time").drag_to(on(page, wednesday))

    expect(page.locator(".messages")).to_contain_text(f"“{TITLE}” goes live on")
    expect(on(page, wednesday)).to_contain_text(TITLE)
    expect(on(page, monday)).not_to_contain_text(TITLE)
    assert planned(site) == wednesday

    page.get_by_role("link", name=f"Move… {TITLE}").press("Enter")
    page.get_by_label("New moment").fill(f"{friday:%Y-%m-%d} 17:30")
    page.get_by_role("button", name="Move", exact=True).press("Enter")

    expect(on(page, friday)).to_contain_text(TITLE)
    expect(page).to_have_url(re.compile("view=week"))
    assert planned(site) == friday.replace(hour=17, minute=30)

    entry = page.locator(".genedge-entry", has_text=TITLE)
    run(site, CANCEL)
    entry.locator("time").drag_to(on(page, wednesday))

    expect(page.get_by_role("alert")).to_have_text(re.compile("has changed meanwhile"))


def next_monday():
    """At nine, in a week that has not begun."""
    morning = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    return morning + timedelta(days=7 - morning.weekday())


def on(page, day):
    return page.locator(f"[data-day='{day:%Y-%m-%d}']")


def planned(site):
    return datetime.fromisoformat(run(site, FIND).strip())


def run(site, script, **values):
    return site.run(script.format(title=TITLE, **values))


@pytest.mark.parametrize("view", ["month", "week"])
def test_telephone_shows_the_days_one_below_the_other(site, log_in, view):
    name, monday = f"traveller-{view}", next_monday()
    run(site, SCHEDULE, moment=monday.isoformat())
    site.add_user(name, "Editors")
    page = log_in(name)
    page.set_viewport_size({"width": 375, "height": 740})

    page.goto(f"{site.address}/admin/calendar/?view={view}&date={monday:%Y-%m-%d}")

    entry = page.locator(".genedge-entry", has_text=TITLE).first
    assert entry.bounding_box()["width"] > 250
    expect(page.locator(f"[data-day='{monday:%Y-%m-%d}']")).to_contain_text("Monday")
