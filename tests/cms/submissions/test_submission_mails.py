"""Mails about an answer: written with it, sent once by a scheduler, saying who may see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command

from cms.scheduling.process.retries import FIRST_RETRY
from cms.submissions.mails import GIVEN_UP_AFTER
from cms.submissions.models import SubmissionMail
from pages.models import FormField, FormPage
from tests import factories

CONFIRMED = {
    "confirmation_subject": "Thank you",
    "confirmation_text": "We write to you soon.",
    "notified_address": "office@example.org",
}


@pytest.fixture
def form(db, clock) -> FormPage:
    asked = [
        FormField(label="Name", field_type="singleline"),
        FormField(label="Mail", field_type="email", required=False),
    ]
    return factories.form_page(
        title="Join", slug="join", is_open=True, form_fields=asked, **CONFIRMED
    )


@pytest.fixture
def submit(run_operation, clock):
    def submit(key: str = "1", **answers: str) -> Any:
        token = run_operation("start_form", path="/join/")["startForm"]["token"]
        clock.moment += timedelta(minutes=1)
        given = [{"cleanName": name, "values": [value]} for name, value in answers.items()]
        sent = {"answers": given, "idempotencyKey": key.rjust(16, "0"), "token": token}
        return run_operation("submit_form", path="/join/", **sent)["submitForm"]

    return submit


def sent() -> list[mail.EmailMessage]:
    mail.outbox.clear()
    call_command("run_scheduler", once=True)
    return list(mail.outbox)


def test_whoever_answers_and_the_office_get_a_mail_each_and_once(form, submit):
    submit(name="Ada Rossi", mail="ada@example.org")

    to_ada, to_office = sent()

    assert (to_ada.to, to_ada.subject) == (["ada@example.org"], "Thank you")
    assert "We write to you soon." in to_ada.body
    assert to_office.to == ["office@example.org"]
    assert f"/forms/submissions/{form.pk}/" in to_office.body
    assert sent() == []


def test_each_mail_says_who_may_see_the_answer_and_until_when(form, submit):
    submit(name="Ada Rossi", mail="ada@example.org")

    to_ada, to_office = sent()

    assert "seen by the staff" in to_ada.body
    assert "Only those see it who may edit the form and read answers." in to_office.body
    assert all("deleted after 15 January 2027" in each.body for each in (to_ada, to_office))


def test_no_mail_holds_what_was_answered(form, submit):
    """Anyone can enter anyone's address: nothing that is entered is sent there."""
    submit(name="Buy cheap things at spam.example", mail="victim@example.org")

    assert not any("spam.example" in each.body + each.subject for each in sent())


def test_who_gives_no_address_gets_none(form, submit):
    submit(name="Ada Rossi")

    assert [each.to for each in sent()] == [["office@example.org"]]


def test_form_without_words_for_a_mail_sends_none(form, submit):
    FormPage.objects.update(confirmation_text="", notified_address="")
    submit(name="Ada Rossi", mail="ada@example.org")

    assert sent() == []


def test_answer_that_is_refused_or_sent_again_sends_nothing(form, submit):
    submit(mail="ada@example.org")
    submit(name="Ada", mail="ada@example.org")
    submit(name="Ada", mail="ada@example.org")

    assert len(sent()) == 2


def test_mail_that_fails_is_tried_again_until_it_is_given_up(
    form, submit, monkeypatch, clock, caplog
):
    submit(name="Ada Rossi")
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", lambda *_: 1 / 0)
        assert sent() == []
    too_soon = sent()
    clock.moment += FIRST_RETRY
    later = sent()
    submit("2", name="Ben")
    clock.moment += GIVEN_UP_AFTER

    assert "could not be sent, and is tried again" in caplog.text
    assert too_soon == []
    assert [each.to for each in later] == [["office@example.org"]]
    assert sent() == []
    assert not SubmissionMail.objects.exists()
    caplog.clear()


def test_subject_is_one_line(form, submit):
    FormPage.objects.update(confirmation_subject="Thank you\r\nBcc: x@example.org")
    submit(name="Ada", mail="ada@example.org")

    assert sent()[0].subject == "Thank you Bcc: x@example.org"


def test_scheduler_deletes_answers_whose_time_is_over(form, submit, clock):
    submit(name="Ada")
    submission = form.get_submissions().get()
    clock.moment = submission.kept_until

    call_command("run_scheduler", once=True)

    assert not form.get_submissions().exists()
