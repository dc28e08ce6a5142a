"""What a scheduler makes in one go, what of it is left to others, and what when it is stopped."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models.signals import post_save
from wagtail.models import Page, Revision
from wagtail.signals import published, unpublished

from cms.database.advisory_lock import LOCK, advisory_lock
from cms.releases import steps as release_steps
from cms.releases.models import Release
from cms.scheduling import durable
from cms.scheduling.due import due_changes
from cms.scheduling.models import CompletedChange, FailedChange
from cms.scheduling.process import scheduler
from cms.scheduling.signals import change_failed
from pages.models import ArticlePage
from tests import factories
from tests.cms.rivals import somebody_waits
from tests.cms.scheduling.one_round import OneRound
from tests.cms.scheduling.whenever import whenever

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)
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


def test_what_becomes_due_waits_until_ten_are_indexed_at_most(clock, db):
    clock.moment = NINE
    for number in range(11):
        scheduled(f"Number {number}", NINE)
    scheduled("Later", TEN)
    indexed = CompletedChange.objects.filter(is_indexed=True)
    waited_for = []

    def become_due(saved):
        if isinstance(saved, CompletedChange) and saved.is_indexed:
            clock.moment = TEN

    def listen(page):
        if page.title == "Later":
            waited_for.append(indexed.count())

    with whenever(post_save, become_due), whenever(published, listen):
        run_once()

    assert waited_for == [10]


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

    [made] = [each.getMessage() for each in caplog.records]
    assert "Made permanent" in made
    assert "One" in made
    assert live() == ["One"]


def test_what_was_withdrawn_is_not_made_though_another_is_approved_for_its_moment(after_both):
    scheduled("One", NINE)
    withdrawn = scheduled("Withdrawn", TEN)
    scheduled("Without a text", TEN, body="[]")  # It cannot be made, so that it stays approved.
    own = Revision.objects.filter(pk=withdrawn.latest_revision_id)

    with (
        whenever(published, lambda _: own.update(approved_go_live_at=None)),
        pytest.raises(CommandError),
    ):
        run_once()

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


def test_what_waits_for_an_address_is_made_before_what_follows_it(after_both):
    """The page that has the address leaves it only when the second version is due as well."""
    leaving = scheduled("Leaving", TEN, slug="left")
    Page.objects.filter(pk=leaving.pk).update(slug="wanted", live=True)
    page = scheduled("First", NINE, slug="wanted")
    page.title = "Second"
    Revision.objects.filter(pk=page.save_revision().pk).update(approved_go_live_at=TEN)

    run_once()

    assert live() == ["Leaving", "Second"]
    assert CompletedChange.objects.count() == 3


@pytest.fixture
def refused_once():
    """The first failure cannot be recorded."""
    refused = []

    def refuse(failure, **_):
        refused.append(failure)
        if len(refused) == 1:
            raise DatabaseError

    change_failed.connect(refuse)
    yield
    change_failed.disconnect(refuse)


def test_failure_that_cannot_be_recorded_is_logged_and_met_again_in_the_next_round(
    after_both, caplog, refused_once
):
    scheduled("Without a text", NINE, body="[]")

    run_once()

    assert not FailedChange.objects.exists()
    assert caplog.text.count("It could not be recorded") == 1

    with pytest.raises(CommandError):
        run_once()
    assert FailedChange.objects.count() == 1


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


def test_what_another_scheduler_has_failed_at_as_well_counts_once(after_both):
    scheduled("One", NINE)
    page = scheduled("Without a text", TEN, body="[]")

    def fail_at_the_rest(_):
        FailedChange.objects.create(
            action="publish",
            content_type=ContentType.objects.get_for_model(ArticlePage),
            object_id=str(page.pk),
            revision=page.latest_revision,
            title=str(page),
            due_at=TEN,
            failed_at=TEN,
            retry_at=TEN + timedelta(seconds=5),
            attempts=1,
        )

    with whenever(published, fail_at_the_rest), pytest.raises(CommandError, match="1 could not"):
        run_once()

    assert FailedChange.objects.get().attempts == 1


def elsewhere():
    return psycopg.connect(**connection.get_connection_params())


def hold(other, page):
    other.execute("SELECT FROM wagtailcore_page WHERE id = %s FOR UPDATE", [page.pk])


@pytest.fixture
def impatient(committed):
    """Who waits for a lock fails soon."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")


@on_postgresql
def test_what_somebody_is_changing_is_left_for_later_and_the_rest_is_made(
    impatient, after_both, caplog
):
    held = scheduled("Held", NINE)
    scheduled("Free", TEN)

    with elsewhere() as other:
        hold(other, held)
        run_once()
        assert live() == ["Free"]

    assert not caplog.records
    assert not FailedChange.objects.exists()
    run_once()
    assert live() == ["Free", "Held"]


@on_postgresql
def test_failure_of_what_somebody_is_changing_is_recorded_later(impatient, after_both, caplog):
    held = scheduled("Without a text", NINE, body="[]")

    with elsewhere() as other:
        hold(other, held)
        run_once()

    [said] = [each.getMessage() for each in caplog.records]
    assert "Somebody is changing it" in said
    assert not FailedChange.objects.exists()
    with pytest.raises(CommandError):
        run_once()
    assert FailedChange.objects.count() == 1


@on_postgresql
def test_who_does_not_move_waits_for_nobody_who_moves_pages(impatient, after_both):
    person = factories.person(name="Ada", live=False)
    Revision.objects.filter(pk=person.latest_revision_id).update(approved_go_live_at=NINE)

    with elsewhere() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        run_once()

    person.refresh_from_db()
    assert person.live


@on_postgresql
def test_page_that_takes_another_address_waits_for_who_moves_pages(committed, after_both):
    scheduled("One", NINE, slug="another")

    def run_beside():
        try:
            run_once()
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            advisory_lock()
            made = pool.submit(run_beside)
            while not somebody_waits():
                assert not made.done()
            assert live() == []
        made.result(timeout=60)

    assert live() == ["One"]


# Without the database


def lose_connection(*_, **__):
    with elsewhere() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])


def lose_connection_afterwards(_):
    transaction.on_commit(lose_connection)


@on_postgresql
@pytest.mark.parametrize("lose", [lose_connection, lose_connection_afterwards])
def test_change_is_not_to_blame_for_a_connection_that_is_lost(committed, after_both, lose):
    scheduled("One", NINE)
    scheduled("Two", TEN)

    with whenever(published, lose), pytest.raises(OperationalError):
        run_once()
    connection.close()

    assert not FailedChange.objects.exists()
    run_once()
    assert live() == ["One", "Two"]


@on_postgresql
def test_failure_is_one_though_nothing_was_asked_of_the_database_before(committed, after_both):
    page = scheduled("Without a text", NINE, body="[]")
    [change] = due_changes(NINE, limit=1)
    connection.close()

    assert durable.attempt(change)

    assert FailedChange.objects.get().object_id == str(page.pk)


@pytest.fixture
def lost_with_a_failure():
    change_failed.connect(lose_connection)
    yield
    change_failed.disconnect(lose_connection)


@on_postgresql
def test_connection_that_is_lost_while_a_failure_is_recorded_is_told(
    committed, after_both, lost_with_a_failure
):
    """To whoever runs the round, and waits until the database is there again."""
    scheduled("Without a text", NINE, body="[]")

    with pytest.raises(OperationalError):
        run_once()


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
