"""Editors make, list and revoke preview tokens; nobody changes one, and staff make none."""

import re
from html import unescape

import pytest
from django.urls import reverse

from cms.perspective.tokens import PreviewToken
from tests import factories

MADE = {
    "name": "Staging",
    "sees": "drafts",
    "moment": "",
    "page": "",
    "expires_at": "2026-01-20 12:00",
}


def address(name, *args):
    return reverse(f"preview_tokens:{name}", args=args)


@pytest.fixture
def make(editor, sign_in, clock):
    """Make a token in the admin; gives the token's text and the page that shows it."""

    def make(**fields):
        page = (
            sign_in(editor).post(address("add"), {**MADE, **fields}, follow=True).content.decode()
        )
        shown = re.search(r"<code>(.+?)</code>", page)
        return shown and unescape(shown[1]), page

    return make


def charter_title(client, text):
    response = client.post(
        "/graphql",
        {"query": "{ charter { title } }"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {text}"},
    )
    return response.json()["data"]["charter"]["title"]


def test_token_made_in_the_admin_opens_what_it_says(make, client, editor):
    charter = factories.charter_page(title="Charter")
    charter.title = "Edited"
    charter.save_revision()

    text, page = make(page=str(charter.pk))

    assert "it cannot be shown again" in page
    assert charter_title(client, text) == "Edited"
    token = PreviewToken.objects.get()
    assert (token.name, token.created_by, token.page_id) == ("Staging", editor, charter.pk)


def test_token_is_shown_once(make, sign_in, editor):
    text, _ = make()

    later = sign_in(editor).get(address("index")).content.decode()

    assert text not in later
    for told in ("Staging", "All drafts", "valid", str(editor)):
        assert told in later


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sees": "moment"}, "Give a moment to show the site at a moment, only then."),
        ({"moment": "2026-01-19 09:00"}, "Give a moment to show the site at a moment, only then."),
        ({"expires_at": "2026-01-15 11:59"}, "This moment has passed: choose a later one."),
        ({"expires_at": "2026-06-01 12:00"}, "Choose a moment within the next 90 days."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_in_the_form(make, fields, message):
    text, page = make(**fields)

    assert text is None
    assert message in unescape(page)
    assert not PreviewToken.objects.exists()


def test_revoked_token_stays_in_the_list_and_opens_nothing(make, sign_in, editor, client):
    text, _ = make()
    token = PreviewToken.objects.get()

    asked = sign_in(editor).get(address("delete", token.pk)).content.decode()
    page = sign_in(editor).post(address("delete", token.pk), follow=True).content.decode()

    assert "Yes, revoke it" in asked
    assert "revoked" in page
    response = client.get(
        "/graphql", {"query": "{ __typename }"}, headers={"Authorization": f"Bearer {text}"}
    )
    assert response.status_code == 401
    history = sign_in(editor).get(address("history", token.pk)).content.decode()
    assert "Preview token revoked" in history


def test_list_offers_to_revoke_what_still_opens_something(make, sign_in, editor):
    make()
    token = PreviewToken.objects.get()
    window = sign_in(editor)

    before = window.get(address("index")).content.decode()
    window.post(address("delete", token.pk))
    after = window.get(address("index")).content.decode()

    offers = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(?:(?!</a>).)*Revoke', before, re.DOTALL)
    assert offers == [address("delete", token.pk)]
    assert address("delete", token.pk) not in after


def test_nobody_changes_what_a_token_shows(make, sign_in, editor, admin_user):
    make()
    token = PreviewToken.objects.get()

    for user in (editor, admin_user):
        response = sign_in(user).post(address("edit", token.pk), {**MADE, "name": "Other"})
        assert response.status_code == 302
        assert address("edit", token.pk) not in sign_in(user).get(address("index")).content.decode()
    token.refresh_from_db()
    assert token.name == "Staging"


def test_staff_make_and_revoke_none(make, sign_in, staff):
    make()
    token = PreviewToken.objects.get()
    client = sign_in(staff)

    for name, args in (("index", []), ("add", []), ("delete", [token.pk])):
        assert client.get(address(name, *args)).status_code == 302
    client.post(address("delete", token.pk))

    token.refresh_from_db()
    assert token.revoked_at is None


def test_listing_costs_the_same_however_many_there_are(make, sign_in, editor, statements):
    client = sign_in(editor)
    home = factories.home_page()
    for _ in range(3):
        PreviewToken.objects.issue(name="One", created_by=editor, page=home)
    client.get(address("index"))

    with statements(12):
        client.get(address("index"))
    for _ in range(10):
        PreviewToken.objects.issue(name="One", created_by=editor, page=home)
    with statements(12):
        client.get(address("index"))
