"""From joining in a browser to an edition that an editor sends."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import problems_of, wider_than_the_window

pytestmark = pytest.mark.browser

EDITION = """
from pages.models import NewslettersPage
from tests import factories
made = factories.newsletter_page(
    parent=NewslettersPage.objects.first(), title="What is new", slug="what-is-new"
)
print(made.pk)
"""
SUBSCRIBE = """
mutation { subscribe(email: "ada@example.org", consent: true) { errors { code } } }
"""
KEY = """
from cms.subscriptions.models import Subscriber
print(Subscriber.objects.get(email="ada@example.org").confirmation_key)
"""


def test_someone_joins_and_an_editor_sends_them_an_edition(site, log_in, chromium):
    assert site.ask(SUBSCRIBE)["subscribe"]["errors"] == []
    key = site.run(KEY).strip()
    page = chromium.new_page()
    page.goto(f"{site.address}/subscriptions/confirm/{key}")
    assert problems_of(page) == []
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are subscribed")
    assert problems_of(page) == []

    edition = site.run(EDITION).strip()
    site.add_user("nora", "Editors")
    admin = log_in("nora")
    admin.goto(f"{site.address}/admin/subscribers/")
    expect(admin.get_by_role("row").filter(has_text="ada@example.org")).to_contain_text(
        "Subscribed"
    )
    assert problems_of(admin) == []
    admin.get_by_role("button", name=re.compile("Actions|More")).first.click()
    admin.get_by_role("link", name="Record bounces and complaints").click()
    expect(admin.get_by_role("button", name="Take them off the list")).to_be_visible()
    assert problems_of(admin) == []

    admin.goto(f"{site.address}/admin/newsletters/{edition}/")
    assert problems_of(admin) == []
    assert not wider_than_the_window(admin)
    admin.get_by_role("button", name="Send it to 1 subscriber now").click()
    expect(admin.locator("[data-renewed] [role=status]")).to_contain_text("About to be sent")
    admin.goto(f"{site.address}/admin/newsletters/")
    expect(admin.get_by_role("row").filter(has_text="What is new")).to_contain_text(
        "About to be sent"
    )
    assert problems_of(admin) == []
