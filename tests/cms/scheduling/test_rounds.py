"""What a scheduler makes in one go, what of it is left to others, and what when it is stopped."""

import logging
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from wagtail.models import Page, Revision
from wagtail.signals import published, unpublished

from cms.releases import steps as release_steps
from cms.releases.models import Release
from cms.scheduling import durable
from cms.scheduling.models import CompletedChange, FailedChange
from cms.scheduling.process import scheduler
from pages.models import ArticlePage
from tests import factories
from tests.cms.scheduling.one_round import OneRound
from tests.cms.scheduling.whenever import whenever

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)


@pytest.fixture
def after_both(clock, db):
    clock.moment = TEN
    return clock


def scheduled(title, moment, **changes):
    page = factories.article_page(title=title, live=False)
    Revision.objects.filter(pk=page.latest_revision_id).update(approved_go_live_at=moment)
    if changes:
        revision = page.latest_revision
        revision.content |= changes
        revision.save(update_fields=["content"])
    return page


def expiring(title, moment):
    page = factories.article_page(title=title)
    Page.objects.filter(pk=page.pk).update(expire_at=moment)


def live():
    return sorted(ArticlePage.objects.filter(live=True).values_list("title", flat=True))


def run_once():
    call_command("run_scheduler", once=True)


# One that is stopped


def stopped_at(title):
    """A round of a scheduler that is told to stop while it makes that page permanent."""
    alarm = OneRound()

    def listen(page):
        if page.title == title:
            alarm.stop()

    with whenever(published, listen):
        scheduler.run(alarm)


def test_scheduler_that_is_stopped_leaves_the_rest_to_the_next(after_both):
    scheduled("One", NINE)
    scheduled("Two", TEN)

    stopped_at("One")

    assert live() == ["One"]
    assert not CompletedChange.objects.get().is_indexed

    scheduler.run(OneRound())

    assert live() == ["One", "Two"]
    assert not CompletedChange.objects.filter(is_indexed=False).exists()


def test_what_was_put_off_is_not_attempted_any_more_by_one_that_is_stopped(after_both):
    scheduled("Without a text", NINE, body="[]")
    scheduled("Last", TEN)

    stopped_at("Last")
    assert not FailedChange.objects.exists()

    scheduler.run(OneRound())
    assert FailedChange.objects.count() == 1


# All that is due


@pytest.fixture
def one_at_a_time(monkeypatch):
    monkeypatch.setattr(durable, "BATCH_SIZE", 1)


def test_all_that_is_due_is_made_however_much_is_read_at_once(after_both, one_at_a_time):
    for title in ("One", "Two", "Three"):
        expiring(title, NINE)

    run_once()

    assert live() == []


def test_what_fails_does_not_hold_up_what_is_read_after_it(after_both, one_at_a_time):
    scheduled("Without a text", NINE, body="[]")
    expiring("Expires", TEN)

    with pytest.raises(CommandError):
        run_once()

    assert live() == []
    assert FailedChange.objects.count() == 1


def test_what_fails_for_no_reason_that_may_pass_is_attempted_once_a_round(after_both):
    attempts = []

    def fail(page):
        attempts.append(page.title)
        raise RuntimeError

    scheduled("One", NINE)

    with whenever(published, fail), pytest.raises(CommandError):
        run_once()

    assert attempts == ["One"]


def test_what_was_made_is_logged_but_nothing_that_was_withdrawn_meanwhile(after_both, caplog):
    caplog.set_level(logging.INFO, "cms.scheduling")
    scheduled("One", NINE)
    scheduled("Withdrawn", TEN)

    with whenever(published, lambda _: Revision.objects.update(approved_go_live_at=None)):
        run_once()

    made = [each.getMessage() for each in caplog.records if "Made permanent" in each.message]
    assert len(made) == 1
    assert "One" in made[0]
    assert live() == ["One"]


@pytest.mark.parametrize(
    ("meanwhile", "stays"), [({"live": False}, False), ({"expire_at": TEN + timedelta(1)}, True)]
)
def test_what_is_not_to_expire_any_more_when_its_turn_comes_does_not(after_both, meanwhile, stays):
    expiring("One", NINE)
    expiring("Two", TEN)
    others = Page.objects.filter(title="Two")

    with whenever(unpublished, lambda _: others.update(**meanwhile)):
        run_once()

    assert CompletedChange.objects.get().title == "One"
    two = others.get()
    assert (two.live, two.expired) == (stays, False)


@pytest.mark.parametrize("meanwhile", [{"state": "cancelled"}, {"go_live_at": TEN + timedelta(1)}])
def test_release_that_is_left_or_moved_when_its_turn_comes_does_not_go_live(
    after_both, editor, meanwhile
):
    pages = [factories.article_page(title=title, live=False) for title in ("One", "Two")]
    after_both.moment = NINE - timedelta(days=1)
    one, two = (
        factories.release([page], by=editor, go_live_at=at)
        for page, at in zip(pages, (NINE, TEN), strict=True)
    )
    for release in (one, two):
        release_steps.approve(release, editor)
    after_both.moment = TEN
    others = Release.objects.filter(pk=two.pk)

    with whenever(published, lambda _: others.update(**meanwhile)):
        run_once()

    assert live() == ["One"]


# Others at work


def test_what_another_scheduler_has_failed_at_meanwhile_is_left_until_its_next_attempt(
    after_both, editor
):
    expiring("One", NINE)
    expiring("Two", TEN)
    new = factories.article_page(title="New", live=False)
    after_both.moment = NINE - timedelta(days=1)
    release = factories.release([new], by=editor, go_live_at=TEN)
    release_steps.approve(release, editor)
    after_both.moment = TEN
    two = ArticlePage.objects.get(title="Two")

    def fail_at_the_rest(page):
        rest = (("unpublish", two), ("release", release)) if page.title == "One" else ()
        for action, other in rest:
            FailedChange.objects.create(
                action=action,
                content_type=ContentType.objects.get_for_model(type(other)),
                object_id=str(other.pk),
                title=str(other),
                due_at=TEN,
                failed_at=TEN,
                retry_at=TEN + timedelta(seconds=5),
            )

    with whenever(unpublished, fail_at_the_rest), pytest.raises(CommandError, match="2 could not"):
        run_once()
    assert live() == ["Two"]

    after_both.moment += timedelta(seconds=5)
    run_once()
    assert live() == ["New"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_what_somebody_is_changing_is_left_for_later_and_the_rest_is_made(
    committed, after_both, caplog
):
    held = scheduled("Held", NINE)
    scheduled("Free", TEN)

    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT FROM wagtailcore_page WHERE id = %s FOR UPDATE", [held.pk])
        run_once()
        assert live() == ["Free"]

    assert not caplog.records
    assert not FailedChange.objects.exists()
    run_once()
    assert live() == ["Free", "Held"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite would lose its database")
def test_what_goes_wrong_once_a_change_is_made_is_no_failure_of_it(committed, after_both, caplog):
    def fail():
        raise RuntimeError

    scheduled("One", NINE)

    with whenever(published, lambda _: transaction.on_commit(fail)):
        run_once()

    assert live() == ["One"]
    assert not FailedChange.objects.exists()
    assert caplog.text.count("After a scheduled change") == 1
