"""Mails to those concerned: what was approved, scheduled, went live, or is about to expire."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError, transaction
from wagtail.users.models import UserProfile

from cms.mails import steps
from cms.mails.models import Notification
from cms.releases import steps as release_steps
from pages.models import ArticlePage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.approving import approve
from tests.cms.submission import submission

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def now(clock, db):
    clock.moment = NINE - DAY
    return clock


def delivered():
    """What the scheduler sends when it has nothing else to do, since it was last asked."""
    mail.outbox.clear()
    cache.clear()  # It looks for expiries once a minute.
    call_command("run_scheduler", once=True)
    return [(message.to, message.subject) for message in mail.outbox]


def draft_by(user, **fields):
    page = factories.article_page(title="News", slug="news", live=False)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(user=user)
    return page


def schedule(page, user):
    page.go_live_at = NINE
    page.save_revision(user=page.get_latest_revision().user).publish(user=user)


def test_author_hears_when_it_is_scheduled_and_when_it_went_live(now, staff, editor):
    schedule(draft_by(staff), editor)

    assert delivered() == [(["carla@example.org"], "“News” is approved and goes live")]
    now.moment = NINE
    assert delivered() == [
        (["edith@example.org"], "“News” went live"),
        (["carla@example.org"], "“News” went live"),
    ]
    assert delivered() == []


def test_mail_gives_the_moment_in_the_zone_of_its_reader_and_leads_to_the_page(now, staff, editor):
    profile = UserProfile.get_for_user(staff)
    profile.current_time_zone = "America/New_York"
    profile.save()
    page = draft_by(staff)
    schedule(page, editor)
    delivered()

    text = mail.outbox[0].body
    assert "“News” is approved and goes live: Tue 2 June 2099, 05:00 UTC-04:00" in text
    assert "America/New York" in text
    assert admin_url(page, "edit") in text


def test_whoever_did_it_is_not_told_of_it(now, editor):
    schedule(draft_by(editor), editor)

    assert delivered() == []


@pytest.mark.parametrize("change", ["no mails", "no address", "gone"])
def test_people_who_want_or_can_get_no_mail_get_none(now, staff, editor, change):
    profile = UserProfile.get_for_user(staff)
    profile.approved_notifications = change != "no mails"
    profile.save()
    staff.email = "" if change == "no address" else staff.email
    staff.is_active = change != "gone"
    staff.save()

    schedule(draft_by(staff), editor)

    assert delivered() == []


def test_approval_through_the_workflow_with_a_schedule_is_told_to_its_author(
    now, sign_in, staff, editor
):
    page = draft_by(staff, go_live_at=NINE)
    state = page.get_workflow().start(page, staff)

    approve(sign_in(editor), state.current_task_state)

    assert (["carla@example.org"], "“News” is approved and goes live") in delivered()


def test_whoever_saves_and_schedules_a_version_is_not_told_of_it(now, sign_in, staff, editor):
    page = draft_by(staff)
    page.go_live_at = NINE
    page.save_revision(user=staff)

    sign_in(editor).post(
        admin_url(page, "edit"),
        submission(page, go_live_at="2099-06-02 09:00", **{"action-publish": "yes"}),
    )

    assert ArticlePage.objects.get().revisions.filter(approved_go_live_at=NINE).exists()
    assert delivered() == []


def test_what_expires_within_a_day_is_announced_once(now, staff, editor):
    page = factories.article_page(title="News", slug="news")
    page.expire_at = NINE
    page.save_revision(user=staff).publish(user=editor)

    now.moment = NINE - DAY - timedelta(seconds=1)
    assert delivered() == []
    now.moment = NINE - DAY
    assert delivered() == [
        (["edith@example.org"], "“News” expires soon"),
        (["carla@example.org"], "“News” expires soon"),
    ]
    assert delivered() == []

    page.refresh_from_db()
    page.expire_at = NINE + timedelta(hours=1)
    page.save_revision(user=staff).publish(user=editor)
    now.moment = NINE
    assert len(delivered()) == 2


def test_two_schedulers_that_find_an_expiry_at_a_time_announce_it_once(
    now, staff, editor, monkeypatch
):
    page = factories.article_page(title="News", slug="news")
    page.expire_at = NINE
    page.save_revision(user=staff).publish(user=editor)
    warn = steps.warn

    def warn_after_the_other(made):
        """This one has read that nobody was warned, and the other does it now."""
        monkeypatch.setattr(steps, "warn", warn)
        steps.warn_of_expiries()
        warn(made)

    monkeypatch.setattr(steps, "warn", warn_after_the_other)

    assert delivered() == [
        (["edith@example.org"], "“News” expires soon"),
        (["carla@example.org"], "“News” expires soon"),
    ]


def test_expiry_that_is_announced_already_cannot_be_announced_again(now, staff, editor):
    page = factories.article_page(title="News", slug="news")
    page.expire_at = NINE
    page.save_revision(user=staff).publish(user=editor)
    delivered()
    announced = Notification.objects.first()
    announced.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        announced.save()


def test_whoever_approved_their_own_release_hears_that_it_went_live(now, editor):
    release_steps.approve(factories.release([draft_by(editor)], by=editor, go_live_at=NINE), editor)

    assert delivered() == []
    now.moment = NINE
    assert delivered() == [(["edith@example.org"], "The release “Spring” went live")]


def test_steps_of_a_release_are_told_to_all_who_made_it(now, staff, editor, administrator):
    release = factories.release([draft_by(staff)], by=editor, go_live_at=NINE)

    release_steps.approve(release, administrator)
    assert delivered() == [
        (["edith@example.org"], "The release “Spring” is approved and goes live"),
        (["carla@example.org"], "The release “Spring” is approved and goes live"),
    ]
    release_steps.move(release, NINE + DAY, editor)
    assert {to[0] for to, _ in delivered()} == {"amir@example.org", "carla@example.org"}
    now.moment = NINE + DAY
    assert sorted(delivered()) == [
        ([f"{name}@example.org"], "The release “Spring” went live")
        for name in ("amir", "carla", "edith")
    ]
    release.refresh_from_db()
    release_steps.revert(release, administrator)
    assert {subject for _, subject in delivered()} == {"The release “Spring” was reverted"}


def test_approval_of_what_waits_for_its_release_is_told_to_its_author(now, sign_in, staff, editor):
    page = draft_by(staff)
    factories.release([page])
    state = page.get_workflow().start(page, staff)

    approve(sign_in(editor), state.current_task_state)

    assert (["carla@example.org"], "“News” is approved") in delivered()
    assert "It goes live with the release “Spring”." in mail.outbox[-1].body


def test_nobody_is_told_of_what_was_undone(now, staff, editor):
    page = draft_by(staff)

    with transaction.atomic():
        schedule(page, editor)
        transaction.set_rollback(True)

    assert delivered() == []


def test_mail_that_could_not_be_sent_is_sent_later(now, staff, editor, monkeypatch):
    schedule(draft_by(staff), editor)

    def fail(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("cms.mails.sending.send_mail", fail)
        assert delivered() == []
    assert delivered() == []  # Not at once.
    now.moment += timedelta(minutes=1)
    assert delivered() == [(["carla@example.org"], "“News” is approved and goes live")]


def test_line_break_in_a_title_does_no_harm(now, staff, editor):
    page = draft_by(staff)
    ArticlePage.objects.filter(pk=page.pk).update(title="News\nBcc: everyone@example.org")
    page.title = "News\nBcc: everyone@example.org"
    schedule(page, editor)

    assert delivered() == [
        (["carla@example.org"], "“News Bcc: everyone@example.org” is approved and goes live")
    ]


def test_old_ones_are_forgotten(now, staff, editor):
    schedule(draft_by(staff), editor)
    delivered()
    now.moment = NINE - DAY + timedelta(days=31)
    delivered()

    assert not Notification.objects.filter(subject__contains="is approved").exists()
