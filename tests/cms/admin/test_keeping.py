"""What the editor asks while it cannot save."""

from django.urls import reverse


def test_it_is_told_who_is_signed_in_and_by_which_token(staff, sign_in):
    client = sign_in(staff)
    client.handler.enforce_csrf_checks = True

    answer = client.get(reverse("still_signed_in"))

    assert answer.json()["person"] == staff.pk
    assert "no-store" in answer["Cache-Control"]
    token = {"csrfmiddlewaretoken": answer.json()["csrf"]}
    assert client.post(reverse("wagtailadmin_logout"), token).status_code == 302
    assert client.post(reverse("wagtailadmin_logout"), {}).status_code == 403


def test_it_is_sent_away_when_nobody_is_signed_in(client, db):
    answer = client.get(reverse("still_signed_in"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("wagtailadmin_login"))


def test_who_signs_in_beside_the_form_is_told_to_go_back(staff, sign_in):
    answer = sign_in(staff).get(reverse("signed_in")).content.decode()

    assert "Close this window" in answer
