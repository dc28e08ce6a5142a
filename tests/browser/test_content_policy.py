"""The screens in Chromium, which tells of everything that the policy keeps a page from.

``log_in`` fails the test when it does. Here every screen is opened, and what is done on them with
the help of scripts is done once.
"""

import re
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import expect

from tests.media.made import picture

pytestmark = pytest.mark.browser

# What leaves the admin, is no page, or is the same view of another page.
NOT_OPENED = re.compile(r"/logout/|[?&]export=|\.ics$|/mail\.(html|txt)$|^/(documents|uploads)/")
# Their forms differ by what is edited.
EACH_OPENED = re.compile(r"/pages/add/.*\d/$|/(edit|new)/\d*/?$|/snippets/.*/add/$")
ARTICLES = """
from pages.models import ArticlesPage
print(ArticlesPage.objects.first().pk, end="")
"""


def a_file(*size: int) -> dict:
    """Of a size of its own: of a picture that is there already, Wagtail asks what to do with it."""
    content = picture("PNG", size=size)
    return {"name": "harbour.png", "mimeType": "image/png", "buffer": content}


def test_every_screen_keeps_to_the_policy(site, log_in):
    page = log_in("administrator")
    opened, waiting = set(), [f"{site.address}/admin/"]

    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        if not address.startswith(site.address) or NOT_OPENED.search(path + address):
            continue
        view = resolve(path).view_name
        kind = re.sub(r"\d+", "1", path) if EACH_OPENED.search(path) else view
        if kind in opened:
            continue
        opened.add(kind)
        page.goto(address)
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting += [urldefrag(link).url for link in links]

    assert len(opened) > 80
    assert {"wagtailadmin_home", "/admin/pages/1/edit/", "wagtail_serve"} <= opened


def test_writing_an_article_keeps_to_the_policy(site, log_in):
    page = log_in("administrator")
    page.goto(f"{site.address}/admin/pages/add/pages/articlepage/{site.run(ARTICLES)}/")

    page.locator("#id_title").fill("A new harbour")
    pick_a_date(page)
    name_an_author(page)
    link_to_a_page(page)
    upload_a_picture_for_a_block(page)
    choose_the_picture_at_the_top(page)
    see_the_preview(page)


def pick_a_date(page):
    page.locator("#id_date").click()
    page.locator("td.xdsoft_date:not(.xdsoft_other_month)[data-date='15']:visible").click()
    expect(page.locator("#id_date")).to_have_value(re.compile(r"-15$"))
    page.locator("#id_date").blur()


def name_an_author(page):
    number = page.locator("#id_authors-TOTAL_FORMS").input_value()
    page.get_by_role("button", name="Add author").click()
    page.locator(f"#id_authors-{number}-person-chooser [data-chooser-action-choose]").first.click()
    page.locator(".modal-body a[data-chooser-modal-choice]").first.click()
    expect(page.locator(f"#id_authors-{number}-person")).not_to_have_value("")


def insert_block(page, name):
    body = page.locator("[data-contentpath='body']")
    body.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name=name).click()
    return body


def link_to_a_page(page):
    text = insert_block(page, "Text").locator("[contenteditable='true']").first
    text.click()
    page.keyboard.type("More")
    page.keyboard.press("Shift+Control+ArrowLeft")
    page.locator("button[name='LINK']:visible").first.click()
    page.locator(".modal-body a.choose-page").first.click()
    expect(text.locator("a").last).to_have_text("More")


def upload_a_picture_for_a_block(page):
    block = insert_block(page, "Picture").locator("[data-contentpath='picture']").last
    block.get_by_role("button", name="Choose an image").click()
    modal = page.locator(".modal-body")
    modal.get_by_role("tab", name="Upload").click()
    modal.locator("input[type=file]").set_input_files([a_file(60, 40)])
    expect(modal.get_by_label("Title")).to_have_value("harbour")
    modal.get_by_role("button", name="Upload").click()
    expect(block.locator("img").first).to_be_visible()


def choose_the_picture_at_the_top(page):
    chooser = page.locator("#id_header_image-chooser")
    chooser.locator("[data-chooser-action-choose]:visible").first.click()
    page.locator(".modal-body a[data-chooser-modal-choice]").first.click()
    expect(page.locator("#id_header_image")).not_to_have_value("")


def see_the_preview(page):
    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe[title='Preview']").last
    preview.get_by_role("heading", level=1).wait_for()


def test_uploading_pictures_keeps_to_the_policy(site, log_in):
    page = log_in("administrator")
    page.goto(f"{site.address}/admin/images/multiple/add/")

    page.locator("input[type=file]").set_input_files([a_file(80, 60)])

    page.get_by_role("button", name="Update").wait_for()
    page.get_by_label("Title").fill("The harbour")
    page.get_by_role("button", name="Update").click()
    page.locator("#messages, .messages").get_by_text("Image updated").first.wait_for()


def test_explorer_keeps_to_the_policy_and_answers(site, log_in):
    page = log_in("administrator")
    page.goto(f"{site.address}/graphql/explorer")

    page.get_by_role("button", name="Execute query").click()

    expect(page.locator(".result-window")).to_contain_text("objectives")
