"""Joining and leaving through the API and the pages that mails lead to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from wagtail.models import Site

from cms.api.contract import operation_text
from cms.scheduling.signals import scheduler_idle
from cms.subscriptions.models import Subscriber, SubscriberState
from cms.subscriptions.retention import delete_what_is_over
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]


@pytest.fixture(autouse=True)
def page():
    return factories.newsletters_page(consent_text="I agree to get newsletters.")


@pytest.fixture
def subscribe(run_operation):
    def subscribe(email="ada@example.org", *, consent=True, honeypot=""):
        given = {"email": email, "consent": consent, "honeypot": honeypot}
        return run_operation("subscribe", **given)["subscribe"]["errors"]

    return subscribe


def mails() -> list:
    """Those that a scheduler sends now."""
    mail.outbox.clear()
    scheduler_idle.send(None)
    return list(mail.outbox)


def path_in(message) -> str:
    [path] = re.findall(r"/subscriptions/confirm/\S+", message.body)
    return path


def test_nobody_is_on_the_list_before_they_have_pressed_the_button_that_a_mail_leads_to(
    subscribe, client
):
    assert subscribe() == []
    [message] = mails()
    path = path_in(message)
    shown = client.get(path)

    assert message.to == ["ada@example.org"]
    assert "I agree to get newsletters." in message.body
    assert Subscriber.objects.get().state == SubscriberState.ASKED
    assert shown.status_code == 200
    assert (shown["Referrer-Policy"], shown["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert "no-store" in shown["Cache-Control"]

    done = client.post(path)

    subscriber = Subscriber.objects.get()
    assert "You are subscribed" in done.content.decode()
    assert subscriber.state == SubscriberState.SUBSCRIBED
    assert subscriber.consent_text == "I agree to get newsletters."
    assert subscriber.confirmed_at is not None
    assert mails() == []


def test_an_address_is_one_however_it_is_written_and_is_asked_once_in_ten_minutes(subscribe, clock):
    for email in ("ada@example.org", "Ada@Example.org", " ada@example.org "):
        assert subscribe(email) == []

    assert len(mails()) == 1
    assert Subscriber.objects.count() == 1

    clock.moment += timedelta(minutes=11)
    subscribe()
    assert len(mails()) == 1


def test_nobody_is_told_whether_an_address_is_on_the_list(subscribe, client, clock):
    subscribe()
    client.post(path_in(mails()[0]))
    clock.moment += timedelta(minutes=11)

    assert subscribe() == subscribe("other@example.org") == []
    assert [message.to for message in mails()] == [["other@example.org"]]


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@example.org\nBcc: all@example.org",
        "ada@example.org, eve@example.org",
        "Ada <ada@example.org>",
        f"{'a' * 250}@example.org",
        "adá@example.org",
        "ada@exam\0ple.org",
    ],
)
def test_what_is_no_address_is_refused(subscribe, email):
    [error] = subscribe(email)

    assert error["code"] == "INVALID"
    assert not Subscriber.objects.exists()


def test_without_consent_or_by_a_program_nobody_is_taken(subscribe):
    assert [each["code"] for each in subscribe(consent=False)] == ["CONSENT_REQUIRED"]
    assert [each["code"] for each in subscribe(honeypot="x")] == ["LOOKS_AUTOMATED"]
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    "setting", ["SUBSCRIPTIONS_PER_HOUR", "SUBSCRIPTIONS_PER_ADDRESS_PER_HOUR"]
)
def test_only_so_many_are_taken_within_an_hour(subscribe, settings, setting, clock):
    setattr(settings, setting, 2)

    codes = [[each["code"] for each in subscribe(f"a{number}@example.org")] for number in range(3)]
    [error] = subscribe("b@example.org")

    assert codes == [[], [], ["RATE_LIMITED"]]
    assert 0 < error["retryAfter"] <= 3_601
    assert Subscriber.objects.count() == 2


def test_where_readers_see_no_newsletters_nobody_is_taken(subscribe, page):
    page.unpublish()

    assert [each["code"] for each in subscribe()] == ["NOT_OFFERED"]
    assert not Subscriber.objects.exists()


def test_a_link_holds_for_seven_days(subscribe, client, clock):
    subscribe()
    path = path_in(mails()[0])
    clock.moment += timedelta(days=7)

    assert client.get(path).status_code == client.post(path).status_code == 404
    assert Subscriber.objects.get().state == SubscriberState.ASKED


def test_a_key_that_is_for_nobody_does_nothing(client):
    for view in ("confirm", "leave"):
        path = f"/subscriptions/{view}/00000000-0000-4000-8000-000000000000"
        assert client.get(path).status_code == client.post(path).status_code == 404
        assert client.put(path).status_code == 405


def test_leaving_takes_one_post_as_mail_programs_send_it_and_a_look_changes_nothing(client):
    subscriber = factories.subscriber()
    path = f"/subscriptions/leave/{subscriber.leaving_key}"

    client.get(path)
    assert Subscriber.objects.get().state == SubscriberState.SUBSCRIBED
    done = client.post(
        path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    again = client.post(path)

    assert done.status_code == again.status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.LEFT


def test_who_has_left_is_not_put_back_by_the_link_of_before(subscribe, client, clock):
    subscribe()
    old = path_in(mails()[0])
    client.post(old)
    clock.moment += timedelta(hours=1)
    client.post(f"/subscriptions/leave/{Subscriber.objects.get().leaving_key}")

    assert client.post(old).status_code == 404
    assert Subscriber.objects.get().state == SubscriberState.LEFT

    subscribe()
    client.post(path_in(mails()[0]))
    assert Subscriber.objects.get().state == SubscriberState.SUBSCRIBED


def test_who_complained_gets_no_mail_though_someone_enters_their_address(subscribe):
    factories.subscriber(email="ada@example.org", state=SubscriberState.COMPLAINED)

    assert subscribe() == []
    assert mails() == []


def test_a_mail_that_cannot_be_sent_is_tried_again(subscribe, settings, clock):
    subscribe()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert mails() == []
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert mails() == []
    clock.moment += timedelta(minutes=2)
    assert len(mails()) == 1


def test_addresses_are_deleted_that_were_not_confirmed_or_have_left(clock):
    kept = {
        factories.subscriber(email=f"{state}@example.org", state=state).email
        for state in SubscriberState.values
    }
    kept -= {"asked@example.org", "left@example.org"}

    clock.moment += timedelta(days=31)
    delete_what_is_over()

    assert set(Subscriber.objects.values_list("email", flat=True)) == kept


def test_a_preview_subscribes_nobody(client):
    answer = client.post(
        "/graphql",
        {
            "query": operation_text("subscribe"),
            "variables": {"email": "ada@example.org", "consent": True},
        },
        content_type="application/json",
        headers={"authorization": f"Bearer {factories.preview_token()}"},
    ).json()

    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert not Subscriber.objects.exists()


def test_a_site_with_subscribers_is_not_deleted(administrator, sign_in):
    site = Site.objects.get(is_default_site=True)
    factories.subscriber()
    other = Site.objects.create(hostname="other.example.org", root_page=site.root_page.get_parent())
    Subscriber.objects.update(site=other)

    answer = sign_in(administrator).post(f"/admin/sites/delete/{other.pk}/", follow=True)

    assert answer.status_code == 200
    assert Site.objects.filter(pk=other.pk).exists()
