"""Whoever guesses passwords has to wait, and nobody else; no answer tells which accounts exist."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.management import call_command
from django.test import Client
from wagtail.models import CollectionViewRestriction

from cms.admin.sign_in.attempts import COOL_OFF, OF_ACCOUNT, OF_ACCOUNT_AT_ADDRESS, OF_ADDRESS
from tests import factories

pytestmark = pytest.mark.decided_in_python

LOGIN = "/admin/login/"
RIGHT, WRONG = "password", "guessed wrong"
HOME, OFFICE = "192.0.2.1", "198.51.100.7"


def attempt(name="carla", password=WRONG, *, at=HOME, address=LOGIN, **headers):
    fields = {"username": name, "password": password}
    return Client(REMOTE_ADDR=at, headers=headers).post(address, fields)


def guess(times, name="carla", **where):
    return [attempt(name, **where).status_code for _ in range(times)]


@pytest.fixture
def carla(clock, staff):
    return staff


@pytest.mark.parametrize("address", [LOGIN, "/_util/login/"])
def test_after_a_few_wrong_passwords_even_the_right_one_waits_and_then_opens(carla, clock, address):
    assert guess(OF_ACCOUNT_AT_ADDRESS, address=address) == [200] * OF_ACCOUNT_AT_ADDRESS

    refused = attempt("carla", RIGHT, address=address)
    clock.moment += COOL_OFF - timedelta(seconds=1)
    still = attempt("carla", RIGHT, address=address)
    clock.moment += timedelta(seconds=1)
    opened = attempt("carla", RIGHT, address=address)

    assert [refused.status_code, still.status_code, opened.status_code] == [429, 429, 302]
    assert refused["Retry-After"] == "900"
    assert "Wait 15 minutes, then try again." in refused.content.decode()


def test_a_name_is_counted_however_it_is_typed(carla):
    for name in ["carla", "CARLA", " Carla", "carLa "][:OF_ACCOUNT_AT_ADDRESS]:
        attempt(name)
    attempt("Carla")

    assert attempt("carla", RIGHT).status_code == 429


def test_who_shares_an_address_or_an_account_is_not_locked_out_by_a_few_mistakes(carla, editor):
    guess(OF_ACCOUNT_AT_ADDRESS)

    assert attempt("edith", RIGHT).status_code == 302
    assert attempt("carla", RIGHT, at=OFFICE).status_code == 302


def test_an_address_that_tries_many_names_waits_with_all_of_them(carla):
    names = [f"name{number}" for number in range(OF_ADDRESS)]

    assert [attempt(name).status_code for name in names] == [200] * OF_ADDRESS
    assert attempt("carla", RIGHT).status_code == 429
    assert attempt("carla", RIGHT, at=OFFICE).status_code == 302


def test_an_account_that_is_tried_from_many_addresses_waits_everywhere(carla):
    rounds = OF_ACCOUNT // OF_ACCOUNT_AT_ADDRESS
    for host in range(rounds):
        guess(OF_ACCOUNT_AT_ADDRESS, at=f"203.0.113.{host}")

    assert attempt("carla", RIGHT, at=OFFICE).status_code == 429


def test_an_own_account_does_not_clear_what_was_tried_for_others(carla, editor):
    for number in range(OF_ADDRESS):
        attempt(f"name{number}")
        if number % 3 == 0:
            attempt("edith", RIGHT)

    assert attempt("carla", RIGHT).status_code == 429


def test_the_right_password_begins_anew(carla):
    for _ in range(3):
        guess(OF_ACCOUNT_AT_ADDRESS - 1)
        assert attempt("carla", RIGHT).status_code == 302


def test_machines_of_one_network_of_ipv6_are_one_address(carla):
    for host in range(OF_ACCOUNT_AT_ADDRESS):
        attempt(at=f"2001:db8:0:1::{host + 1:x}")

    assert attempt("carla", RIGHT, at="2001:db8:0:1:ffff::1").status_code == 429
    assert attempt("carla", RIGHT, at="2001:db8:0:2::1").status_code == 302


# A proxy


def test_without_a_proxy_nobody_chooses_the_address_they_are_known_by(carla):
    for host in range(OF_ACCOUNT_AT_ADDRESS):
        attempt(x_forwarded_for=f"203.0.113.{host}")

    assert attempt("carla", RIGHT, x_forwarded_for=OFFICE).status_code == 429


def test_behind_a_proxy_only_the_address_that_it_added_counts(carla, settings):
    settings.CLIENT_ADDRESS_HEADER = "X-Forwarded-For"
    for host in range(OF_ACCOUNT_AT_ADDRESS):
        attempt(at="10.0.0.1", x_forwarded_for=f"203.0.113.{host}, {HOME}")

    assert attempt("carla", RIGHT, at="10.0.0.1", x_forwarded_for=HOME).status_code == 429
    assert attempt("carla", RIGHT, at="10.0.0.1", x_forwarded_for=f"{HOME}:4711").status_code == 429
    assert attempt("carla", RIGHT, at="10.0.0.1", x_forwarded_for=OFFICE).status_code == 302


# What is told


@pytest.fixture
def hashes(monkeypatch):
    """How many passwords were hashed, which is what takes time."""
    made: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(hasher, password, salt):
        made.append(password)
        return encode(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return made


@pytest.mark.parametrize("kind", ["known", "unknown", "inactive", "without a password"])
def test_every_name_gets_the_same_answer_for_the_same_work(carla, hashes, kind):
    factories.user("gone", is_active=False)
    without = factories.user("none")
    without.set_unusable_password()
    without.save()
    hashes.clear()
    name = {"known": "carla", "unknown": "nobody", "inactive": "gone"}.get(kind, "none")

    answers = [attempt(name) for _ in range(OF_ACCOUNT_AT_ADDRESS + 1)]

    assert len(hashes) == OF_ACCOUNT_AT_ADDRESS
    assert [answer.status_code for answer in answers] == [200] * OF_ACCOUNT_AT_ADDRESS + [429]
    assert "didn&#x27;t match" in answers[0].content.decode()
    assert "Too many attempts" in answers[-1].content.decode()
    assert name not in answers[-1].content.decode()


def test_failures_are_logged_in_one_line_without_the_password(carla, caplog):
    with caplog.at_level(logging.INFO):
        guess(OF_ACCOUNT_AT_ADDRESS + 3)

    lines = [record.getMessage() for record in caplog.records if "carla" in record.getMessage()]
    assert lines == [
        *[f"Wrong password for “carla” from {HOME}"] * OF_ACCOUNT_AT_ADDRESS,
        f"Too many wrong passwords: “carla” from {HOME} has to wait",
    ]
    assert WRONG not in caplog.text


def test_what_is_stored_is_little_and_goes(carla, clock):
    for agent in "abc":
        attempt(user_agent=agent)
    [stored] = AccessAttempt.objects.all()
    assert (stored.username, stored.ip_address, stored.failures_since_start) == ("carla", HOME, 3)
    assert (stored.get_data, stored.post_data, stored.user_agent) == ("", "", "")

    clock.moment += COOL_OFF
    attempt("someone-else")

    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["someone-else"]


def test_whoever_runs_the_site_lets_an_account_in_again(carla):
    guess(OF_ACCOUNT_AT_ADDRESS)

    call_command("axes_reset_username", "Carla")

    assert attempt("carla", RIGHT).status_code == 302


# Passwords of collections


@pytest.fixture
def of_collection(clock, db):
    restriction = CollectionViewRestriction.objects.create(
        collection=factories.document().collection, restriction_type="password", password=RIGHT
    )
    return f"/documents/authenticate_with_password/{restriction.pk}/"


def test_a_password_that_is_shared_is_tried_a_few_times_and_no_more(of_collection, clock):
    def open_with(password, at=HOME):
        fields = {"password": password, "return_url": "/"}
        return Client(REMOTE_ADDR=at).post(of_collection, fields).status_code

    for _ in range(3):
        assert [open_with(WRONG) for _ in range(OF_ACCOUNT_AT_ADDRESS - 1)][-1] == 200
        assert open_with(RIGHT) == 302
    for _ in range(OF_ACCOUNT_AT_ADDRESS):
        open_with(WRONG)

    assert open_with(RIGHT) == 429
    assert open_with(RIGHT, at=OFFICE) == 302
    clock.moment += COOL_OFF
    assert open_with(RIGHT) == 302
