"""Submitted, approved, sent back, commented on: told by mails that wait for the mail server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from wagtail.admin.mail import Notifier
from wagtail.models import (
    Comment,
    GroupApprovalTask,
    PageSubscription,
    TaskState,
    Workflow,
    WorkflowState,
    WorkflowTask,
)
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted
from wagtail.users.models import UserProfile

from pages.models import Person
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.approving import answer, approve
from tests.cms.submission import submission

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
CARLA, EDITH, AMIR = (f"{name}@example.org" for name in ("carla", "edith", "amir"))


@pytest.fixture
def now(clock, db):
    clock.moment = NINE - timedelta(days=1)
    return clock


@pytest.fixture
def no_mail_server(settings):
    settings.EMAIL_BACKEND = "tests.cms.mails.test_approval_mails.nowhere"


def delivered():
    """What the scheduler sends when it has nothing else to do, since it was last asked."""
    mail.outbox.clear()
    call_command("run_scheduler", once=True)
    return sorted((*message.to, message.subject) for message in mail.outbox)


def text():
    [message] = mail.outbox
    return message.body


def draft(user, **fields):
    page = factories.article_page(title="News", slug="news", live=False)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(user=user)
    return page


def submit(client, page):
    """By the button of the form."""
    fields = submission(page, **{"action-submit": "yes"})
    response = client.post(admin_url(page, "edit"), fields, follow=True)
    return response, page.current_workflow_state.current_task_state


def submitted(client, page):
    _, step = submit(client, page)
    delivered()
    return step


# Submitting


def test_who_may_approve_hears_of_it_once_and_is_led_to_the_screen_that_asks(
    now, sign_in, staff, editor, administrator
):
    superuser = User.objects.create_superuser("rita", "rita@example.org", "password")
    editor.groups.add(*administrator.groups.all())

    _, step = submit(sign_in(staff), draft(staff))

    assert mail.outbox == []
    subject = "“News” waits for your approval"
    assert delivered() == [(to, subject) for to in (AMIR, EDITH, superuser.email)]
    first = mail.outbox[0].body
    assert "It was submitted by carla." in first
    assert f"http://testserver{reverse('review', args=[step.pk])}" in first


def test_whoever_submits_it_is_not_asked_to_approve_it(now, sign_in, editor, administrator):
    submit(sign_in(editor), draft(editor))

    assert [to for to, _ in delivered()] == [AMIR]


def test_submitted_is_told_by_the_title_of_the_draft(now, sign_in, staff, editor):
    page = factories.article_page(title="Old")
    page.title = "New"
    page.save_revision(user=staff)

    submit(sign_in(staff), page)

    assert delivered() == [(EDITH, "“New” waits for your approval")]


def test_person_is_told_of_as_a_page_is(now, staff, editor):
    person = factories.person(name="Ada", live=False)
    person.save_revision(user=staff)

    person.get_workflow().start(person, staff)

    assert isinstance(person, Person)
    assert delivered() == [(EDITH, "“Ada” waits for your approval")]


def test_each_step_of_an_approval_tells_those_of_its_groups(now, sign_in, staff, editor):
    second = GroupApprovalTask.objects.create(name="Last look")
    second.groups.set(factories.user("lea", group="Administrators", email=AMIR).groups.all())
    WorkflowTask.objects.create(workflow=Workflow.objects.get(), task=second, sort_order=2)
    first = GroupApprovalTask.objects.exclude(pk=second.pk).get()
    first.groups.set(editor.groups.all())
    _, step = submit(sign_in(staff), draft(staff))

    asked_first = delivered()
    approve(sign_in(editor), step)

    assert asked_first == [(EDITH, "“News” waits for your approval")]
    assert delivered() == [(AMIR, "“News” waits for your approval")]


# Approving and sending back


def test_whoever_submitted_it_hears_that_readers_see_it(now, sign_in, staff, editor):
    page = draft(editor)
    step = submitted(sign_in(staff), page)

    approve(sign_in(editor), step)

    assert delivered() == [(CARLA, "“News” is approved")]
    assert "Readers see it." in text()
    assert admin_url(page, "edit") in text()


@pytest.mark.parametrize("when", ["by schedule", "with a release"])
def test_whoever_wrote_and_submitted_it_is_told_once_when_it_goes_live(
    when, now, sign_in, staff, editor
):
    page = draft(staff, go_live_at=NINE if when == "by schedule" else None)
    step = submitted(sign_in(staff), page)
    if when == "with a release":
        factories.release([page])

    approve(sign_in(editor), step)

    assert [to for to, _ in delivered()] == [CARLA]
    assert "goes live" in text()


@pytest.mark.parametrize("when", ["by schedule", "with a release"])
def test_whoever_submitted_what_another_wrote_is_told_when_it_goes_live(
    when, now, sign_in, staff, editor, administrator
):
    page = draft(staff, go_live_at=NINE if when == "by schedule" else None)
    page.get_workflow().start(page, administrator)
    delivered()
    if when == "with a release":
        factories.release([page])

    approve(sign_in(editor), page.current_workflow_state.current_task_state)

    assert [to for to, _ in delivered()] == [AMIR, CARLA]
    assert all("goes live" in message.body for message in mail.outbox)


def test_whoever_submitted_hears_that_readers_see_it_though_more_is_planned(
    now, sign_in, staff, editor
):
    page = factories.article_page(title="News")
    page.go_live_at, page.title = NINE, "Launched"
    page.save_revision(user=staff).publish(user=editor)
    page.refresh_from_db()
    page.go_live_at, page.title, page.standfirst = None, "News", "Corrected."
    page.save_revision(user=staff)
    page.get_workflow().start(page, staff)
    delivered()

    approve(sign_in(editor), page.current_workflow_state.current_task_state)

    assert (CARLA, "“News” is approved") in delivered()
    assert any("Readers see it." in message.body for message in mail.outbox)


def test_whoever_submitted_it_hears_what_to_change(now, sign_in, staff, editor):
    step = submitted(sign_in(staff), draft(staff))

    answer(sign_in(editor), step, reject="1", comment="Name the {speakers} & <dates>.")

    assert delivered() == [(CARLA, "“News” was sent back")]
    assert "edith wrote:\n\nName the {speakers} & <dates>." in text()


def test_whoever_answers_their_own_is_not_told(now, sign_in, editor):
    page = draft(editor)
    page.get_workflow().start(page, editor)
    delivered()

    approve(sign_in(editor), page.current_workflow_state.current_task_state)

    assert delivered() == []


# Comments


def comment_on(client, page, words):
    fields = submission(page) | {
        "comments-TOTAL_FORMS": "1",
        "comments-INITIAL_FORMS": "0",
        "comments-0-text": words,
        "comments-0-contentpath": "title",
        "comments-0-replies-TOTAL_FORMS": "0",
        "comments-0-replies-INITIAL_FORMS": "0",
    }
    return client.post(admin_url(page, "edit"), fields, follow=True)


def test_who_follows_the_comments_of_a_page_hears_of_them(now, sign_in, staff, editor):
    page = draft(staff)
    PageSubscription.objects.create(page=page, user=staff, comment_notifications=True)

    comment_on(sign_in(editor), page, "Is {this} so?")

    assert Comment.objects.get().text == "Is {this} so?"
    assert mail.outbox == []
    assert delivered() == [(CARLA, "Comments on “News” have changed")]
    assert "edith:\n\n– New: Is {this} so?" in text()


# Whether they are wanted, and whether they can be sent


@pytest.mark.parametrize("switch", ["submitted", "approved", "rejected", "updated_comments"])
def test_each_is_switched_off_by_itself_in_the_account(switch, now, sign_in, staff, editor):
    for user in (staff, editor):
        profile = UserProfile.get_for_user(user)
        setattr(profile, f"{switch}_notifications", False)
        profile.save()
    page = draft(staff)
    PageSubscription.objects.create(page=page, user=staff, comment_notifications=True)
    comment_on(sign_in(editor), page, "So?")
    _, step = submit(sign_in(staff), page)
    answer(sign_in(editor), step, reject="1", comment="No.")
    _, step = submit(sign_in(staff), page)
    approve(sign_in(editor), step)

    got = {subject for _, subject in delivered()}

    assert got == {
        subject
        for name, subject in {
            "submitted": "“News” waits for your approval",
            "approved": "“News” is approved",
            "rejected": "“News” was sent back",
            "updated_comments": "Comments on “News” have changed",
        }.items()
        if name != switch
    }


def nowhere(*args, **kwargs):
    raise ConnectionRefusedError


def test_mail_server_that_is_away_holds_nobody_up_and_loses_no_mail(
    now, sign_in, staff, editor, no_mail_server, settings
):
    page = draft(staff)
    PageSubscription.objects.create(page=page, user=staff, comment_notifications=True)
    commented = comment_on(sign_in(editor), page, "So?")
    response, step = submit(sign_in(staff), page)
    approved = approve(sign_in(editor), step)
    while_away = delivered()

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    now.moment += timedelta(hours=1)

    assert [commented.status_code, response.status_code, approved.status_code] == [200, 200, 302]
    assert while_away == []
    assert [to for to, _ in delivered()] == [CARLA, CARLA, EDITH]


def test_nobody_is_told_of_a_submission_that_was_undone(now, staff, editor):
    page = draft(staff)

    with transaction.atomic():
        page.get_workflow().start(page, staff)
        transaction.set_rollback(True)

    assert delivered() == []


def test_nothing_of_wagtail_sends_mails_of_approvals():
    signals = (task_submitted, workflow_submitted, workflow_approved, workflow_rejected)
    receivers = [
        receiver
        for signal in signals
        for sender in (TaskState, WorkflowState)
        for receiver in signal._live_receivers(sender)[0]
    ]

    assert receivers
    assert not [each for each in receivers if isinstance(each, Notifier)]
