"""A redirect made by hand at the address of a page is said to lead nobody on."""

import pytest
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from tests import factories

pytestmark = pytest.mark.usefixtures("pages_above")


@pytest.fixture
def page(db):
    return factories.article_page(title="Edge devices", slug="edge-devices")


def save(browser, old_path, site="", redirect=None):
    address = reverse("wagtailredirects:add")
    if redirect:
        address = reverse("wagtailredirects:edit", args=[redirect.pk])
    sent = {"old_path": old_path, "site": site, "redirect_link": "https://example.org/"}
    return browser.post(address, sent, follow=True).content.decode()


SAID = "“Edge devices” is published at {}, and readers are shown it there."


@pytest.mark.parametrize("of_one_site", [False, True])
def test_whoever_makes_it_is_told_which_page_is_there(page, editor, sign_in, of_one_site):
    path = page.get_url_parts()[2]
    site = Site.objects.get(is_default_site=True).pk if of_one_site else ""

    assert SAID.format(path.rstrip("/")) in save(sign_in(editor), path, site)

    assert Redirect.objects.get().redirect_link == "https://example.org/"


def test_home_page_is_at_the_beginning_of_its_site(db, editor, sign_in):
    home = Site.objects.get().root_page.specific

    said = save(sign_in(editor), "/")

    assert f"“{home.title}” is published at" in said


def test_nothing_is_said_of_what_another_site_leads_on_from(page, editor, sign_in):
    other = Site.objects.create(hostname="other.example.org", root_page=page.get_parent())
    browser = sign_in(editor)

    elsewhere = save(browser, "/articles/edge-devices/", other.pk)
    here = save(browser, "/edge-devices/", other.pk)

    assert "is published at" not in elsewhere
    assert SAID.format("/edge-devices") in here


def test_whoever_changes_it_is_told(page, editor, sign_in):
    browser = sign_in(editor)
    save(browser, "/elsewhere/")

    said = save(browser, page.get_url_parts()[2], redirect=Redirect.objects.get())

    assert "readers are shown it there" in said


@pytest.mark.parametrize("of_page", [{"live": False}, {"slug": "other"}])
def test_nothing_is_said_where_readers_find_nothing(editor, sign_in, of_page):
    page = factories.article_page(title="Edge devices", **{"slug": "edge-devices", **of_page})
    path = page.get_url_parts()[2].replace("/other/", "/edge-devices/")

    assert "is published at" not in save(sign_in(editor), path)
