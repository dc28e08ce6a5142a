"""Whether a scheduler is at work: in the health check, and in words on the editors' first page."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from cms.scheduling.models import Heartbeat
from cms.scheduling.process.scheduler import run
from tests import factories
from tests.cms.scheduling.one_round import OneRound


@pytest.fixture
def work(clock, db):
    """A scheduler looks once for what is due."""
    return lambda: run(OneRound())


@pytest.fixture
def first_page(client, db):
    def first_page(group):
        client.force_login(factories.user(f"one of {group}", group=group))
        return " ".join(client.get(reverse("wagtailadmin_home")).content.decode().split())

    return first_page


def test_health_tells_whether_a_scheduler_is_at_work(client, clock, work):
    silent = client.get("/health")
    work()
    well = client.get("/health")
    clock.moment += timedelta(seconds=61)
    silent_again = client.get("/health")

    assert (well.status_code, well.json()) == (200, {"database": "ok", "scheduler": "ok"})
    for answer in (silent, silent_again):
        assert answer.status_code == 503
        assert answer.json() == {"database": "ok", "scheduler": "silent"}
    assert "no-store" in well.headers["Cache-Control"]


def test_health_tells_that_the_database_is_out_of_reach(client, db):
    def fail(*_):
        raise OperationalError("password=secret")

    with connection.execute_wrapper(fail):
        answer = client.get("/health")

    assert answer.status_code == 503
    assert answer.json() == {"database": "unavailable", "scheduler": "unknown"}


def test_editors_are_told_in_words_since_when_no_scheduler_is_at_work(clock, work, first_page):
    work()
    clock.moment += timedelta(seconds=61)

    words = first_page("Editors")

    assert "nothing has made them permanent since <time" in words
    assert "Thu 15 January 2026, 12:00" in words
    assert "Tell whoever runs this site" in words
    assert "made them permanent" not in first_page("Communications staff")


def test_editors_are_told_nothing_while_one_scheduler_is_at_work(clock, work, first_page):
    Heartbeat.objects.create(name="gone", beaten_at=clock.moment - timedelta(hours=1))
    work()

    assert "made them permanent" not in first_page("Editors")


def test_long_gone_schedulers_are_forgotten(clock, work):
    Heartbeat.objects.create(name="gone", beaten_at=clock.moment - timedelta(days=2))

    work()

    assert [each.beaten_at for each in Heartbeat.objects.all()] == [clock.moment]


class Seconds(OneRound):
    """Rounds that follow each other after a second, so many of them."""

    def __init__(self, clock, rounds):
        super().__init__()
        self.clock, self.rounds, self.beats = clock, rounds, []

    def wait(self, seconds):
        self.beats += Heartbeat.objects.values_list("beaten_at", flat=True)
        self.clock.moment += timedelta(seconds=1)
        self.stopped = len(self.beats) == self.rounds


def test_scheduler_says_every_ten_seconds_that_it_is_at_work(clock, db):
    began, alarm = clock.moment, Seconds(clock, 21)

    run(alarm)

    after = [(beat - began).total_seconds() for beat in alarm.beats]
    assert after == [0] * 10 + [10] * 10 + [20]


def test_scheduler_is_silent_when_more_than_a_minute_has_passed(client, clock, work):
    work()
    answers = []
    for seconds in (60, 1):
        clock.moment += timedelta(seconds=seconds)
        answers.append(client.get("/health").json()["scheduler"])

    assert answers == ["ok", "silent"]


def test_scheduler_that_was_at_work_today_is_not_forgotten(clock, work):
    Heartbeat.objects.create(name="of today", beaten_at=clock.moment - timedelta(days=1))

    work()

    assert Heartbeat.objects.filter(name="of today").exists()
