"""Two versions are compared by what an editor changed: nothing else is listed."""

import json
import re
from html import unescape

import pytest
from django.core.management import call_command
from django.utils.html import strip_tags
from wagtail.models import Page

from pages.models import ArticlePage, CharterPage, LeadershipPage, Organisation, Person
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]


def listed(response):
    """Each field that the comparison lists, with what it says of it."""
    table = response.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [row for row in table.split('<div class="title-wrapper">') if "</div>" in row]
    said = [" ".join(unescape(strip_tags(row)).split()) for row in rows]
    return dict(row.split(":", 1) for row in said if ":" in row)


def compared(client, subject):
    return listed(client.get(admin_url(subject, "revisions_compare", "live", "latest")))


@pytest.fixture(scope="module")
def starter_content(undone):
    with undone():
        call_command("load_starter_content", verbosity=0)
        yield


@pytest.fixture
def content(starter_content, db):
    """The starter content; what a test does to it is undone."""


def every_subject():
    pages = Page.objects.filter(depth__gt=1, live=True).specific()
    return [*pages, *Person.objects.all(), *Organisation.objects.all()]


def test_what_is_saved_as_it_stands_differs_in_nothing(content, editor, sign_in):
    client = sign_in(editor)
    differing = {}
    for subject in every_subject():
        saved = client.post(admin_url(subject, "edit"), submission(subject))
        assert saved.status_code == 302, subject
        differing[str(subject)] = compared(client, subject)

    assert {title: fields for title, fields in differing.items() if fields} == {}
    assert len(differing) > 20


def test_only_the_block_that_was_changed_is_shown(content, editor, sign_in):
    charter = CharterPage.objects.get()
    stored = charter.objectives.get_prep_value()
    stored[1]["value"]["text"] = "Words that are new."
    charter.objectives = json.dumps(stored)
    charter.save_revision(user=editor)

    shown = compared(sign_in(editor), charter)

    assert list(shown) == ["Objectives"]
    assert "Words that are new." in shown["Objectives"]
    assert stored[0]["value"]["text"] not in shown["Objectives"]
    assert stored[1]["value"]["heading"] not in shown["Objectives"]


def test_blocks_and_rows_that_changed_places_are_told(content, editor, sign_in):
    charter, leadership = CharterPage.objects.get(), LeadershipPage.objects.get()
    charter.objectives = json.dumps(charter.objectives.get_prep_value()[::-1])
    charter.save_revision(user=editor)
    first, second = leadership.leaders.all()
    first.sort_order, second.sort_order = second.sort_order, first.sort_order
    leadership.leaders = [second, first]
    leadership.save_revision(user=editor)
    client = sign_in(editor)

    assert compared(client, charter) == {"Objectives": " The order has changed."}
    (moved,) = compared(client, leadership).values()
    assert "Moved" in moved


def test_row_that_was_changed_is_named_and_the_others_left_out(content, editor, sign_in):
    leadership = LeadershipPage.objects.get()
    first, second = leadership.leaders.all()
    first.role = "Honorary chair"
    leadership.leaders = [first, second]
    leadership.save_revision(user=editor)

    (shown,) = compared(sign_in(editor), leadership).values()

    assert "Honorary chair" in shown
    assert str(first.person) in shown
    assert str(second.person) not in shown


def test_link_that_leads_elsewhere_is_told_though_its_words_are_the_same(editor, sign_in):
    factories.pages_above()
    text = '<p>See <a href="https://example.org/{}">this</a>.</p>'
    page = factories.article_page(body=[("paragraphs", {"text": text.format("a")})])
    stored = page.body.get_prep_value()
    stored[0]["value"]["text"] = text.format("b")
    page.body = json.dumps(stored)
    page.save_revision(user=editor)

    shown = compared(sign_in(editor), page)

    assert re.search("links or formatting", shown["Body"])
    assert ArticlePage.objects.get(pk=page.pk).live
