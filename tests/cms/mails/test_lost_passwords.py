"""A lost password: the request does the same for every address, and the mail is sent later."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.admin.sign_in.attempts import OF_ACCOUNT_AT_ADDRESS
from cms.mails.lost_passwords import FIRST_RETRY, GIVEN_UP_AFTER
from cms.mails.models import LostPassword
from tests import factories

FORM = "/admin/password_reset/"
ADDRESSES = ["carla@example.org", "gone@example.org", "nobody@example.org"]


@pytest.fixture
def accounts(clock, staff):
    factories.user("gone", email="gone@example.org", is_active=False)


def ask_for(email):
    return Client().post(FORM, {"email": email})


def sent():
    mail.outbox.clear()
    call_command("run_scheduler", once=True)
    return mail.outbox


def test_request_does_the_same_for_every_address(accounts):
    ask_for("first@example.org")  # What a process asks once.
    done = []
    for email in ADDRESSES:
        with CaptureQueriesContext(connection) as captured:
            answer = ask_for(email)
        statements = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in captured]
        done.append((answer.status_code, answer["Location"], statements))

    assert done[0] == done[1] == done[2]
    assert mail.outbox == []


def test_mail_is_sent_by_the_scheduler_and_its_link_sets_a_new_password(accounts):
    for email in [*ADDRESSES, "CARLA@example.org", "carla@example.org"]:
        ask_for(email)

    to_carla = [message for message in sent() if message.to == ["carla@example.org"]]
    assert {tuple(message.to) for message in mail.outbox} == {("carla@example.org",)}
    link = re.search(r"http://testserver(/admin/password_reset/confirm/\S+)", to_carla[0].body)
    assert link
    browser = Client()
    form = browser.get(link[1])["Location"]
    new = {"new_password1": "set anew 4711", "new_password2": "set anew 4711"}
    assert browser.post(form, new)["Location"] == "/admin/password_reset/complete/"
    entered = browser.post("/admin/login/", {"username": "carla", "password": "set anew 4711"})
    assert entered.status_code == 302
    assert sent() == []
    assert not LostPassword.objects.exists()


def test_mail_that_could_not_be_sent_is_tried_again_and_given_up_when_nobody_waits(
    accounts, clock, monkeypatch
):
    ask_for("carla@example.org")
    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", lambda *_: 1 / 0)
        assert sent() == []
    assert sent() == []

    clock.moment += FIRST_RETRY
    assert len(sent()) == 1

    ask_for("carla@example.org")
    clock.moment += GIVEN_UP_AFTER
    assert sent() == []
    assert not LostPassword.objects.exists()


def test_mails_are_asked_for_a_few_times_and_no_more(accounts):
    answers = [ask_for("nobody@example.org") for _ in range(OF_ACCOUNT_AT_ADDRESS + 1)]

    assert [answer.status_code for answer in answers] == [302] * OF_ACCOUNT_AT_ADDRESS + [429]
    assert ask_for("carla@example.org").status_code == 302
