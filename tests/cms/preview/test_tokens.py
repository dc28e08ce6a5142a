"""Editors make, list and revoke preview tokens; nobody changes one, and staff make none."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission
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
        (
            {"sees": "moment", "moment": "2026-01-15 11:59"},
            "This moment has passed, and what was public then is not kept: choose one that is to"
            " come.",
        ),
        ({"name": ""}, "This field is required."),
        ({"expires_at": ""}, "This field is required."),
        ({"expires_at": "2026-01-15 12:00"}, "This moment has passed: choose a later one."),
    ],
)
def test_what_is_wrong_is_said_in_the_form(make, fields, message):
    text, page = make(**fields)

    assert text is None
    assert message in unescape(page)
    assert not PreviewToken.objects.exists()


def test_form_proposes_a_week(sign_in, editor, clock):
    page = sign_in(editor).get(address("add"))

    proposed = page.context["form"]["expires_at"].value()
    assert f"{proposed:%Y-%m-%d %H:%M}" == "2026-01-22 12:00"


def test_revoked_token_stays_in_the_list_and_opens_nothing(make, sign_in, editor, client):
    text, _ = make()
    token = PreviewToken.objects.get()

    asked = sign_in(editor).get(address("delete", token.pk)).content.decode()
    page = sign_in(editor).post(address("delete", token.pk), follow=True).content.decode()

    assert "Yes, revoke it" in asked
    assert "Preview token “Staging” revoked." in unescape(page)
    assert "revoked" in sign_in(editor).get(address("index")).content.decode()
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


@pytest.mark.parametrize("step", ["add", "delete"])
def test_list_offers_each_step_to_who_may_take_it(make, sign_in, step):
    make()
    steps = {"add": address("add"), "delete": address("delete", PreviewToken.objects.get().pk)}
    rights = Permission.objects.filter(codename__in=["access_admin", f"{step}_previewtoken"])
    colleague = factories.user("colin")
    colleague.user_permissions.set(rights)

    page = sign_in(colleague).get(address("index")).content.decode()

    assert [each for each, there in steps.items() if f'href="{there}"' in page] == [step]
    assert ("Revoke" in page) == (step == "delete")


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

    with statements(13):
        client.get(address("index"))
    for _ in range(10):
        PreviewToken.objects.issue(name="One", created_by=editor, page=home)
    with statements(13):
        client.get(address("index"))


def test_form_says_that_a_token_shows_no_more_than_its_maker_sees(make, editor):
    charter = factories.charter_page()
    editor.groups.get().page_permissions.all().delete()

    text, page = make()
    assert text is None
    assert "This shows more than the token's maker may see." in unescape(page)
    text, page = make(page=str(charter.pk))
    assert text is None
    assert "Choose a page that the token's maker may edit." in unescape(page)


def test_list_says_of_which_the_maker_may_not_see_all(make, sign_in, editor, admin_user, clock):
    make()
    make(sees="moment", moment="2026-01-16 12:00")
    before = sign_in(admin_user).get(address("index")).content.decode()

    editor.is_active = False
    editor.save()
    after = sign_in(admin_user).get(address("index")).content.decode()

    assert before.count("ended") == 0
    assert after.count("ended: its maker may not see all of it") == 2


def test_list_says_which_have_expired_from_their_second_on(make, sign_in, editor, clock):
    make(expires_at="2026-01-16 12:00")
    client = sign_in(editor)

    def state():
        return client.get(address("index")).content.decode().count("expired")

    clock.set("2026-01-16T11:59:59+00:00")
    before = state()
    clock.set("2026-01-16T12:00:00+00:00")
    assert state() == before + 1


def test_revoked_twice_it_ended_the_first_time(make, clock):
    make()
    token = PreviewToken.objects.get()
    token.revoke()
    first = clock.moment

    clock.set("2026-01-16T12:00:00+00:00")
    token.revoke()

    token.refresh_from_db()
    assert token.revoked_at == first


def test_list_says_of_which_the_moment_has_passed(make, sign_in, editor, clock):
    make(sees="moment", moment="2026-01-16 12:00")
    clock.set("2026-01-17T12:00:00+00:00")

    assert "ended: its moment has passed" in sign_in(editor).get(address("index")).content.decode()
