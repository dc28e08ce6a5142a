"""Scheduled changes that fail or come late: editors read it on their first page, and in a mail."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from wagtail.log_actions import registry as log_registry
from wagtail.models import Page, Revision
from wagtail.signals import published, unpublished

from cms.scheduling.models import FailedChange
from pages.models import ArticlePage, Person
from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.scheduling.whenever import whenever

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)


@pytest.fixture
def run_at(clock, db):
    def run_at(moment, *, fails=True):
        clock.moment = moment
        if fails:
            with pytest.raises(CommandError, match="could not be made"):
                call_command("run_scheduler", once=True)
        else:
            call_command("run_scheduler", once=True)

    return run_at


@pytest.fixture
def attention(sign_in):
    """What needs attention, as a user reads it; empty if nothing does."""

    def attention(user):
        page = sign_in(user).get(home_url()).content.decode()
        _before, _, rest = page.partition('id="needs-attention-section"')
        return " ".join(rest.partition("</section>")[0].split())

    return attention


@pytest.fixture
def failing_for():
    """Receivers of Django's signal raise for the titles in this set."""
    titles: set[str] = set()

    def fail(instance):
        if str(instance) in titles:
            raise RuntimeError("A secret of the system")

    with whenever(published, fail):
        yield titles


def schedule(made, user=None):
    made.go_live_at = NINE
    made.save_revision(user=user).publish(user=user)
    return made


def incomplete(user, **changes):
    """What was complete when it was approved, and is not any more."""
    page = schedule(factories.article_page(title="Gap", live=False), user)
    revision = Revision.objects.get(approved_go_live_at=NINE, object_id=str(page.pk))
    revision.content |= changes or {"body": "[]"}
    revision.save()
    return page


def test_one_bad_change_does_not_stop_the_rest(editor, run_at, attention):
    page = incomplete(editor)
    factories.person(name="Gone")
    Person.objects.update(expire_at=NINE)
    schedule(factories.article_page(title="Good", live=False))

    run_at(NINE)

    assert ArticlePage.objects.get(title="Good").live
    assert not Person.objects.get().live
    words = attention(editor)
    assert f'href="{admin_url(page, "edit")}"' in words
    assert "Body: This field is required." in words
    assert "Good" not in words
    assert "Gone" not in words


def approve_beside(page, **changes):
    """Another version, for the same moment."""
    revision = page.save_revision()
    revision.content |= changes
    revision.approved_go_live_at = NINE
    revision.save()


def test_version_that_fails_does_not_hold_up_a_newer_one_of_the_same_moment(
    editor, run_at, attention
):
    page = incomplete(editor)
    approve_beside(page, title="Complete")

    run_at(NINE, fails=False)

    page.refresh_from_db()
    assert (page.live, page.title) == (True, "Complete")
    assert attention(editor) == ""


def test_versions_of_one_moment_that_both_fail_are_each_tried_again(editor, run_at):
    page = incomplete(editor)
    approve_beside(page, body="[]")

    run_at(NINE)
    run_at(NINE + timedelta(seconds=5))

    assert [each.attempts for each in FailedChange.objects.all()] == [2, 2]


def test_gap_where_readers_are_promised_a_value_is_named_as_one(editor, run_at, attention):
    incomplete(editor, kind="")

    run_at(NINE)

    words = attention(editor)
    assert "Kind: " in words
    assert "cannot be read" not in words


def test_log_has_how_it_came_to_what_nobody_could_foresee(editor, run_at, failing_for, caplog):
    incomplete(editor)
    schedule(factories.person(name="Ada", live=False), editor)
    failing_for.add("Ada")

    run_at(NINE)

    is_traced = {each.args[1].title: bool(each.exc_info) for each in caplog.records}
    assert is_traced == {"Gap": False, "Ada": True}


def test_only_those_who_may_publish_read_of_failures(staff, editor, run_at, attention):
    incomplete(editor)

    run_at(NINE)

    assert attention(editor)
    assert attention(staff) == ""


def test_failure_is_tried_again_at_growing_intervals_and_mailed_once(editor, run_at):
    page = incomplete(editor)
    waits = []

    moment = NINE
    for _attempt in range(12):
        run_at(moment)
        run_at(moment)
        failure = FailedChange.objects.get()
        waits.append((failure.retry_at - moment).total_seconds())
        moment = failure.retry_at

    assert failure.attempts == 12
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900]
    [message] = mail.outbox
    assert message.to == ["edith@example.org"]
    assert message.subject == "“Gap” did not go live"
    assert "Body: This field is required." in message.body
    assert admin_url(page, "edit") in message.body
    assert "2 June 2099, 09:00 UTC" in message.body


def test_what_may_pass_by_itself_is_mailed_when_it_did_not(editor, run_at, failing_for, attention):
    schedule(factories.person(name="Ada", live=False), editor)
    failing_for.add("Ada")

    run_at(NINE)
    assert mail.outbox == []
    run_at(NINE + timedelta(seconds=5))

    assert len(mail.outbox) == 1
    assert "Something went wrong in the system." in attention(editor)
    assert "secret" not in mail.outbox[0].body + attention(editor)

    failing_for.clear()
    run_at(NINE + timedelta(minutes=1), fails=False)

    assert Person.objects.get().live
    assert not FailedChange.objects.exists()
    assert "Something went wrong" not in attention(editor)


@pytest.fixture
def not_unpublished():
    """Receivers of Django's signal raise for whatever is unpublished."""

    def fail(_):
        raise RuntimeError("A secret of the system")

    with whenever(unpublished, fail):
        yield


@pytest.mark.parametrize("version", ["published by somebody", "imported"])
def test_expiry_that_fails_is_mailed_to_who_published_what_expires(
    version, staff, editor, run_at, attention, not_unpublished
):
    page = factories.article_page(title="Old")
    page.save_revision(user=staff).publish(user=editor)
    Page.objects.update(expire_at=NINE)
    if version == "imported":
        Page.objects.update(live_revision=None)

    run_at(NINE)
    run_at(NINE + timedelta(seconds=5))

    told = [(message.subject, message.to) for message in mail.outbox]
    known = [("“Old” did not expire", ["edith@example.org"])]
    assert told == (known if version == "published by somebody" else [])
    assert "Something went wrong in the system." in attention(editor)


@pytest.mark.parametrize(
    ("writes", "approves"), [("staff", "editor"), ("editor", None)], ids=["an editor", "a script"]
)
def test_failure_is_mailed_to_who_approved_it_and_else_to_who_wrote_it(
    writes, approves, staff, editor, run_at
):
    users = {"staff": staff, "editor": editor, None: None}
    page = factories.article_page(title="Gap", live=False)
    page.go_live_at = NINE
    page.save_revision(user=users[writes]).publish(user=users[approves])
    revision = Revision.objects.get(approved_go_live_at=NINE)
    revision.content["body"] = "[]"
    revision.save()

    run_at(NINE)

    [message] = mail.outbox
    assert message.to == ["edith@example.org"]


def test_failure_is_kept_when_it_cannot_be_mailed(editor, run_at, settings, attention):
    incomplete(editor)
    settings.EMAIL_BACKEND = "no.such.Backend"

    run_at(NINE)
    assert "Body: This field is required." in attention(editor)

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run_at(NINE + timedelta(minutes=1))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("then", [None, NINE + timedelta(days=1)], ids=["cancelled", "moved"])
def test_failure_is_forgotten_when_it_is_no_longer_scheduled(then, editor, run_at, attention):
    incomplete(editor)
    run_at(NINE)

    Revision.objects.filter(approved_go_live_at=NINE).update(approved_go_live_at=then)

    assert attention(editor) == ""
    run_at(NINE, fails=False)
    assert not FailedChange.objects.exists()


def test_failure_is_forgotten_though_another_of_its_moment_stays(editor, run_at):
    withdrawn, stays = incomplete(editor), incomplete(editor)
    run_at(NINE)

    withdrawn.revisions.update(approved_go_live_at=None)
    run_at(NINE)

    assert FailedChange.objects.get().object_id == str(stays.pk)


def test_late_changes_are_told_with_how_late(editor, run_at, attention):
    schedule(factories.article_page(title="Punctual", live=False))
    run_at(NINE + timedelta(seconds=59), fails=False)
    page = schedule(factories.article_page(title="Tardy", slug="tardy", live=False))

    run_at(NINE + timedelta(hours=2), fails=False)

    words = attention(editor)
    assert f'href="{admin_url(page, "edit")}"' in words
    assert "Tardy" in words
    assert "2 hours" in words
    assert "Punctual" not in words


@pytest.mark.parametrize(("seconds", "late"), [(59, False), (60, True)])
def test_change_is_late_from_a_minute_on(seconds, late, editor, run_at, attention):
    page = schedule(factories.article_page(title="Tardy", live=False))

    run_at(NINE + timedelta(seconds=seconds), fails=False)

    assert ("Tardy" in attention(editor)) is late
    done = log_registry.get_logs_for_instance(page).get(action="wagtail.publish.scheduled")
    assert ("late_by_seconds" in done.data) is late
