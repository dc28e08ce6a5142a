"""What a mail server reports after it took a newsletter, as it is handed to the command."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO, TextIOWrapper

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from cms.newsletters.composing import Mail
from cms.newsletters.delivering import message_of
from cms.subscriptions.models import SubscriberState
from tests import factories

pytestmark = pytest.mark.django_db

BOUNCE = """\
From: MAILER-DAEMON@example.org
To: newsletters@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; what the server said

--edge
{returned}
--edge--
"""
COMPLAINT = """\
From: feedback@example.org
To: newsletters@example.com
Subject: FW: May
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="edge"

--edge
Content-Type: text/plain

This is an email abuse report.

--edge
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1

--edge
{returned}
--edge--
"""


@pytest.fixture(autouse=True)
def ada():
    return factories.subscriber(email="ada@example.org")


def whole(subscriber) -> str:
    leave = f"https://example.com{reverse('leave_subscription', args=[subscriber.leaving_key])}"
    mail = Mail("May", "<p>Dear reader</p>", "Dear reader")
    sent = message_of(mail, subscriber.email, leave=leave, reference="1.1").message().as_string()
    return f"Content-Type: message/rfc822\n\n{sent}"


def headers_alone(subscriber) -> str:
    _, _, mail = whole(subscriber).partition("\n\n")
    return f"Content-Type: text/rfc822-headers\n\n{mail.partition(chr(10) * 2)[0]}\n"


def bounce(returned, *, action="failed", status="5.1.1", recipient="ada@example.org") -> str:
    return BOUNCE.format(returned=returned, action=action, status=status, recipient=recipient)


def complaint(returned, kind="abuse") -> str:
    return COMPLAINT.format(returned=returned, kind=kind)


@pytest.fixture
def record(monkeypatch, capsys):
    def record(report: str) -> str:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(report.encode())))
        call_command("record_mail_report")
        return capsys.readouterr().out.strip()

    return record


@pytest.mark.parametrize("returned", [whole, headers_alone])
def test_who_cannot_be_reached_any_more_is_taken_off_the_list(record, ada, returned):
    bo = factories.subscriber(email="bo@example.org")

    assert record(bounce(returned(ada))) == "Taken off the list."

    ada.refresh_from_db()
    bo.refresh_from_db()
    assert (ada.state, bo.state) == (SubscriberState.BOUNCED, SubscriberState.SUBSCRIBED)


def test_who_has_left_is_forgotten_though_the_last_mail_comes_back(record, ada):
    ada.state = SubscriberState.LEFT
    ada.save()

    record(bounce(whole(ada)))

    ada.refresh_from_db()
    assert ada.state == SubscriberState.LEFT


def test_address_that_a_mail_was_forwarded_to_makes_no_difference(record, ada):
    record(bounce(whole(ada), recipient="ada.at.work@example.net"))

    ada.refresh_from_db()
    assert ada.state == SubscriberState.BOUNCED


@pytest.mark.parametrize("kind", ["abuse", "Fraud", "opt-out"])
def test_who_complains_is_taken_off_the_list(record, ada, kind):
    assert record(complaint(whole(ada), kind)) == "Taken off the list."

    ada.refresh_from_db()
    assert ada.state == SubscriberState.COMPLAINED
    # A bounce that comes later does not make it less.
    record(bounce(whole(ada)))
    ada.refresh_from_db()
    assert ada.state == SubscriberState.COMPLAINED


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("delayed", "4.4.1"),
        ("delivered", "2.0.0"),
        ("failed", "4.2.2"),
        ("failed", "5.2.2"),
        ("failed", "5.3.4"),
        ("failed", "5.7.1"),
        ("", ""),
    ],
)
def test_what_says_nothing_about_the_address_takes_nobody_off(record, ada, action, status):
    said = record(bounce(whole(ada), action=action, status=status))

    ada.refresh_from_db()
    assert said.startswith("Nobody was taken off the list. The address may still be there")
    assert ada.state == SubscriberState.SUBSCRIBED


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        ("", "This is no report"),
        ("Subject: Out of office\n\nBack on Monday.", "This is no report"),
        (bounce("Content-Type: message/rfc822\n\nSubject: x\n\nx"), "does not give back"),
        (bounce("Content-Type: text/plain\n\nada@example.org"), "does not give back"),
        (bounce("Content-Type: message/rfc822\n\n"), "does not give back"),
        (complaint("Content-Type: message/rfc822\n\nSubject: x\n\nx"), "does not give back"),
        ("Content-Type: message/feedback-report\n\n", "reports no complaint"),
        ("Content-Type: message/delivery-status\n\n", "may still be there"),
        ("Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/", "no report"),
        ("\0\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), "This is no report"),
    ],
)
def test_what_is_no_report_of_our_mail_takes_nobody_off_and_says_why(record, ada, report, reason):
    said = record(report)

    ada.refresh_from_db()
    assert said.startswith("Nobody was taken off the list.")
    assert reason in said
    assert ada.state == SubscriberState.SUBSCRIBED


def test_not_spam_is_no_complaint(record, ada):
    assert "no complaint" in record(complaint(whole(ada), "not-spam"))

    ada.refresh_from_db()
    assert ada.state == SubscriberState.SUBSCRIBED


def test_whoever_does_not_know_the_mail_takes_nobody_off(record, ada):
    """The address of Ada alone is no proof that a mail to her came back."""
    stranger = factories.subscriber(email="stranger@example.org")
    forged = whole(stranger).replace(str(stranger.leaving_key), str(stranger.confirmation_key))

    said = record(bounce(forged, recipient="ada@example.org"))

    ada.refresh_from_db()
    assert "nobody on our lists" in said
    assert ada.state == SubscriberState.SUBSCRIBED


def test_report_that_is_itself_given_back_within_another_counts_for_the_outer_mail(record, ada):
    """What somebody wrote into the mail that comes back is not read as the report."""
    bo = factories.subscriber(email="bo@example.org")
    inner = bounce(whole(bo))

    said = record(bounce(f"Content-Type: message/rfc822\n\n{inner}", status="5.7.1"))

    bo.refresh_from_db()
    assert "may still be there" in said
    assert bo.state == SubscriberState.SUBSCRIBED


def piped(report: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", "record_mail_report"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "genedge_site.settings.test", **environment},
        input=report.encode(),
        capture_output=True,
        check=False,
    )


def test_command_reads_what_a_mail_server_pipes_into_it():
    ran = piped("Subject: Out of office\n\nBack on Monday.")

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == b"Nobody was taken off the list. This is no report of a mail server.\n"


def test_while_the_database_is_away_the_mail_server_is_asked_to_come_again(ada):
    ran = piped(bounce(whole(ada)), TEST_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

    assert ran.returncode == 75, ran.stderr
    assert ran.stderr.endswith(
        b"The database does not answer: hand this report over again later.\n"
    )
