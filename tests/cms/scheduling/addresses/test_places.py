"""Of two who make the one page of its type at once, the second is told; neither form knew."""

import pytest
from django.urls import reverse

from pages.models import CharterPage
from tests import factories
from tests.cms.submission import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def form_opened_before(monkeypatch):
    """Wagtail counted while there was none yet."""
    monkeypatch.setattr(CharterPage, "can_create_at", lambda *arguments: True)


def test_first_page_of_a_type_that_there_is_once_is_made(editor, sign_in):
    above = factories.charter_page().get_parent()
    CharterPage.objects.get().delete()
    address = reverse("wagtailadmin_pages:add", args=("pages", "charterpage", above.pk))

    response = sign_in(editor).post(address, submission(CharterPage(title="New", slug="new")))

    assert response.status_code == 302
    assert CharterPage.objects.get().title == "New"


def test_second_page_of_a_type_that_there_is_once_is_refused(editor, sign_in, form_opened_before):
    above = factories.charter_page(title="Our charter").get_parent()
    address = reverse("wagtailadmin_pages:add", args=("pages", "charterpage", above.pk))

    response = sign_in(editor).post(address, submission(CharterPage(title="New", slug="new")))

    said = " ".join(response.content.decode().split())
    assert "There is “Our charter” here already: edit that" in said
    assert CharterPage.objects.count() == 1


def test_pages_of_which_there_are_too_many_already_are_put_in_another_order(editor, sign_in):
    factories.charter_page(title="First")
    second = factories.charter_page(title="Second", slug="second")
    address = reverse("wagtailadmin_pages:set_page_position", args=[second.pk])

    response = sign_in(editor).post(f"{address}?position=0")

    assert response.status_code == 200
    assert CharterPage.objects.order_by("path").first() == second
