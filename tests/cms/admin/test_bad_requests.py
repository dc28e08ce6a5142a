"""What makes no sense is said to make none, and nothing is saved; test_every_view.py asks all."""

import logging

import pytest
from django.db import connection
from django.urls import reverse

from tests import factories
from tests.cms.addresses import admin_url

pytestmark = pytest.mark.usefixtures("pages_above")


on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL has no such page, as the form says"
)


@pytest.mark.parametrize("chosen", ["x", pytest.param("9" * 20, marks=on_sqlite)])
def test_it_is_told_in_a_sentence_and_logged_with_its_reason(editor, sign_in, caplog, chosen):
    page = factories.article_page(title="Edge devices")

    with caplog.at_level(logging.WARNING, "django.request"):
        response = sign_in(editor).post(admin_url(page, "move"), {"new_parent_page": chosen})

    assert response.status_code == 400
    assert "<h1>This request cannot be read</h1>" in response.content.decode()
    assert "Traceback" not in response.content.decode()
    assert caplog.records[0].exc_info


def test_mistake_of_ours_is_not_taken_for_one_of_the_request(editor, sign_in, monkeypatch):
    def fail(*arguments):
        raise ValueError("Field 'id' expected a number but got 'of us'.")

    monkeypatch.setattr("wagtail.admin.views.home.HomeView.get_context_data", fail)
    browser = sign_in(editor)
    browser.raise_request_exception = False

    assert browser.get(reverse("wagtailadmin_home"), {"p": "x"}).status_code == 500


def test_copy_to_a_place_that_is_gone_asks_for_another(editor, sign_in):
    page = factories.article_page(title="Edge devices")

    response = sign_in(editor).post(
        admin_url(page, "copy"),
        {"new_title": "Copy", "new_slug": "copy", "new_parent_page": 999_999},
        follow=True,
    )

    assert "is gone: choose another" in response.content.decode()
    assert response.request["PATH_INFO"] == admin_url(page, "copy")


def test_copy_for_translation_into_its_own_language_is_refused(admin_client):
    page = factories.article_page(title="Edge devices")

    response = admin_client.post(
        reverse("wagtailadmin_api:pages:action", args=[page.pk, "copy_for_translation"]),
        {"locale": page.locale.language_code},
        headers={"Accept": "application/json"},
    )

    assert response.status_code == 400
    assert response.json() == {"message": "“Edge devices” is there in English already."}
