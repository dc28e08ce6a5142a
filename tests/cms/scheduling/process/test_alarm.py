"""How long a scheduler sleeps, and what wakes it."""

import os
import select

import pytest
from django.db import connection

from cms.scheduling.process.alarm import Alarm

pytestmark = pytest.mark.django_db


@pytest.fixture
def slept(monkeypatch):
    """For how long it would have slept each time, had nothing woken it."""
    found = []

    def at_once(heard, writing, failing, seconds):
        found.append(seconds)
        return ask_for_now(heard, writing, failing, 0)

    ask_for_now = select.select
    monkeypatch.setattr(select, "select", at_once)
    return found


def test_it_sleeps_no_longer_than_changes_may_go_unnoticed(slept, settings):
    settings.DATABASE_KEEPS_SESSIONS = True
    told = Alarm()
    settings.DATABASE_KEEPS_SESSIONS = False  # Behind a pooler, which tells nobody.
    asking = Alarm()

    for alarm in (told, asking):
        alarm.wait(3600)

    assert slept == [5 if connection.vendor == "postgresql" else 1, 1]


def test_it_sleeps_until_the_next_change_is_due_and_not_at_all_if_one_is(slept):
    alarm = Alarm()

    for seconds in (0.25, 0, -3):
        alarm.wait(seconds)

    assert slept == [0.25, 0, 0]
    assert not alarm.stopped


def test_told_to_stop_it_does_not_sleep_again(slept):
    alarm = Alarm()

    alarm.stop()
    alarm.wait(3600)

    assert alarm.stopped
    assert slept == []


def test_it_wakes_and_stops_when_what_it_works_for_has_ended(slept):
    lifeline, held = os.pipe()
    alarm = Alarm(lifelines=(lifeline,))

    alarm.wait(1)
    stopped_before = alarm.stopped
    os.close(held)
    alarm.wait(1)

    assert (stopped_before, alarm.stopped) == (False, True)
    os.close(lifeline)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite tells nobody of changes")
def test_it_listens_on_one_connection_until_that_is_lost(slept, settings):
    settings.DATABASE_KEEPS_SESSIONS = True
    alarm = Alarm()

    alarm.set()
    first = alarm.listener
    assert first is not None
    alarm.set()
    assert alarm.listener is first
    alarm.lose_connection()
    alarm.lose_connection()

    assert first.closed
    assert alarm.listener is None
