"""From publishing an edition to the mails that a server on loopback is given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.actions.convert_alias import ConvertAliasPageAction

from cms.newsletters.models import Delivery, DeliveryState, Mailing, MailingState
from cms.newsletters.steps import begin
from cms.releases import steps as release_steps
from cms.scheduling.durable import make_due_changes
from cms.subscriptions.models import Subscriber, SubscriberState
from cms.worker.process import work_off
from pages.models import NewsletterPage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page", "clock")]


# What is approved for a moment that has passed is published at once, so this is far ahead.
NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)


@pytest.fixture
def edition():
    article = factories.article_page(title="On the edge", standfirst="Why & how.")
    hidden = factories.article_page(title="Hidden", slug="hidden", live=False)
    return factories.newsletter_page(
        title="May <1>",
        live=False,
        send_when_published=True,
        preview_text="What is new.",
        opening='<p>Dear <b>reader</b>,<br/>read <a href="https://example.org/?a=1&amp;b=2">it</a>.</p>',
        body=[
            ("heading", {"heading": "New & old"}),
            ("paragraphs", {"text": "<p>Text.</p><ul><li>One</li></ul>"}),
            ("item", {"page": article, "note": ""}),
            ("item", {"page": hidden, "note": "Not yet."}),
        ],
    )


def publish(page: NewsletterPage) -> None:
    page.get_latest_revision().publish()


def states() -> list[Any]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_when_readers_see_an_edition_each_subscriber_gets_one_mail(edition, mail_server, client):
    ada, bo = (factories.subscriber(email=f"{name}@example.org") for name in ("ada", "bo"))
    for state in set(SubscriberState.values) - {"subscribed"}:
        factories.subscriber(email=f"{state}@example.org", state=state)
    factories.subscriber(email="french@example.org", language="fr")

    work_off()
    assert mail_server.mails == []
    publish(edition)
    work_off()
    publish(edition)
    work_off()

    assert mail_server.recipients() == ["ada@example.org", "bo@example.org"]
    first, second = mail_server.mails
    assert first["Subject"] == "May <1>"
    assert first["Message-ID"] != second["Message-ID"]
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = first["List-Unsubscribe"].strip(" <>")
    html = first.get_body(("html",)).get_content()
    text = first.get_body(("plain",)).get_content()
    for part in (html, text):
        assert leave in part
        assert "On the edge" in part
        assert "http://testserver/articles/on-the-edge/" in part
        assert "Not yet." not in part
        assert "leave.invalid" not in part
    assert "Why &amp; how." in html
    assert 'href="https://example.org/?a=1&amp;b=2"' in html
    assert "May &lt;1&gt;" in html

    client.post(leave.removeprefix("http://testserver"))
    assert Subscriber.objects.get(email="ada@example.org").state == SubscriberState.LEFT
    assert Mailing.objects.get().state == MailingState.DONE
    assert {ada.email, bo.email} == set(mail_server.recipients())


def test_an_edition_that_is_scheduled_is_sent_once_it_is_due(edition, mail_server, clock):
    factories.subscriber()
    edition.go_live_at = NINE
    edition.save_revision().publish()
    work_off()
    assert mail_server.mails == []

    clock.moment = NINE
    make_due_changes()
    work_off()
    assert len(mail_server.mails) == 1


def test_without_the_tick_nothing_is_sent(mail_server):
    factories.subscriber()
    page = factories.newsletter_page(title="Quiet")
    page.save_revision().publish()
    work_off()

    assert mail_server.mails == []
    assert not Mailing.objects.exists()


def test_a_mirror_sends_nothing_nor_does_the_page_that_it_becomes(edition, mail_server, editor):
    factories.subscriber()
    elsewhere = edition.get_parent()
    before = edition.create_alias(update_slug="before", parent=elsewhere)
    publish(edition)
    edition.refresh_from_db()
    after = edition.create_alias(update_slug="after", parent=elsewhere)
    publish(edition)
    for mirror in (before, after):
        ConvertAliasPageAction(mirror, user=editor).execute()
        own = NewsletterPage.objects.get(pk=mirror.pk)
        assert not own.send_when_published
        own.save_revision().publish()
    work_off()

    assert len(mail_server.mails) == 1
    assert Mailing.objects.get().page_id == edition.pk


def test_a_translation_is_sent_to_those_of_its_language_once_somebody_ticks_it(
    edition, mail_server, editor
):
    factories.subscriber(email="ada@example.org")
    factories.subscriber(email="marie@example.org", language="fr")
    publish(edition)
    above = edition.get_parent().specific
    factories.translation(above.get_parent().specific, "fr", title="Accueil")
    factories.translation(above, "fr", title="Lettres")
    french = factories.translation(edition, "fr")
    work_off()
    assert mail_server.recipients() == ["ada@example.org"]

    french.send_when_published = True
    french.save_revision().publish()
    work_off()

    assert mail_server.recipients() == ["ada@example.org", "marie@example.org"]


def test_an_edition_that_goes_live_with_a_release_is_sent_at_its_second(
    edition, mail_server, clock, administrator
):
    factories.subscriber()
    edition.body = [("heading", {"heading": "New"})]
    edition.save_revision()
    release = factories.release([edition], go_live_at=NINE)
    release_steps.approve(release, administrator)
    work_off()
    assert mail_server.mails == []

    clock.moment = NINE
    make_due_changes()
    work_off()

    assert len(mail_server.mails) == 1


def test_editions_published_together_are_each_sent_once(edition, mail_server, editor, sign_in):
    factories.subscriber()
    other = factories.newsletter_page(
        title="June", slug="june", live=False, send_when_published=True
    )
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
    window = sign_in(editor)
    for _ in range(2):
        window.post(f"{address}?id={edition.pk}&id={other.pk}&next=/admin/")
    work_off()

    assert sorted(each["Subject"] for each in mail_server.mails) == ["June", "May <1>"]


def test_an_earlier_version_brought_back_sends_nothing_again(edition, mail_server):
    factories.subscriber()
    publish(edition)
    edition.title = "May, corrected"
    edition.save_revision().publish()
    edition.revisions.order_by("pk").first().as_object().save_revision().publish()
    edition.unpublish()
    edition.get_latest_revision().publish()
    work_off()

    assert len(mail_server.mails) == 1


def test_a_copy_of_an_edition_is_not_to_be_sent(edition):
    copied = edition.copy(update_attrs={"slug": "copied", "title": "Copied"})

    assert copied.send_when_published is False
    assert copied.get_latest_revision_as_object().send_when_published is False


def test_only_so_many_mails_leave_within_a_minute(edition, mail_server, settings, clock):
    settings.NEWSLETTER_MAILS_PER_MINUTE = 2
    for _ in range(5):
        factories.subscriber()
    publish(edition)

    sent = []
    for _ in range(4):
        work_off()
        sent.append(len(mail_server.mails))
        clock.moment += timedelta(seconds=61)

    assert sent == [2, 4, 5, 5]


def test_an_address_that_is_not_there_is_taken_off_the_list_and_another_is_tried_again(
    edition, mail_server, clock
):
    for name in ("gone", "grey", "full"):
        factories.subscriber(email=f"{name}@example.org")
    answers = {
        "gone@example.org": "550 no such user",
        "grey@example.org": "450 come back later",
        "full@example.org": "552 over quota",
    }
    mail_server.refuse = answers.get
    publish(edition)
    work_off()

    assert states() == [DeliveryState.FAILED, DeliveryState.WAITING, DeliveryState.FAILED]
    assert {each.email: each.state for each in Subscriber.objects.all()} == {
        "gone@example.org": SubscriberState.BOUNCED,
        "grey@example.org": SubscriberState.SUBSCRIBED,
        "full@example.org": SubscriberState.SUBSCRIBED,
    }
    del answers["grey@example.org"]
    work_off()
    assert mail_server.mails == []
    clock.moment += timedelta(minutes=2)
    work_off()
    assert mail_server.recipients() == ["grey@example.org"]
    assert Mailing.objects.get().state == MailingState.DONE


def test_who_leaves_while_it_is_sent_gets_no_mail(edition, mail_server, settings, clock):
    settings.NEWSLETTER_MAILS_PER_MINUTE = 1
    factories.subscriber()
    last = factories.subscriber()
    publish(edition)
    work_off()
    Subscriber.objects.filter(pk=last.pk).update(state=SubscriberState.LEFT)
    clock.moment += timedelta(minutes=2)
    work_off()

    assert len(mail_server.mails) == 1
    assert states() == [DeliveryState.SENT, DeliveryState.LEFT_OUT]


def test_while_the_mail_server_is_away_nothing_is_lost_and_nothing_in_doubt(
    edition, mail_server, settings, clock
):
    factories.subscriber()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    publish(edition)
    work_off()
    assert states() == [DeliveryState.WAITING]
    assert "cannot be reached" in Mailing.objects.get().problem

    settings.EMAIL_PORT = port
    clock.moment += timedelta(minutes=1)
    work_off()
    assert len(mail_server.mails) == 1
    assert Mailing.objects.get().problem == ""


def test_a_mail_that_may_have_gone_out_is_not_sent_again(edition, mail_server, clock):
    """As it is found where a worker was killed while the mail server took it."""
    subscriber = factories.subscriber()
    publish(edition)
    mailing = Mailing.objects.get()
    Mailing.objects.update(state=MailingState.SENDING, html="<p>x</p>", text="x")
    Delivery.objects.create(mailing=mailing, subscriber=subscriber, state=DeliveryState.HANDED_OVER)
    work_off()

    assert mail_server.mails == []
    assert states() == [DeliveryState.IN_DOUBT]


@pytest.fixture
def browser(editor, sign_in):
    return sign_in(editor)


def address(page, step: str = "") -> str:
    if step:
        return reverse("newsletter_step", args=[page.pk, step])
    return reverse("newsletter_mailing", args=[page.pk])


def test_an_editor_pauses_goes_on_and_stops(edition, mail_server, settings, clock, browser):
    settings.NEWSLETTER_MAILS_PER_MINUTE = 1
    for _ in range(3):
        factories.subscriber()
    publish(edition)
    work_off()

    browser.post(address(edition, "pause"))
    clock.moment += timedelta(minutes=2)
    work_off()
    assert len(mail_server.mails) == 1
    assert "Paused" in browser.get(address(edition)).content.decode()

    browser.post(address(edition, "resume"))
    work_off()
    assert len(mail_server.mails) == 2
    assert "2 of 3 mails are sent" in browser.get(address(edition)).content.decode()

    browser.post(address(edition, "stop"))
    clock.moment += timedelta(minutes=2)
    work_off()
    assert len(mail_server.mails) == 2
    again = browser.post(address(edition, "resume"), follow=True)
    assert "had changed meanwhile" in again.content.decode()
    assert Mailing.objects.get().state == MailingState.STOPPED


def test_an_edition_that_readers_do_not_see_any_more_is_paused_and_says_why(
    edition, mail_server, settings, clock, browser
):
    settings.NEWSLETTER_MAILS_PER_MINUTE = 1
    for _ in range(2):
        factories.subscriber()
    publish(edition)
    work_off()
    NewsletterPage.objects.get(pk=edition.pk).unpublish()
    clock.moment += timedelta(minutes=2)
    work_off()

    assert len(mail_server.mails) == 1
    assert "Readers do not see this edition" in browser.get(address(edition)).content.decode()


def test_a_published_edition_is_sent_at_the_press_of_a_button_and_once(mail_server, browser):
    factories.subscriber()
    page = factories.newsletter_page(title="Quiet")
    assert "1 subscriber now" in browser.get(address(page)).content.decode()

    for _ in range(2):
        browser.post(address(page, "begin"))
        work_off()
    assert len(mail_server.mails) == 1


def test_a_test_goes_to_whoever_asks_for_it_alone(edition, browser):
    factories.subscriber()

    browser.post(reverse("newsletter_test", args=[edition.pk]))

    assert [message.to for message in mail.outbox] == [["edith@example.org"]]
    assert not Mailing.objects.exists()


def test_the_mail_is_downloaded_and_previewed_as_it_is_written(edition, browser):
    edition.title = "June"
    edition.save_revision()

    html = browser.get(reverse("newsletter_download", args=[edition.pk, "html"]))
    text = browser.get(reverse("newsletter_download", args=[edition.pk, "txt"]))

    assert html["Content-Disposition"] == 'attachment; filename="may-1.html"'
    assert "June" in html.content.decode()
    assert "https://leave.invalid/" in html.content.decode()
    assert "June" in text.content.decode()
    draft = edition.get_latest_revision_as_object()
    shown = draft.make_preview_request(preview_mode="mail").content.decode()
    assert "June" in shown
    assert draft.make_preview_request(preview_mode="mail-as-text")["Content-Type"].startswith(
        "text/plain"
    )


def test_who_may_not_publish_sends_nothing(edition, staff, sign_in):
    browser = sign_in(staff)

    answers = [browser.get(address(edition)), browser.post(address(edition, "begin"))]

    assert {answer.status_code for answer in answers} <= {302, 403}
    assert not Mailing.objects.exists()


def test_a_page_that_is_deleted_while_it_is_sent_leaves_a_trace(
    edition, mail_server, settings, clock
):
    settings.NEWSLETTER_MAILS_PER_MINUTE = 1
    for _ in range(2):
        factories.subscriber()
    publish(edition)
    work_off()
    NewsletterPage.objects.get(pk=edition.pk).delete()
    clock.moment += timedelta(minutes=2)
    work_off()

    mailing = Mailing.objects.get()
    assert (len(mail_server.mails), mailing.state) == (1, MailingState.PAUSED)
    assert mailing.problem == "The edition was deleted."


def test_list_of_what_was_sent_costs_the_same_however_much_there_is(browser):
    def ask() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse("newsletter_mailings")).status_code == 200
        return len(captured)

    def send(title: str) -> None:
        begin(factories.newsletter_page(title=title), by=None)

    factories.subscriber()
    send("One")
    ask()
    few = ask()
    for title in ("Two", "Three", "Four"):
        send(title)
    work_off()

    assert ask() == few
