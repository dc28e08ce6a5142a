"""What is due is made permanent: once, at its moment, whatever becomes of the rest."""

from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.log_actions import registry as log_registry
from wagtail.models import Page, Revision
from wagtail.search.backends import get_search_backend
from wagtail.signals import page_unpublished, published
from wagtail.tasks import delete_file_from_storage_task

from cms.perspective.objects import base_model, models_with_drafts
from cms.releases.models import Release
from cms.scheduling import durable, indexes
from cms.scheduling.due import due_changes, next_moment
from cms.scheduling.kinds.go_live import GoLive
from cms.scheduling.models import CompletedChange, FailedChange
from cms.scheduling.process import scheduler
from cms.scheduling.process.alarm import Alarm
from pages.models import ArticlePage, FormPage, HomePage, Person
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.scheduling.whenever import whenever
from tests.factories import PAGE_FACTORIES, SNIPPET_FACTORIES

pytestmark = pytest.mark.usefixtures("pages_above")

# What is approved for a moment that has passed is published at once, so these are far ahead.
NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
ELEVEN = NINE + timedelta(hours=2)

FACTORIES = PAGE_FACTORIES | SNIPPET_FACTORIES


def schedule(made, moment=NINE, *, expires=None, **changes):
    for name, value in changes.items():
        setattr(made, name, value)
    made.go_live_at, made.expire_at = moment, expires
    made.save_revision().publish()
    made.refresh_from_db()
    return made


def expiring(made, moment):
    type(made).objects.filter(pk=made.pk).update(expire_at=moment)
    return made


def queue(page, *moments):
    """Approve a revision for each moment, whose title is the moment's hour."""
    approved = {}
    for moment in moments:
        page.title, page.go_live_at = f"{moment:%H}", moment
        approved[page.save_revision().pk] = moment
    for key, moment in approved.items():
        Revision.objects.filter(pk=key).update(approved_go_live_at=moment)


def actions(subject):
    entries = log_registry.get_logs_for_instance(subject).order_by("timestamp", "pk")
    return [entry.action for entry in entries if entry.action.endswith("publish.scheduled")]


@pytest.fixture
def run_at(clock, db):
    """Move the clock to a moment, and let a scheduler do what is due then."""

    def run_at(moment):
        clock.moment = moment
        call_command("run_scheduler", once=True)

    return run_at


# What goes live and what expires


@pytest.mark.parametrize("model", FACTORIES)
def test_approved_revision_is_published_at_its_moment_and_not_before(model, run_at):
    made = schedule(FACTORIES[model](live=False))

    run_at(NINE - timedelta(microseconds=1))
    made.refresh_from_db()
    assert not made.live

    run_at(NINE)
    run_at(NINE + timedelta(seconds=1))
    made.refresh_from_db()
    assert made.live
    assert made.live_revision == made.latest_revision
    assert actions(made) == ["wagtail.publish.scheduled"]


@pytest.mark.parametrize("model", FACTORIES)
def test_what_expires_is_unpublished_at_its_moment_and_not_before(model, run_at):
    made = expiring(FACTORIES[model](), NINE)

    run_at(NINE - timedelta(microseconds=1))
    made.refresh_from_db()
    assert made.live

    run_at(NINE)
    run_at(NINE + timedelta(seconds=1))
    made.refresh_from_db()
    assert (made.live, made.expired) == (False, True)
    assert actions(made) == ["wagtail.unpublish.scheduled"]


def test_who_listens_for_pages_that_are_unpublished_hears_of_one_that_expires(run_at):
    page = factories.article_page()
    heard: list[Page] = []
    Page.objects.filter(pk=page.pk).update(expire_at=NINE)

    with whenever(page_unpublished, heard.append):
        run_at(NINE)

    assert heard == [page]


def test_what_went_live_and_expired_while_no_scheduler_ran_is_not_live(run_at):
    page = schedule(factories.article_page(live=False), NINE, expires=TEN)

    run_at(ELEVEN)

    page.refresh_from_db()
    assert (page.live, page.expired) == (False, True)
    assert actions(page) == ["wagtail.publish.scheduled", "wagtail.unpublish.scheduled"]


def test_what_went_live_again_after_it_expired_is_live(run_at):
    """Wagtail forgets what is approved for a page when it expires."""
    page = schedule(factories.article_page(), TEN, title="Again")
    expiring(page, NINE)

    run_at(ELEVEN)

    page.refresh_from_db()
    assert (page.live, page.expired, page.title) == (True, False, "Again")


def test_expiry_that_a_due_revision_takes_back_does_not_happen(run_at):
    page = schedule(factories.article_page(), NINE, title="For good")
    expiring(page, TEN)

    run_at(ELEVEN)

    page.refresh_from_db()
    assert (page.live, page.title) == (True, "For good")
    assert actions(page) == ["wagtail.publish.scheduled"]


def test_each_of_the_changes_queued_for_a_page_is_made(run_at):
    """Wagtail forgets all others when it publishes one."""
    page = factories.article_page()
    queue(page, NINE, ELEVEN, TEN)

    titles = []
    for moment in (NINE, TEN, ELEVEN):
        run_at(moment)
        titles.append(ArticlePage.objects.get().title)

    assert titles == ["09", "10", "11"]


def test_changes_missed_of_one_page_are_made_in_their_order(run_at):
    page = factories.article_page()
    queue(page, NINE, ELEVEN, TEN)

    run_at(ELEVEN)

    assert ArticlePage.objects.get().title == "11"
    assert actions(page) == ["wagtail.publish.scheduled"] * 3


# As readers see it already


@pytest.mark.parametrize("make", [factories.article_page, factories.person])
def test_moment_of_publication_is_the_one_that_readers_have_seen(make, run_at):
    new, old = schedule(make(live=False)), make()
    schedule(old)

    run_at(ELEVEN)

    new.refresh_from_db()
    old.refresh_from_db()
    assert (new.first_published_at, new.last_published_at) == (NINE, NINE)
    assert old.first_published_at < old.last_published_at == NINE
    assert new.go_live_at == NINE


def test_page_that_mirrors_another_follows_it(run_at):
    page = factories.article_page(title="Old")
    alias = CreatePageAliasAction(page, update_slug="alias").execute()
    again = CreatePageAliasAction(alias, update_slug="alias-of-alias").execute()
    schedule(page, title="New")

    run_at(NINE)

    for mirror in (alias, again):
        mirror.refresh_from_db()
        assert (mirror.title, mirror.last_published_at) == ("New", NINE)


@pytest.mark.parametrize("numbers", [(0, 1), (1, 0)])
def test_page_takes_the_address_that_another_leaves_at_the_same_moment(
    numbers, run_at, monkeypatch, mailoutbox
):
    """In whichever order schedulers come to them."""
    leaving = schedule(factories.article_page(slug="wanted"), slug="other")
    taking = schedule(factories.article_page(slug="taking"))
    # The form would not let it be saved yet.
    revision = taking.latest_revision
    revision.content = {**revision.content, "slug": "wanted"}
    revision.save()
    monkeypatch.setattr(durable.random, "random", iter(numbers * 2).__next__)

    run_at(NINE)

    assert ArticlePage.objects.get(pk=leaving.pk).url_path.endswith("/other/")
    assert ArticlePage.objects.get(pk=taking.pk).url_path.endswith("/wanted/")
    assert FailedChange.objects.count() == 0
    assert mailoutbox == []


def test_workflow_under_way_is_cancelled_as_wagtail_does(admin_user, run_at):
    page = schedule(factories.article_page(live=False))
    state = page.get_workflow().start(page, admin_user)

    run_at(NINE)

    state.refresh_from_db()
    assert state.status == state.STATUS_CANCELLED
    assert ArticlePage.objects.get(pk=page.pk).live


def test_picture_deleted_after_the_approval_is_left_out(run_at):
    picture = factories.image()
    page = schedule(
        factories.article_page(live=False), social_image=picture, social_image_alt_text="A chip"
    )
    with connection.cursor() as cursor:  # Past what keeps it from being deleted.
        cursor.execute("DELETE FROM renditions_renditionjob WHERE image_id = %s", [picture.pk])
        cursor.execute("DELETE FROM media_image WHERE id = %s", [picture.pk])

    run_at(NINE)

    page.refresh_from_db()
    assert page.live
    assert page.social_image is None


def test_history_says_what_a_page_was_called(run_at):
    page = schedule(factories.article_page(title="Old"), title="New")

    run_at(NINE)

    [entry] = log_registry.get_logs_for_instance(page).filter(action="wagtail.rename")
    assert entry.data["title"] == {"old": "Old", "new": "New"}


def test_publishing_asks_little_more_for_each_that_is_due(run_at):
    """The statements of one, next to which those that find what is due do not count."""
    ran = []
    for number in (1, 6):
        for each in range(number):
            schedule(factories.article_page(live=False, slug=f"{number}-{each}"))
        with CaptureQueriesContext(connection) as captured:
            run_at(NINE)
        ran.append(len(captured))

    # One of them asks whom the page names, for whoever searches in the admin, and four write it to
    # the index of what readers search. PostgreSQL is asked for a lock by a statement of its own.
    assert (ran[1] - ran[0]) / 5 <= (60 if connection.vendor == "postgresql" else 59)


def test_editors_are_led_to_pages_at_once_when_the_page_above_all_takes_another_address(
    run_at, editor, sign_in
):
    """Where sites begin is remembered: it is asked again once that has changed."""
    page = factories.article_page(slug="there")
    schedule(HomePage.objects.get(), slug="start")
    window = sign_in(editor)

    def leads_to_it():
        return "/articles/there/" in window.get(admin_url(page, "edit")).content.decode()

    assert leads_to_it()
    run_at(NINE)

    assert leads_to_it()


# What editors find


def titles_found(word, model=Page):
    return [str(found) for found in get_search_backend().search(word, model)]


def test_what_went_live_is_found_by_its_new_words(run_at):
    schedule(factories.article_page(title="Compilers"), title="Runtimes")

    run_at(NINE)

    assert (titles_found("Runtimes"), titles_found("Compilers")) == (["Runtimes"], [])


@pytest.mark.parametrize(
    ("make", "name"), [(factories.article_page, "title"), (factories.person, "name")]
)
def test_what_is_saved_by_those_who_listen_for_publications_is_found_too(make, name, run_at):
    other = make(**{name: "Untold"})
    schedule(factories.article_page(title="Compilers"), title="Runtimes")

    def tell(_):
        setattr(other, name, "Told")
        other.save()

    with whenever(published, tell):
        run_at(NINE)

    assert titles_found("Told", type(other)) == ["Told"]


def test_other_tasks_of_those_who_listen_for_publications_are_done(run_at):
    schedule(factories.article_page(live=False))
    storage = storages["default"]
    name = storage.save("draft.txt", ContentFile(b"Of use until then"))

    def delete(_):
        delete_file_from_storage_task.enqueue(storage.deconstruct(), name)

    with whenever(published, delete):
        run_at(NINE)

    assert not storage.exists(name)


def test_scheduler_that_is_stopped_before_it_indexes_leaves_that_to_the_next(run_at, monkeypatch):
    page = schedule(factories.article_page(title="Compilers"), title="Runtimes")
    with monkeypatch.context() as patched:
        patched.setattr(durable, "index_what_went_live", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run_at(NINE)
    assert ArticlePage.objects.get(pk=page.pk).title == "Runtimes"
    assert titles_found("Runtimes") == []

    run_at(NINE)

    assert titles_found("Runtimes") == ["Runtimes"]


def test_what_cannot_be_indexed_is_live_and_said_once(run_at, monkeypatch, caplog):
    page = schedule(factories.article_page(live=False))
    monkeypatch.setattr(indexes, "insert_or_update_object", Mock(side_effect=ValueError))

    run_at(NINE)
    run_at(TEN)

    assert ArticlePage.objects.get(pk=page.pk).live
    assert caplog.text.count("Not indexed, so run `update_index`") == 1


def test_revision_moved_to_an_earlier_moment_goes_live_then(run_at):
    """Wagtail would find the moment the editor entered, and schedule the revision anew."""
    page = schedule(factories.article_page(live=False), ELEVEN)
    Revision.objects.filter(approved_go_live_at=ELEVEN).update(approved_go_live_at=NINE)

    run_at(NINE)

    page.refresh_from_db()
    assert page.live
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_those_who_listen_for_publications_hear_of_it(run_at):
    page, heard = schedule(factories.article_page(live=False)), []

    def listen(sender, instance, **kwargs):
        heard.append((sender, instance.pk))

    published.connect(listen)
    try:
        run_at(NINE)
    finally:
        published.disconnect(listen)

    assert heard == [(ArticlePage, page.pk)]


# What was done


def test_what_was_done_is_kept_with_how_late_it_was(run_at):
    page = schedule(factories.article_page(live=False, title="On time"), NINE)
    late = expiring(factories.person(name="Late"), NINE + timedelta(seconds=1))

    run_at(NINE)
    run_at(TEN)

    done = CompletedChange.objects.order_by("completed_at")
    assert [(each.title, each.late_by) for each in done] == [
        ("On time", timedelta()),
        ("Late", timedelta(minutes=59, seconds=59)),
    ]
    assert [each.title for each in CompletedChange.objects.late()] == ["Late"]
    assert "late_by_seconds" not in log_registry.get_logs_for_instance(page).first().data
    entry = log_registry.get_logs_for_instance(late).get(action="wagtail.unpublish.scheduled")
    assert entry.data["late_by_seconds"] == 3599


# When to look again


def test_next_moment_is_the_first_of_what_is_scheduled_and_is_asked_in_one_statement(
    db, statements
):
    assert next_moment() is None

    schedule(factories.article_page(live=False), ELEVEN)
    assert next_moment() == ELEVEN
    expiring(factories.person(), TEN)
    assert next_moment() == TEN
    expiring(factories.charter_page(), NINE)
    with statements(1):
        assert next_moment() == NINE
    Person.objects.update(live=False)
    Page.objects.update(expire_at=None)
    assert next_moment() == ELEVEN


class PassingTime(Alarm):
    """Waits by moving the clock on, and stops once it is past a moment."""

    def __init__(self, clock, until):
        super().__init__()
        self.clock, self.until = clock, until

    def sleep(self, seconds):
        self.clock.moment += timedelta(seconds=seconds)
        self.stopped = self.clock.moment > self.until


def test_what_is_not_due_is_waited_for_to_its_very_moment(db, clock):
    due_at = clock.moment + timedelta(seconds=12, milliseconds=345)
    page = factories.article_page(live=False)
    Revision.objects.filter(pk=page.latest_revision_id).update(approved_go_live_at=due_at)

    scheduler.run(PassingTime(clock, until=due_at))

    assert CompletedChange.objects.get().completed_at == due_at


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is asked every second")
def test_database_tells_of_changes_to_every_table_with_a_schedule(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'genedge_tell%'"
        )
        told = {table for (table,) in cursor.fetchall()}

    assert told == {
        model._meta.db_table
        for model in (Release, Revision, *map(base_model, models_with_drafts()))
    }


# What is gone


@pytest.mark.parametrize("key", ["7999999", "no key of a page"])
def test_schedule_of_what_was_deleted_is_forgotten(run_at, key):
    page = schedule(factories.article_page(live=False))
    revision = page.latest_revision
    with connection.constraint_checks_disabled():
        Revision.objects.filter(pk=revision.pk).update(object_id=key)

    run_at(NINE)

    assert next_moment() is None


def test_schedule_of_what_is_of_another_type_is_kept_and_told(run_at):
    """As an import can leave it."""
    page = schedule(factories.article_page(live=False))
    other = ContentType.objects.get_for_model(FormPage)
    Revision.objects.filter(pk=page.latest_revision_id).update(content_type=other)

    with pytest.raises(CommandError):
        run_at(NINE)

    assert "cannot be read" in FailedChange.objects.get().reason
    assert Revision.objects.get(pk=page.latest_revision_id).approved_go_live_at == NINE


def test_what_was_deleted_as_a_scheduler_was_about_to_make_it_is_not_made(clock, db):
    page = schedule(factories.article_page(live=False))
    clock.moment = NINE
    [change] = due_changes(NINE, limit=1)
    page.delete()

    assert durable.make(change) is None


@pytest.fixture
def overtaken(monkeypatch):
    """Let something happen between what a scheduler prepares and what it does under the lock."""

    def overtaken(happen):
        prepare = GoLive.prepare

        def prepare_and_be_overtaken(kind, change):
            prepared = prepare(kind, change)
            happen()
            return prepared

        monkeypatch.setattr(GoLive, "prepare", prepare_and_be_overtaken)

    return overtaken


def test_what_was_locked_as_a_scheduler_was_about_to_make_it_stays_locked(run_at, overtaken):
    page = schedule(factories.article_page(live=False))
    overtaken(lambda: ArticlePage.objects.update(locked=True))

    run_at(TEN)

    page.refresh_from_db()
    assert page.live
    assert page.locked
    assert page.first_published_at == NINE


def test_what_was_withdrawn_as_a_scheduler_was_about_to_make_it_is_not_made(run_at, overtaken):
    page = schedule(factories.article_page(live=False))
    overtaken(lambda: page.revisions.update(approved_go_live_at=None))

    run_at(NINE)

    page.refresh_from_db()
    assert not page.live
    assert not CompletedChange.objects.exists()


def test_what_expired_is_kept_by_its_own_type(run_at):
    expiring(factories.article_page(), NINE)

    run_at(NINE)

    assert CompletedChange.objects.get().content_type.model_class() is ArticlePage


def test_what_was_done_long_ago_is_forgotten_once_it_is_indexed(run_at, clock, settings, capsys):
    for title in ("Old", "Not indexed"):
        schedule(factories.article_page(live=False, title=title), NINE)
    run_at(NINE)
    schedule(factories.article_page(live=False, title="New"), TEN)
    run_at(TEN)
    CompletedChange.objects.update(is_indexed=True)
    CompletedChange.objects.filter(title="Not indexed").update(is_indexed=False)

    clock.moment = NINE + timedelta(days=settings.COMPLETED_CHANGES_DAYS, minutes=30)
    call_command("prune_completed_changes")

    kept = CompletedChange.objects.order_by("title").values_list("title", flat=True)
    assert list(kept) == ["New", "Not indexed"]
    assert "Deleted 1 completed changes." in capsys.readouterr().out
