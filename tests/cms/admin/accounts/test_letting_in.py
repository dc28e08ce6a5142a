"""Whoever keeps an account lets it sign in again before its time is up, and nobody else does."""

from __future__ import annotations

import re

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.admin.accounts import letting_in as letting_in_module
from cms.admin.accounts.letting_in import LET_IN
from cms.admin.sign_in.attempts import COOL_OFF, OF_ACCOUNT, OF_ACCOUNT_AT_ADDRESS, OF_ADDRESS
from tests import factories

pytestmark = pytest.mark.decided_in_python

RIGHT, WRONG = "password", "guessed wrong"
HOME, OFFICE = "192.0.2.1", "198.51.100.7"
GROUPS = {"staff": "Communications staff", "editor": "Editors"}
FORBIDDEN = "you do not have permission"


def attempt(name="carla", password=WRONG, *, at=HOME):
    fields = {"username": name, "password": password}
    return Client(REMOTE_ADDR=at).post(reverse("wagtailadmin_login"), fields).status_code


def guess(times, name="carla", *, at=HOME):
    for _ in range(times):
        attempt(name, at=at)


def ask_for_mail(email, *, at=HOME):
    fields = {"email": email}
    client = Client(REMOTE_ADDR=at)
    return client.post(reverse("wagtailadmin_password_reset"), fields).status_code


def letting_in(account):
    return reverse("wagtailusers_users:let_in", args=[account.pk])


def let_in(client, account):
    return client.post(letting_in(account), follow=True).content.decode()


def edit_screen(client, account):
    return client.get(reverse("wagtailusers_users:edit", args=[account.pk])).content.decode()


def let_in_log():
    entries = ModelLogEntry.objects.filter(action=LET_IN)
    return [(entry.user.username, entry.object_id) for entry in entries]


@pytest.fixture
def carla(clock, staff):
    return staff


@pytest.fixture
def locked_out(carla):
    guess(OF_ACCOUNT_AT_ADDRESS)
    return carla


@pytest.fixture
def keeps(administrator, sign_in):
    return sign_in(administrator)


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", "root@example.org", RIGHT)


def test_administrator_lets_an_account_in_again(locked_out, root, keeps):
    before = attempt("carla", RIGHT)

    said = let_in(keeps, locked_out)

    assert before == 429
    assert attempt("carla", RIGHT) == 302
    assert "carla can try to sign in again." in said


def test_it_is_written_to_the_history_of_the_account(locked_out, keeps):
    let_in(keeps, locked_out)

    history = keeps.get(reverse("wagtailusers_users:history", args=[locked_out.pk]))
    assert let_in_log() == [("amir", str(locked_out.pk))]
    assert "Let sign in again before the time was up" in history.content.decode()


def test_only_an_account_that_is_locked_out_has_the_button(carla, keeps, clock):
    guess(OF_ACCOUNT_AT_ADDRESS - 1)
    before = edit_screen(keeps, carla)
    attempt()
    locked = edit_screen(keeps, carla)
    clock.moment += COOL_OFF
    after = edit_screen(keeps, carla)

    assert letting_in(carla) not in before
    assert letting_in(carla) in locked
    assert "Let carla sign in again" in locked
    assert letting_in(carla) not in after


def test_screen_asks_once_and_says_from_where_and_until_when(locked_out, keeps):
    asked = keeps.get(letting_in(locked_out)).content.decode()

    assert f"from {HOME}, until" in asked
    assert "Thu 15 January 2026, 12:15 UTC+00:00" in asked
    assert 'type="submit" class="button">Let carla sign in again' in asked
    assert attempt("carla", RIGHT) == 429
    assert let_in_log() == []


def test_what_failed_is_kept_where_it_locks_nobody_out(carla, keeps):
    guess(OF_ACCOUNT_AT_ADDRESS - 1)

    asked = keeps.get(letting_in(carla)).content.decode()
    said = let_in(keeps, carla)

    assert "there is nothing to change here" in asked
    assert 'type="submit" class="button">' not in asked
    assert "Nothing was changed: carla is not locked out" in said
    assert AccessAttempt.objects.get().failures_since_start == OF_ACCOUNT_AT_ADDRESS - 1
    assert let_in_log() == []


def test_who_lets_in_second_is_told_that_it_was_done(locked_out, keeps):
    let_in(keeps, locked_out)

    assert "Nothing was changed" in let_in(keeps, locked_out)
    assert len(let_in_log()) == 1


def test_account_that_is_locked_out_everywhere_gets_in_everywhere(carla, keeps):
    for host in range(OF_ACCOUNT // (OF_ACCOUNT_AT_ADDRESS - 1)):
        guess(OF_ACCOUNT_AT_ADDRESS - 1, at=f"203.0.113.{host}")
    locked = attempt("carla", RIGHT, at=OFFICE)
    asked = keeps.get(letting_in(carla)).content.decode()

    let_in(keeps, carla)

    assert locked == 429
    assert "from anywhere, until" in asked
    assert attempt("carla", RIGHT, at=OFFICE) == 302


def test_who_asked_for_too_many_mails_may_ask_again(carla, keeps, settings):
    settings.WAGTAIL_PASSWORD_RESET_ENABLED = True
    asked = [ask_for_mail("Carla@example.org") for _ in range(OF_ACCOUNT_AT_ADDRESS + 1)]

    let_in(keeps, carla)

    assert asked[-1] == 429
    assert ask_for_mail("carla@example.org") == 302


# Addresses


def test_address_that_others_helped_to_lock_is_named_and_opens(carla, keeps):
    attempt()
    for number in range(OF_ADDRESS - 1):
        attempt(f"name{number}")
    locked = attempt("carla", RIGHT)
    asked = keeps.get(letting_in(carla)).content.decode()

    let_in(keeps, carla)

    assert locked == 429
    assert f"from {HOME}, until" in asked
    assert attempt("carla", RIGHT) == 302


def test_address_that_others_locked_stays_so_and_is_given_as_a_reason(carla, keeps):
    for number in range(OF_ADDRESS):
        attempt(f"name{number}")

    said = let_in(keeps, carla)

    assert letting_in(carla) not in edit_screen(keeps, carla)
    assert "others made them from the same network: that ends by itself within 15 minutes" in said
    assert attempt("carla", RIGHT) == 429
    assert attempt("carla", RIGHT, at=OFFICE) == 302


def test_who_comes_from_an_unknown_address_is_let_in_as_others_are(carla, keeps, settings):
    settings.CLIENT_ADDRESS_HEADER = "X-Forwarded-For"  # Which no proxy sends here.
    guess(OF_ACCOUNT_AT_ADDRESS)
    locked = attempt("carla", RIGHT)
    asked = keeps.get(letting_in(carla)).content.decode()

    let_in(keeps, carla)

    assert locked == 429
    assert "from an unknown address, until" in asked
    assert attempt("carla", RIGHT) == 302


def test_what_was_tried_for_others_is_kept(locked_out, editor, keeps):
    guess(OF_ACCOUNT_AT_ADDRESS, "edith")

    let_in(keeps, locked_out)

    assert attempt("edith", RIGHT) == 429


def test_each_address_has_its_own_end(carla, keeps, clock):
    guess(OF_ACCOUNT_AT_ADDRESS, at=HOME)
    clock.moment += COOL_OFF / 3
    guess(OF_ACCOUNT_AT_ADDRESS, at=OFFICE)
    guess(1, at="203.0.113.1")

    asked = keeps.get(letting_in(carla)).content.decode()

    assert re.findall(r"from ([\d.]+), until .*?, (\d\d:\d\d) UTC", asked) == [
        (HOME, "12:15"),
        (OFFICE, "12:20"),
    ]


# Who may


@pytest.mark.parametrize("role", ["staff", "editor"])
def test_who_keeps_no_accounts_lets_nobody_in(role, locked_out, sign_in):
    client = sign_in(factories.user("other", group=GROUPS[role]))

    shown = client.get(letting_in(locked_out), follow=True).content.decode()
    said = let_in(client, locked_out)

    assert FORBIDDEN in shown
    assert FORBIDDEN in said
    assert attempt("carla", RIGHT) == 429
    assert let_in_log() == []


def test_who_is_not_signed_in_is_sent_to_the_form(locked_out):
    answer = Client().post(letting_in(locked_out))

    assert answer.url.startswith(reverse("wagtailadmin_login"))
    assert attempt("carla", RIGHT) == 429


def test_administrator_does_not_let_a_superuser_in(clock, root, keeps):
    guess(OF_ACCOUNT_AT_ADDRESS, "root")

    said = let_in(keeps, root)

    assert FORBIDDEN in said
    assert attempt("root", RIGHT) == 429
    assert let_in_log() == []


def test_superuser_lets_a_superuser_in(clock, root, client):
    guess(OF_ACCOUNT_AT_ADDRESS, "root")
    client.force_login(User.objects.create_superuser("rita", "rita@example.org", RIGHT))

    let_in(client, root)

    assert attempt("root", RIGHT) == 302


def test_keeper_of_accounts_does_not_let_in_who_may_do_more(locked_out, sign_in):
    keepers = Group.objects.create(name="Keepers")
    keepers.permissions.set(Permission.objects.filter(codename__in=["access_admin", "change_user"]))

    said = let_in(sign_in(factories.user("keeper", group="Keepers")), locked_out)

    assert FORBIDDEN in said
    assert attempt("carla", RIGHT) == 429


@pytest.mark.parametrize(
    "twin", [{"username": "ROOT"}, {"username": "twin", "email": "Root@example.org"}]
)
def test_account_that_is_counted_with_a_superuser_is_a_superusers(twin, clock, root, keeps):
    made = factories.user(**twin)
    guess(OF_ACCOUNT_AT_ADDRESS, "root")
    guess(OF_ACCOUNT_AT_ADDRESS, made.username)

    shown = edit_screen(keeps, made)
    said = let_in(keeps, made)

    assert letting_in(made) not in shown
    assert FORBIDDEN in said
    assert attempt("root", RIGHT) == 429


def test_accounts_without_an_address_for_mails_are_not_counted_together(clock, keeps):
    User.objects.create_superuser("root", "", RIGHT)
    other = factories.user("other")
    guess(OF_ACCOUNT_AT_ADDRESS, "other")

    let_in(keeps, other)

    assert attempt("other", RIGHT) == 302


def test_account_that_becomes_a_superusers_meanwhile_is_refused(locked_out, keeps, monkeypatch):
    """Whoever may do it as the request begins may not any more once the account is locked."""
    checked = letting_in_module.may_let_in

    def promoted_after(user, account):
        allowed = checked(user, account)
        User.objects.filter(pk=account.pk).update(is_superuser=True)
        return allowed

    monkeypatch.setattr(letting_in_module, "may_let_in", promoted_after)

    said = let_in(keeps, locked_out)

    assert FORBIDDEN in said
    assert attempt("carla", RIGHT) == 429
    assert let_in_log() == []
