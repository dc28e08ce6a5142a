"""What the mail server refuses, and of whom: an address, everybody, or only for now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cms.newsletters.delivering import Verdict, outcome_of, verdict_on_content, verdict_on_recipient
from cms.newsletters.models import Delivery, DeliveryState, Mailing, MailingState
from cms.newsletters.steps import begin, resume
from cms.subscriptions.models import Subscriber, SubscriberState
from cms.worker.process import work_off
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page", "clock")]

WAITING, SENT, FAILED = DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.FAILED


@pytest.fixture
def send():
    """Begin an edition, to so many."""

    def send(*addresses: str) -> Mailing:
        for address in addresses:
            factories.subscriber(email=f"{address}@example.org")
        begin(factories.newsletter_page(title="May"), by=None)
        work_off()
        return Mailing.objects.get()

    return send


def addresses(count: int) -> list[str]:
    return [f"reader-{number}" for number in range(count)]


def states() -> list[Any]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def off_list() -> list[str]:
    others = Subscriber.objects.exclude(state=SubscriberState.SUBSCRIBED)
    return [each.email.partition("@")[0] for each in others]


def go_on() -> None:
    resume(Mailing.objects.get(), by=None)
    work_off()


def work_for(clock: Any, most: timedelta) -> None:
    """Whatever comes due within that time."""
    end = clock.moment + most
    while True:
        work_off()
        mailing = Mailing.objects.get()
        if mailing.due_at is None or mailing.due_at > end:
            return
        clock.moment = mailing.due_at


@pytest.mark.parametrize("count", [1, 3, 8])
@pytest.mark.parametrize(
    "answer",
    ["550 5.7.54 Unable to relay", "554 5.7.1 <x>: Relay access denied", "550 relay not permitted"],
)
def test_a_server_that_refuses_everybody_stops_the_mailing_and_leaves_the_list(
    mail_server, send, answer, count
):
    mail_server.refuse = lambda address: answer

    mailing = send(*addresses(count))

    assert mailing.state == MailingState.PAUSED
    assert answer in mailing.problem
    assert states() == [WAITING] * count
    assert off_list() == []
    assert len(mail_server.asked) <= 5

    mail_server.refuse = lambda address: None
    go_on()
    assert len(mail_server.mails) == count
    assert Mailing.objects.get().state == MailingState.DONE


@pytest.mark.parametrize(
    "answer", ["553 5.7.1 Sender address rejected", "550 no such sender", "530 5.7.0 Authenticate"]
)
def test_a_refused_sender_stops_the_mailing_with_the_first_mail(mail_server, send, answer):
    mail_server.refuse_sender = lambda address: answer

    mailing = send(*addresses(3))

    assert (mailing.state, mail_server.asked) == (MailingState.PAUSED, [])
    assert answer in mailing.problem
    assert states() == [WAITING] * 3

    mail_server.refuse_sender = lambda address: None
    go_on()
    assert states() == [SENT] * 3


def test_a_mail_that_is_refused_whoever_gets_it_stops_the_mailing(mail_server, send):
    mail_server.refuse_mail = lambda: "554 5.7.1 Spam message rejected"

    mailing = send(*addresses(8))

    assert mailing.state == MailingState.PAUSED
    assert states() == [WAITING] * 8


def test_what_is_signed_in_with_is_refused_so_the_mailing_pauses(mail_server, send, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "site", "wrong"

    mailing = send("ada")

    assert mailing.state == MailingState.PAUSED
    assert "535 5.7.8" in mailing.problem
    assert states() == [WAITING]


@pytest.mark.parametrize("refused", [1, 7])
def test_a_domain_that_wants_nothing_from_us_stops_nobody_for_ever(
    mail_server, send, clock, refused
):
    mail_server.refuse = lambda address: "550 5.7.1 Policy" if "strict" in address else None

    send(*[f"strict-{number}" for number in range(refused)], "ada", "bo")
    for _ in range(3):
        if Mailing.objects.get().state == MailingState.PAUSED:
            go_on()
        work_for(clock, timedelta(minutes=10))

    assert mail_server.recipients() == ["ada@example.org", "bo@example.org"]
    assert states() == [FAILED] * refused + [SENT, SENT]
    assert Mailing.objects.get().state == MailingState.DONE
    assert off_list() == []


def test_once_a_server_begins_to_refuse_everybody_the_mailing_pauses(mail_server, send):
    mail_server.refuse = lambda address: None if "ada" in address else "550 5.7.1 Not any more"

    mailing = send("ada", *addresses(8))

    assert mailing.state == MailingState.PAUSED
    assert states() == [SENT] + [WAITING] * 8


def test_addresses_that_are_not_there_stop_nothing_where_the_server_says_so(mail_server, send):
    mail_server.refuse = lambda address: "550 5.1.1 No such user" if "reader" in address else None

    mailing = send(*addresses(8), "ada")

    assert mailing.state == MailingState.DONE
    assert states() == [FAILED] * 8 + [SENT]
    assert sorted(off_list()) == addresses(8)


def test_a_server_that_says_of_everybody_no_more_than_550_stops_the_mailing(mail_server, send):
    mail_server.refuse = lambda address: "550 No"

    mailing = send(*addresses(8))

    assert mailing.state == MailingState.PAUSED
    assert states() == [FAILED] * 5 + [WAITING] * 3


@pytest.mark.parametrize(
    ("code", "words", "verdict"),
    [
        (550, "5.1.1 No such user", Verdict.NO_MAILBOX),
        (553, "5.1.3 Bad address", Verdict.NO_MAILBOX),
        (556, "5.1.10 Null MX", Verdict.NO_MAILBOX),
        (550, "5.2.1 Disabled", Verdict.NO_MAILBOX),
        (550, "sorry, no mailbox here by that name. (#5.1.1)", Verdict.NO_MAILBOX),
        (550, "No such user", Verdict.PERHAPS_NO_MAILBOX),
        (551, "Not local", Verdict.PERHAPS_NO_MAILBOX),
        (552, "5.2.2 Full", Verdict.THIS_REFUSED),
        (552, "Full", Verdict.THIS_REFUSED),
        (550, "5.2.10 Not now", Verdict.THIS_REFUSED),
        (550, "5.1.0 <x>: Sender address rejected", Verdict.PERHAPS_ALL_REFUSED),
        (553, "5.1.8 Domain of sender does not exist", Verdict.PERHAPS_ALL_REFUSED),
        (550, "5.7.1 Policy", Verdict.PERHAPS_ALL_REFUSED),
        (550, "15.1.1 is the version", Verdict.PERHAPS_NO_MAILBOX),
        (553, "sorry, not in my list of allowed rcpthosts (#5.7.1)", Verdict.PERHAPS_ALL_REFUSED),
        (550, "Sender verify failed", Verdict.PERHAPS_ALL_REFUSED),
        (554, "No", Verdict.PERHAPS_ALL_REFUSED),
        (535, "5.7.8 Wrong", Verdict.ALL_REFUSED),
        (454, "4.7.1 Relay access denied", Verdict.NOT_NOW),
    ],
)
def test_what_the_refusal_of_a_recipient_tells(code, words, verdict):
    assert outcome_of(code, words.encode(), verdict_on_recipient).verdict is verdict


@pytest.mark.parametrize(
    ("code", "words", "verdict"),
    [
        (550, "5.1.1 No such user", Verdict.THIS_REFUSED),
        (552, "5.2.2 Full", Verdict.THIS_REFUSED),
        (550, "5.1.0 Sender", Verdict.PERHAPS_ALL_REFUSED),
        (550, "No", Verdict.PERHAPS_ALL_REFUSED),
        (451, "4.3.0 Later", Verdict.NOT_NOW),
    ],
)
def test_what_the_refusal_of_a_mail_tells(code, words, verdict):
    assert outcome_of(code, words.encode(), verdict_on_content).verdict is verdict


def test_words_of_the_server_are_one_line_that_can_be_kept():
    outcome = outcome_of(550, b"5.7.1 One\n5.7.1 two\x00 \xff", verdict_on_recipient)

    assert outcome.words == "550 5.7.1 One 5.7.1 two \N{REPLACEMENT CHARACTER}"
    assert len(outcome_of(550, b"x" * 5_000, verdict_on_recipient).words) <= 400


# For now


def test_what_is_not_taken_for_now_counts_for_the_mails_of_a_minute(
    mail_server, send, settings, clock
):
    settings.NEWSLETTER_MAILS_PER_MINUTE = 2
    mail_server.refuse = lambda address: "451 Later"

    asked = []
    send(*addresses(8))
    for _ in range(3):
        asked.append(len(mail_server.asked))
        clock.moment += timedelta(seconds=61)
        work_off()

    assert asked == [2, 4, 5]


def test_a_server_that_takes_nothing_for_now_is_asked_less_and_less_and_loses_nobody(
    mail_server, send, clock
):
    mail_server.refuse = lambda address: "451 4.3.0 Later"

    mailing = send(*addresses(8))
    assert "451 4.3.0 Later" in mailing.problem
    assert len(mail_server.asked) == 5
    work_for(clock, timedelta(hours=8))

    assert states() == [WAITING] * 8
    assert len(mail_server.asked) < 40
    assert "451 4.3.0 Later" in Mailing.objects.get().problem

    mail_server.refuse = lambda address: None
    work_for(clock, timedelta(hours=8))
    assert states() == [SENT] * 8
    assert Mailing.objects.get().problem == ""


def test_an_address_that_is_not_taken_for_now_is_tried_for_a_day(mail_server, send, clock):
    began = clock.moment
    mail_server.refuse = lambda address: "450 Full" if "grey" in address else None

    send("grey", "ada")
    work_for(clock, timedelta(hours=20))
    assert states() == [WAITING, SENT]
    work_for(clock, timedelta(hours=10))

    assert states() == [FAILED, SENT]
    assert Mailing.objects.get().state == MailingState.DONE
    assert timedelta(hours=23) < Delivery.objects.first().changed_at - began < timedelta(hours=27)
    assert off_list() == []
    assert len(mail_server.asked) == 15


# Once more


@pytest.fixture
def browser(editor, sign_in):
    return sign_in(editor)


def step(name: str) -> str:
    return reverse("newsletter_step", args=[Mailing.objects.get().page_id, name])


def screen(browser) -> str:
    address = reverse("newsletter_mailing", args=[Mailing.objects.get().page_id])
    return browser.get(address).content.decode()


def test_an_editor_tries_again_whom_it_did_not_reach_and_who_is_on_the_list(
    mail_server, send, browser
):
    answers = {"full@example.org": "552 5.2.2 Full", "gone@example.org": "550 5.1.1 Gone"}
    mail_server.refuse = answers.get
    send("ada", "full", "gone")
    assert states() == [SENT, FAILED, FAILED]
    assert "Try 1 of them again" in screen(browser)

    answers.clear()
    browser.post(step("retry"))
    assert "Try 1 of them again" not in screen(browser)
    again = browser.post(step("retry"), follow=True)
    assert "had changed meanwhile" in again.content.decode()
    work_off()

    assert mail_server.recipients() == ["ada@example.org", "full@example.org"]
    assert states() == [SENT, SENT, FAILED]
    assert Mailing.objects.get().state == MailingState.DONE
    assert "of them again" not in screen(browser)


def test_nobody_is_tried_again_by_a_link_or_by_who_may_not_publish(
    mail_server, send, browser, staff, sign_in
):
    mail_server.refuse = lambda address: "552 5.2.2 Full"
    send("full")

    assert browser.get(step("retry")).status_code == 405
    assert sign_in(staff).post(step("retry")).status_code in (302, 403)
    assert Mailing.objects.get().state == MailingState.DONE


def test_a_mailing_that_was_stopped_is_not_tried_again(mail_server, send, browser):
    mail_server.refuse = lambda address: "552 5.2.2 Full"
    send("full")
    Mailing.objects.update(state=MailingState.STOPPED)

    browser.post(step("retry"))

    assert Mailing.objects.get().state == MailingState.STOPPED
    assert states() == [FAILED]
