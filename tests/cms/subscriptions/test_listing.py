"""The screens on which the staff see who is on the list, and take people off it."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import Site

from cms.scheduling.signals import scheduler_idle
from cms.subscriptions.models import Subscriber, SubscriberState
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]

State = SubscriberState


@pytest.fixture
def other_site() -> Site:
    root = Site.objects.get(is_default_site=True).root_page
    return Site.objects.create(hostname="other.example.org", root_page=root, port=80)


def states() -> list[Any]:
    return list(Subscriber.objects.order_by("email", "pk").values_list("email", "state"))


# Bounces and complaints

PROGRAM = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def record(editor, sign_in):
    """What the screen says once it has been sent."""

    def record(addresses: str, state: Any = State.BOUNCED) -> str:
        given = {"addresses": addresses, "state": state}
        answer = sign_in(editor).post(reverse("record_undelivered"), given, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    return record


def test_the_list_leads_to_where_bounces_are_recorded(editor, sign_in):
    shown = sign_in(editor).get(reverse("subscribers:index")).content.decode()

    assert reverse("record_undelivered") in shown
    assert sign_in(editor).get(reverse("record_undelivered")).status_code == 200


def test_addresses_are_taken_off_the_lists_of_all_sites_however_they_are_written(
    record, other_site, clock
):
    for email in ("Ada@example.org", "ben@example.org", "cleo@example.org"):
        factories.subscriber(email=email)
    factories.subscriber(email="ada@Example.org", site=other_site)
    clock.moment += timedelta(days=1)

    said = record("<ADA@EXAMPLE.ORG>, Ben@Example.org;\r\nnobody@example.org ada@example.org")

    assert states() == [
        ("Ada@example.org", State.BOUNCED),
        ("ada@Example.org", State.BOUNCED),
        ("ben@example.org", State.BOUNCED),
        ("cleo@example.org", State.SUBSCRIBED),
    ]
    assert "2 addresses taken off the list. 1 is not on any list." in said
    moved = Subscriber.objects.filter(changed_at=clock.moment)
    assert moved.count() == 3


@pytest.mark.parametrize(
    ("addresses", "sentence"),
    [
        ("ada@example.org", "1 address taken off the list."),
        ("x@example.org y@example.org", "0 addresses taken off the list. 2 are not on any list."),
    ],
)
def test_what_was_recorded_is_counted_in_a_sentence(record, addresses, sentence):
    factories.subscriber(email="ada@example.org")

    assert sentence in record(addresses)


def test_whoever_complained_stays_known_as_that(record):
    for state in (State.COMPLAINED, State.BOUNCED, State.ASKED):
        factories.subscriber(email=f"{state}@example.org", state=state)
    every = "asked@example.org bounced@example.org complained@example.org"

    record(every, State.BOUNCED)
    bounced = states()
    record(every, State.COMPLAINED)

    assert bounced == [
        ("asked@example.org", State.BOUNCED),
        ("bounced@example.org", State.BOUNCED),
        ("complained@example.org", State.COMPLAINED),
    ]
    assert {state for _, state in states()} == {State.COMPLAINED}


def test_what_is_already_so_keeps_since_when(record, clock):
    subscriber = factories.subscriber(state=State.BOUNCED)
    clock.moment += timedelta(days=1)

    record(subscriber.email)

    assert Subscriber.objects.get().changed_at == subscriber.changed_at


def test_whoever_is_taken_off_is_sent_no_mail_that_asks_to_confirm(record, clock):
    due = factories.subscriber(state=State.ASKED, mail_due_at=clock.moment)

    record(due.email)
    mail.outbox.clear()
    scheduler_idle.send(None)

    assert mail.outbox == []


@pytest.mark.parametrize(
    "given", [{"addresses": " ", "state": "bounced"}, {"addresses": "ada@example.org"}]
)
def test_nothing_is_recorded_of_half_a_form(editor, sign_in, given):
    factories.subscriber(email="ada@example.org")

    answer = sign_in(editor).post(reverse("record_undelivered"), given)

    assert "This field is required." in answer.content.decode()
    assert states() == [("ada@example.org", State.SUBSCRIBED)]


@pytest.mark.parametrize("state", [State.SUBSCRIBED, State.ASKED, State.LEFT])
def test_nobody_is_put_on_a_list_as_if_a_mail_had_come_back(record, state):
    factories.subscriber(email="ada@example.org", state=State.COMPLAINED)

    record("ada@example.org", state)

    assert states() == [("ada@example.org", State.COMPLAINED)]


def test_who_may_not_change_subscribers_is_refused(staff, sign_in):
    subscriber = factories.subscriber()
    client = sign_in(staff)
    given = {"addresses": subscriber.email, "state": "bounced"}

    edit = reverse("subscribers:edit", args=[subscriber.pk])
    screens = [reverse("record_undelivered"), reverse("subscribers:index"), edit]

    # Wagtail leads people to the first screen, which says why, and refuses programs.
    for screen in screens:
        for send in (client.get, client.post):
            people, programs = send(screen, given), send(screen, given, headers=PROGRAM)
            assert (people.status_code, people.url) == (302, reverse("wagtailadmin_home"))
            assert programs.status_code == 403
    assert states() == [(subscriber.email, State.SUBSCRIBED)]


# One subscriber


def offered(response: Any) -> set[Any]:
    return {value for value, _ in response.context["form"].fields["state"].choices}


OFF = {State.LEFT, State.BOUNCED, State.COMPLAINED}


@pytest.mark.parametrize(
    ("state", "confirmed", "choices"),
    [
        (State.ASKED, False, {State.ASKED, *OFF}),
        (State.SUBSCRIBED, True, {State.SUBSCRIBED, *OFF}),
        (State.LEFT, True, OFF),
        (State.COMPLAINED, True, OFF),
        (State.BOUNCED, True, {State.SUBSCRIBED, *OFF}),
        (State.BOUNCED, False, OFF),
    ],
)
def test_people_are_taken_off_the_list_and_put_back_only_where_mails_came_back_for_a_while(
    editor, sign_in, clock, state, confirmed, choices
):
    moment = clock.moment if confirmed else None
    subscriber = factories.subscriber(state=state, confirmed_at=moment)
    client, url = sign_in(editor), reverse("subscribers:edit", args=[subscriber.pk])

    shown = client.get(url)
    refused = set(State) - choices
    for other in refused:
        assert client.post(url, {"state": other}).status_code == 200

    assert offered(shown) == choices
    assert Subscriber.objects.get().state == state


@pytest.mark.parametrize("state", sorted(OFF))
def test_who_is_taken_off_is_so_from_now_on_and_gets_no_mail(editor, sign_in, clock, state):
    subscriber = factories.subscriber(state=State.ASKED, mail_due_at=clock.moment)
    clock.moment += timedelta(days=1)

    url = reverse("subscribers:edit", args=[subscriber.pk])
    answer = sign_in(editor).post(url, {"state": state})

    changed = Subscriber.objects.get()
    assert answer.status_code == 302
    assert (changed.state, changed.changed_at) == (state, clock.moment)
    assert changed.mail_due_at is None


def test_whose_mails_came_back_for_a_while_is_put_back(editor, sign_in, clock):
    subscriber = factories.subscriber(state=State.BOUNCED)
    confirmed = subscriber.confirmed_at
    clock.moment += timedelta(days=1)

    url = reverse("subscribers:edit", args=[subscriber.pk])
    sign_in(editor).post(url, {"state": State.SUBSCRIBED})

    changed = Subscriber.objects.get()
    assert (changed.state, changed.changed_at) == (State.SUBSCRIBED, clock.moment)
    assert changed.confirmed_at == confirmed


def test_who_stays_as_they_were_keeps_since_when_and_the_mail_that_is_due(editor, sign_in, clock):
    subscriber = factories.subscriber(state=State.ASKED, mail_due_at=clock.moment)
    clock.moment += timedelta(days=1)

    url = reverse("subscribers:edit", args=[subscriber.pk])
    answer = sign_in(editor).post(url, {"state": State.ASKED})

    kept = Subscriber.objects.get()
    assert answer.status_code == 302
    assert (kept.changed_at, kept.mail_due_at) == (subscriber.changed_at, subscriber.mail_due_at)


# What is exported


def exported(client: Any, **given: Any) -> list[list[str]]:
    answer = client.get(reverse("subscribers:index"), {"export": "csv", **given})
    assert 'filename="subscribers.csv"' in answer["Content-Disposition"]
    return list(csv.reader(StringIO(b"".join(answer).decode())))


def test_export_has_those_that_the_filter_shows(editor, sign_in, other_site, clock):
    factories.subscriber(email="ada@example.org")
    factories.subscriber(email="ben@example.org", state=State.LEFT)
    factories.subscriber(email="cleo@example.org", language="fr")
    factories.subscriber(email="dora@example.org", site=other_site)
    client = sign_in(editor)

    def emails(**given: Any) -> set[str]:
        shown = client.get(reverse("subscribers:index"), given).context["object_list"]
        found = {row[0] for row in exported(client, **given)[1:]}
        assert found == {each.email for each in shown}
        return {email.partition("@")[0] for email in found}

    assert exported(client)[0] == [
        "E-mail address",
        "State",
        "Language",
        "Asked",
        "Confirmed",
        "Since",
    ]
    assert emails() == {"ada", "ben", "cleo", "dora"}
    assert emails(state="left") == {"ben"}
    assert emails(state=["left", "subscribed"], site=other_site.pk) == {"dora"}
    assert emails(language="fr") == {"cleo"}
    assert emails(q="ada") == {"ada"}


@pytest.mark.parametrize("sign", "=+-@")
def test_no_cell_of_an_export_is_a_formula(editor, sign_in, sign):
    # An address may begin with most of them, and what was stored once stays.
    factories.subscriber(email=f"{sign}1+1@example.org")
    client = sign_in(editor)

    [row] = exported(client)[1:]
    workbook = client.get(reverse("subscribers:index"), {"export": "xlsx"})
    cells = [
        cell
        for line in load_workbook(BytesIO(b"".join(workbook))).active.iter_rows(min_row=2)
        for cell in line
    ]

    assert f"{sign}1+1@example.org" in row[0]
    assert not row[0].startswith(sign)
    assert all(cell.data_type != "f" for cell in cells)


def test_who_may_not_see_subscribers_exports_none(staff, sign_in):
    factories.subscriber(email="ada@example.org")

    answer = sign_in(staff).get(reverse("subscribers:index"), {"export": "csv"})

    assert (answer.status_code, answer.url) == (302, reverse("wagtailadmin_home"))


# The language that someone wants newsletters in


@pytest.fixture
def subscribe(run_operation):
    page = factories.newsletters_page(consent_text="I agree.")
    factories.translation(page.get_parent().specific, "fr", title="Accueil")
    factories.translation(page, "fr", title="Lettres", consent_text="J’accepte.")

    def subscribe(**given: Any) -> Subscriber:
        variables = {"email": "ada@example.org", "consent": True, **given}
        assert run_operation("subscribe", **variables)["subscribe"]["errors"] == []
        return Subscriber.objects.get()

    return subscribe


def test_who_subscribes_in_french_is_asked_for_what_is_said_in_french(subscribe):
    subscriber = subscribe(locale="fr")

    assert (subscriber.language, subscriber.consent_text) == ("fr", "J’accepte.")


@pytest.mark.parametrize("given", [{}, {"locale": "en"}, {"locale": "xx"}], ids=str)
def test_who_wants_no_language_of_the_site_gets_its_own(subscribe, given):
    subscriber = subscribe(**given)

    assert (subscriber.language, subscriber.consent_text) == ("en", "I agree.")


def test_who_asks_again_in_another_language_before_they_confirm_gets_that(subscribe, clock):
    subscribe()
    clock.moment += timedelta(minutes=11)

    subscriber = subscribe(locale="fr")

    assert (subscriber.language, subscriber.consent_text) == ("fr", "J’accepte.")


def test_nobody_changes_the_language_of_who_is_on_the_list(subscribe, clock):
    factories.subscriber(email="ada@example.org")
    clock.moment += timedelta(minutes=11)

    subscriber = subscribe(locale="fr")

    assert (subscriber.language, subscriber.consent_text) == ("en", "I agree to get newsletters.")


def test_who_has_left_comes_back_in_another_language(subscribe, clock):
    factories.subscriber(email="ada@example.org", state=State.LEFT)
    clock.moment += timedelta(minutes=11)

    subscriber = subscribe(locale="fr")

    assert (subscriber.language, subscriber.state) == ("fr", State.LEFT)
