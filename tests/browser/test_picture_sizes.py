"""An editor uploads a picture and sees its sizes come, without loading the screen anew."""

import re
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.media.made import picture

pytestmark = pytest.mark.browser

ARTICLE = """
from media.models import Image
from pages.models import ArticlePage, ArticlesPage
body = [("paragraphs", {{"text": "<p>Words.</p>"}})]
page = ArticlePage(title="Pictured", slug="pictured", body=body, live=False)
page.header_image = Image.objects.get(pk={key})
page.header_image_alt_text = "A chip"
ArticlesPage.objects.first().add_child(instance=page)
page.save_revision().publish()
"""
ASK = """{ page(path: "/articles/pictured/") { ... on ArticlePage {
    headerImage { image { preset(name: HERO) { sources { format srcset } fallback { url } } } }
} } }"""


def test_sizes_come_by_themselves_and_readers_get_them(site, log_in):
    site.add_user("paula", "Communications staff")
    page = log_in("paula")
    page.goto(f"{site.address}/admin/images/add/")
    page.fill("[name=title]", "A chip")
    file = {"name": "chip.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(1600, 1000))}
    page.set_input_files("[name=file]", file)
    with page.expect_navigation():
        page.click("form button[type=submit].button-longrunning")

    page.get_by_role("link", name=re.compile("A chip")).first.click()
    state = page.locator(".genedge-sizes [role=status]")
    expect(state).to_have_text(re.compile("Being made|All 7 sizes are made"))
    expect(state).to_have_text("All 7 sizes are made.", timeout=60_000)

    shown = page.locator(".genedge-sizes img")
    expect(shown).to_have_count(7)
    shown.first.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.genedge-sizes img').naturalWidth > 0")
    [key] = re.findall(r"/images/(\d+)/", page.url)
    site.run(ARTICLE.format(key=key))
    hero = site.ask(ASK)["page"]["headerImage"]["image"]["preset"]
    assert [each["format"] for each in hero["sources"]] == ["AVIF", "WEBP", "JPEG"]
    with urllib.request.urlopen(hero["fallback"]["url"], timeout=30) as response:
        assert response.headers["Content-Type"] == "image/jpeg"
        assert "immutable" in response.headers["Cache-Control"]
