"""Several changes to come of one page or snippet: each goes out as it was approved."""

import json
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry as log_registry
from wagtail.models import GroupPagePermission, Page
from wagtail.users.models import UserProfile

from cms.outbox.models import ContentEvent
from cms.releases import steps as release_steps
from cms.scheduling import durable
from cms.scheduling.due import due_changes
from cms.scheduling.queue import queued
from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.approving import approve
from tests.cms.rivals import being_published
from tests.cms.submission import answer, submission

MONDAY = datetime(2099, 6, 1, 9, tzinfo=UTC)
THURSDAY = datetime(2099, 6, 4, 9, tzinfo=UTC)
BEFORE = datetime(2099, 6, 1, 8, tzinfo=UTC)
AFTER = datetime(2099, 6, 5, 9, tzinfo=UTC)
MOMENTS = {MONDAY: "2099-06-01 09:00", THURSDAY: "2099-06-04 09:00", None: ""}


@pytest.fixture(params=[factories.article_page, factories.person], ids=["page", "snippet"])
def subject(request, db, clock):
    return request.param(**{name_field(request.param): "As it is"})


@pytest.fixture
def window(editor, sign_in):
    """An editor's window."""
    return sign_in(editor)


def name_field(made):
    is_page = made is factories.article_page or isinstance(made, Page)
    return "title" if is_page else "name"


def name_of(subject):
    return getattr(type(subject).objects.get(pk=subject.pk), name_field(subject))


def fresh(subject):
    return type(subject).objects.get(pk=subject.pk)


def write(window, subject, name, moment=None, *, stays="", **more):
    """Edit it through its form; with a moment or ``publish``, approve it too.

    ``stays`` answers what is then asked about the name.
    """
    newest = fresh(subject).get_latest_revision_as_object()
    fields = {name_field(subject): name, "go_live_at": MOMENTS[moment], **more}
    response = window.post(admin_url(subject, "edit"), submission(newest, **fields))
    if stays:
        response = answer(window, response, stays)
    assert response.status_code in (200, 302)
    return fresh(subject)


def schedule(window, subject, name, moment, *, stays=""):
    return write(window, subject, name, moment, stays=stays, **{"action-publish": "1"})


def approved(subject):
    return {
        revision.object_str: revision.approved_go_live_at
        for revision in subject.revisions.filter(approved_go_live_at__isnull=False)
    }


def queue_on(window, subject):
    """The scheduled changes on the page's form, as text without the spaces between words."""
    page = window.get(admin_url(subject, "edit")).content.decode()
    _before, _, rest = page.partition('aria-labelledby="scheduled-changes-heading"')
    return " ".join(rest.partition("</section>")[0].split())


def revision_at(subject, moment):
    return subject.revisions.get(approved_go_live_at=moment)


def schedule_newest(window, subject, moment):
    revision = revision_at(subject, moment)
    return window.post(reverse("schedule_newest", args=(revision.pk,)), follow=True)


def cancel(window, subject, moment):
    revision = revision_at(subject, moment)
    return window.post(reverse("cancel_scheduled", args=(revision.pk,)), follow=True)


def actions(subject):
    return [entry.action for entry in log_registry.get_logs_for_instance(subject)]


# Several changes


def test_two_changes_go_out_each_at_its_moment(subject, window, clock):
    schedule(window, subject, "On Monday", MONDAY)
    schedule(window, subject, "On Thursday", THURSDAY)

    assert approved(subject) == {"On Monday": MONDAY, "On Thursday": THURSDAY}
    for moment, name in ((MONDAY, "On Monday"), (THURSDAY, "On Thursday")):
        clock.moment = moment
        call_command("run_scheduler", once=True)
        assert name_of(subject) == name
    assert approved(subject) == {}


def test_changes_may_be_scheduled_in_any_order(subject, window, clock):
    schedule(window, subject, "On Thursday", THURSDAY)
    schedule(window, subject, "On Monday", MONDAY, stays="waiting")

    clock.moment = MONDAY
    call_command("run_scheduler", once=True)

    assert name_of(subject) == "On Monday"
    assert approved(subject) == {"On Thursday": THURSDAY}


def test_new_page_goes_live_and_changes_later(window, clock):
    page = factories.article_page(live=False)
    schedule(window, page, "On Monday", MONDAY)
    schedule(window, page, "On Thursday", THURSDAY)

    clock.moment = MONDAY
    call_command("run_scheduler", once=True)

    assert (fresh(page).live, name_of(page)) == (True, "On Monday")
    assert approved(page) == {"On Thursday": THURSDAY}


def test_of_two_changes_for_one_moment_the_later_replaces_the_earlier(subject, window):
    schedule(window, subject, "First idea", MONDAY)
    schedule(window, subject, "Better idea", MONDAY)

    assert approved(subject) == {"Better idea": MONDAY}


def test_what_another_is_planned_for_is_neither_asked_about_nor_changed(subject, window):
    make = factories.article_page if isinstance(subject, Page) else factories.person
    other = make(**{name_field(subject): "Another"})
    schedule(window, other, "Another on Thursday", THURSDAY)
    planned = revision_at(other, THURSDAY)

    schedule(window, subject, "At once", None)

    assert name_of(subject) == "At once"
    assert revision_at(other, THURSDAY) == planned


def test_publishing_now_keeps_what_is_to_come(subject, window, clock):
    schedule(window, subject, "On Monday", MONDAY)

    write(window, subject, "Right now", None, stays="waiting", **{"action-publish": "1"})

    assert name_of(subject) == "Right now"
    assert approved(subject) == {"On Monday": MONDAY}
    clock.moment = MONDAY
    call_command("run_scheduler", once=True)
    assert name_of(subject) == "On Monday"


def test_unpublishing_ends_what_is_to_come(subject, window):
    schedule(window, subject, "On Monday", MONDAY)

    window.post(admin_url(subject, "unpublish"))

    assert not fresh(subject).live
    assert approved(subject) == {}


# A fixed version


def autosave(window, subject, name, revision):
    newest = fresh(subject).get_latest_revision_as_object()
    fields = {name_field(subject): name, "overwrite_revision_id": revision.pk}
    response = window.post(
        admin_url(subject, "edit"),
        submission(newest, **fields),
        headers={"Accept": "application/json"},
    )
    assert response.status_code == 200, response.content
    return json.loads(response.content)["revision_id"]


def test_window_that_goes_on_saving_leaves_an_approved_version_alone(subject, window):
    schedule(window, subject, "On Monday", MONDAY)
    scheduled = revision_at(subject, MONDAY)

    saved_as = autosave(window, subject, "Typed later", scheduled)

    assert saved_as != scheduled.pk
    assert approved(subject) == {"On Monday": MONDAY}
    assert revision_at(subject, MONDAY).content[name_field(subject)] == "On Monday"
    assert autosave(window, subject, "And later", fresh(subject).latest_revision) == saved_as


def test_what_readers_see_is_not_written_to_either(subject, window):
    write(window, subject, "Published", None, **{"action-publish": "1"})
    live = fresh(subject).live_revision

    saved_as = autosave(window, subject, "Typed later", live)

    assert saved_as != live.pk
    live.refresh_from_db()
    assert live.content[name_field(subject)] == "Published"


def test_version_approved_in_the_workflow_is_fixed_too(subject, staff, editor, sign_in):
    writer, approver = sign_in(staff), sign_in(editor)
    write(writer, subject, "On Monday", MONDAY, **{"action-submit": "1"})
    step = fresh(subject).current_workflow_task_state
    approve(approver, step)
    scheduled = revision_at(subject, MONDAY)

    saved_as = autosave(writer, subject, "Typed later", scheduled)

    assert saved_as != scheduled.pk
    assert approved(subject) == {"On Monday": MONDAY}


def test_version_approved_with_a_release_is_fixed_too(subject, window, editor):
    write(window, subject, "For the release", None)
    release = factories.release([fresh(subject)], by=editor, go_live_at=MONDAY)
    release_steps.approve(release, editor)
    approved_version = release.items.get().revision

    saved_as = autosave(window, subject, "Typed later", approved_version)

    assert saved_as != approved_version.pk
    approved_version.refresh_from_db()
    assert approved_version.content[name_field(subject)] == "For the release"


# On the form


def test_queue_shows_moments_in_the_editors_zone_and_who_approved(subject, window, editor):
    UserProfile.objects.create(user=editor, current_time_zone="Europe/Rome")
    schedule(window, subject, "On Monday", datetime(2099, 6, 1, 9, tzinfo=UTC))

    shown = queue_on(window, subject)

    assert "Mon 1 June 2099, 09:00 UTC+02:00" in shown
    assert "times are in Europe/Rome" in shown
    assert "approved by edith" in shown
    revision = subject.revisions.get(approved_go_live_at__isnull=False)
    assert admin_url(subject, "revisions_compare", "live", revision.pk) in shown
    assert reverse("cancel_scheduled", args=(revision.pk,)) in shown
    assert "Edited since" not in shown


def test_soonest_stands_first(subject, window):
    schedule(window, subject, "On Thursday", THURSDAY)
    schedule(window, subject, "On Monday", MONDAY, stays="waiting")

    shown = queue_on(window, subject)

    assert shown.index("“On Monday”") < shown.index("“On Thursday”")


def test_form_says_when_it_was_edited_since(subject, window):
    schedule(window, subject, "On Monday", MONDAY)
    write(window, subject, "Second thoughts", MONDAY)

    shown = queue_on(window, subject)

    assert "Edited since scheduled" in shown
    assert "Schedule the newest version instead" in shown


def test_next_step_of_a_queue_is_no_edit(subject, window):
    schedule(window, subject, "On Monday", MONDAY)
    schedule(window, subject, "On Thursday", THURSDAY)

    assert "Edited since" not in queue_on(window, subject)


def test_what_took_in_a_newer_change_is_not_marked(subject, window):
    schedule(window, subject, "On Thursday", THURSDAY)
    schedule(window, subject, "On Monday", MONDAY, stays="newer")

    shown = queue_on(window, subject)

    assert "Edited since scheduled" not in shown
    assert shown.count("“On Monday”") == 2


def test_staff_read_the_queue_and_how_to_go_on(subject, window, staff, sign_in):
    schedule(window, subject, "On Monday", MONDAY)
    writer = sign_in(staff)
    write(writer, subject, "Second thoughts", MONDAY)

    shown = queue_on(writer, subject)

    assert "Edited since scheduled" in shown
    assert "submit it for approval" in shown
    assert "<button" not in shown


def test_newest_version_that_waits_for_an_approval_says_so(subject, window, staff, sign_in):
    schedule(window, subject, "On Monday", MONDAY)
    write(sign_in(staff), subject, "Second thoughts", MONDAY, **{"action-submit": "1"})

    shown = queue_on(window, subject)
    response = schedule_newest(window, subject, MONDAY)

    assert "waits for an approval" in shown
    assert "Schedule the newest" not in shown
    assert "waits for an approval" in response.content.decode()
    assert approved(subject) == {"On Monday": MONDAY}


@pytest.mark.parametrize("by_others", [True, False])
def test_newest_version_is_not_scheduled_while_others_have_locked_it(
    by_others, subject, window, staff, editor
):
    schedule(window, subject, "On Monday", MONDAY)
    locked = write(window, subject, "Second thoughts", MONDAY)
    locked.locked, locked.locked_by = True, staff if by_others else editor
    locked.locked_at = timezone.now()
    locked.save(update_fields=["locked", "locked_by", "locked_at"])

    assert ("Someone has locked this." in queue_on(window, subject)) == by_others
    schedule_newest(window, subject, MONDAY)

    assert approved(subject) == {"On Monday" if by_others else "Second thoughts": MONDAY}


@pytest.mark.parametrize("live", [True, False])
def test_only_what_readers_see_is_compared_with_it(window, live):
    page = factories.article_page(title="As it is", live=live)

    schedule(window, page, "On Monday", MONDAY)

    assert ("Compare with live" in queue_on(window, page)) == live


def test_first_page_marks_what_was_edited_since(subject, window):
    schedule(window, subject, "On Monday", MONDAY)
    assert "Edited since scheduled" not in window.get(home_url()).content.decode()

    write(window, subject, "Second thoughts", MONDAY)

    assert "Edited since scheduled" in window.get(home_url()).content.decode()


def test_calendar_marks_what_was_edited_since(subject, window):
    schedule(window, subject, "On Monday", MONDAY)
    june = {"date": "2099-06-01", "view": "list"}
    assert "edited since scheduled" not in window.get(reverse("calendar"), june).content.decode()

    write(window, subject, "Second thoughts", MONDAY)

    shown = window.get(reverse("calendar"), june).content.decode()
    assert "On Monday" in shown
    assert "edited since scheduled" in shown


# The newest instead


def test_newest_version_is_scheduled_in_one_step(subject, window, clock):
    schedule(window, subject, "On Monday", MONDAY)
    write(window, subject, "Second thoughts", THURSDAY)

    response = schedule_newest(window, subject, MONDAY)

    assert "goes live on Mon 1 June 2099, 09:00" in response.content.decode()
    assert approved(subject) == {"Second thoughts": MONDAY}
    assert "publishing.schedule_newest" in actions(subject)
    clock.moment = AFTER
    call_command("run_scheduler", once=True)
    assert name_of(subject) == "Second thoughts"


def test_other_changes_stay_when_the_newest_is_scheduled(subject, window):
    schedule(window, subject, "On Monday", MONDAY)
    schedule(window, subject, "On Thursday", THURSDAY)
    write(window, subject, "Second thoughts", THURSDAY)

    schedule_newest(window, subject, THURSDAY)

    assert approved(subject) == {"On Monday": MONDAY, "Second thoughts": THURSDAY}


def test_newest_version_is_not_scheduled_for_a_moment_that_has_come(subject, window, clock):
    schedule(window, subject, "On Monday", MONDAY)
    write(window, subject, "Second thoughts", THURSDAY)
    clock.moment = MONDAY

    response = schedule_newest(window, subject, MONDAY)

    assert "The moment has passed. Publish the newest version" in response.content.decode()
    assert approved(subject) == {"On Monday": MONDAY}


@pytest.mark.parametrize(("expires", "is_refused"), [(MONDAY, True), (THURSDAY, False)])
def test_newest_version_that_expires_before_is_not_scheduled(expires, is_refused, subject, window):
    schedule(window, subject, "On Monday", MONDAY)
    write(window, subject, "Second thoughts", None, expire_at=MOMENTS[expires])

    response = schedule_newest(window, subject, MONDAY)

    assert ("expires before it would go live" in response.content.decode()) == is_refused
    assert approved(subject) == {"On Monday" if is_refused else "Second thoughts": MONDAY}


@pytest.mark.parametrize(
    ("make", "gap"),
    [(factories.article_page, {"body-count": "0"}), (factories.deliverable_page, {"date": ""})],
    ids=["no text", "no date"],
)
def test_incomplete_version_is_not_scheduled(window, make, gap):
    page = make(title="As it is")
    schedule(window, page, "On Monday", MONDAY)
    write(window, page, "With a gap", MONDAY, **gap)
    versions = page.revisions.count()

    response = schedule_newest(window, page, MONDAY)

    assert "cannot be published yet" in response.content.decode()
    assert approved(page) == {"On Monday": MONDAY}
    assert page.revisions.count() == versions


def test_version_that_no_form_would_have_taken_is_not_scheduled(window):
    """As an import can leave it."""
    page = factories.deliverable_page(title="As it is")
    schedule(window, page, "On Monday", MONDAY)
    version = fresh(page).get_latest_revision_as_object()
    version.document, version.link_url = factories.document(), "https://example.org/"
    version.save_revision(clean=False)

    response = schedule_newest(window, page, MONDAY)

    assert "cannot be published yet" in response.content.decode()
    assert approved(page) == {"On Monday": MONDAY}


# Cancel


def test_one_change_is_cancelled_and_the_other_stays(subject, window):
    schedule(window, subject, "On Monday", MONDAY)
    schedule(window, subject, "On Thursday", THURSDAY)

    response = cancel(window, subject, MONDAY)

    assert "for Mon 1 June 2099, 09:00 UTC+00:00 was cancelled" in response.content.decode()
    assert approved(subject) == {"On Thursday": THURSDAY}
    assert "wagtail.schedule.cancel" in actions(subject)
    assert response.redirect_chain == [(admin_url(subject, "edit"), 302)]


@pytest.mark.parametrize("view", ["cancel_scheduled", "schedule_newest"])
def test_those_who_may_not_publish_change_nothing(view, subject, window, staff, sign_in):
    schedule(window, subject, "On Monday", MONDAY)
    write(window, subject, "Second thoughts", MONDAY)
    address = reverse(view, args=(revision_at(subject, MONDAY).pk,))

    response = sign_in(staff).post(address)

    assert response.status_code == 302
    assert approved(subject) == {"On Monday": MONDAY}


@pytest.mark.parametrize("view", ["cancel_scheduled", "schedule_newest"])
def test_what_has_gone_live_meanwhile_is_left_alone(view, subject, window, clock):
    schedule(window, subject, "On Monday", MONDAY)
    address = reverse(view, args=(revision_at(subject, MONDAY).pk,))
    clock.moment = MONDAY
    call_command("run_scheduler", once=True)

    response = window.post(address, follow=True)

    assert "no longer scheduled" in response.content.decode()
    assert name_of(subject) == "On Monday"


def test_what_readers_see_already_is_taken_back(subject, window, clock):
    schedule(window, subject, "On Monday", MONDAY)
    clock.moment = MONDAY
    assert "Cancelling takes it back at once" in queue_on(window, subject)

    cancel(window, subject, MONDAY)

    assert approved(subject) == {}
    call_command("run_scheduler", once=True)
    assert name_of(subject) == "As it is"


@pytest.mark.parametrize(("moment", "events"), [(MONDAY, 1), (BEFORE, 0)], ids=["due", "not yet"])
def test_log_of_content_has_what_readers_do_not_see_any_more(
    moment, events, subject, window, clock
):
    schedule(window, subject, "On Monday", MONDAY)
    clock.moment = moment
    ContentEvent.objects.all().delete()

    cancel(window, subject, MONDAY)

    assert ContentEvent.objects.filter(object_id=str(subject.pk)).count() == events


@pytest.mark.parametrize("view", ["cancel_scheduled", "schedule_newest"])
def test_links_change_nothing(view, subject, window):
    schedule(window, subject, "On Monday", MONDAY)

    response = window.get(reverse(view, args=(revision_at(subject, MONDAY).pk,)))

    assert response.status_code == 405
    assert window.post(reverse(view, args=(9999999,))).status_code == 404


def test_change_of_what_is_gone_is_nobodys(subject, window):
    schedule(window, subject, "On Monday", MONDAY)
    revision = revision_at(subject, MONDAY)
    type(revision).objects.filter(pk=revision.pk).update(object_id="9999999")

    response = window.post(reverse("cancel_scheduled", args=(revision.pk,)))

    assert response.status_code == 302
    assert response.url == home_url()


def test_whoever_may_publish_but_not_edit_cancels_and_is_led_to_the_first_page(window, sign_in):
    page = factories.article_page(title="As it is")
    schedule(window, page, "On Monday", MONDAY)
    publishers = Group.objects.create(name="Publishers")
    publishers.permissions.add(Permission.objects.get(codename="access_admin"))
    publish = Permission.objects.get(codename="publish_page")
    GroupPagePermission.objects.create(
        group=publishers, page=Page.get_first_root_node(), permission=publish
    )

    response = cancel(sign_in(factories.user(group="Publishers")), page, MONDAY)

    assert response.redirect_chain == [(home_url(), 302)]
    assert approved(page) == {}


# While schedulers are at work


def test_what_was_cancelled_while_a_scheduler_was_about_to_make_it_is_not_made(
    subject, window, clock
):
    schedule(window, subject, "On Monday", MONDAY)
    [change] = due_changes(MONDAY, limit=1)
    cancel(window, subject, MONDAY)

    clock.moment = MONDAY
    assert durable.make(change) is None

    assert name_of(subject) == "As it is"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("view", ["cancel_scheduled", "schedule_newest"])
def test_queue_waits_for_who_is_publishing_and_is_then_left_alone(
    view, committed, clock, editor, sign_in
):
    page, window = factories.article_page(), sign_in(editor)
    schedule(window, page, "On Monday", MONDAY)
    address = reverse(view, args=(revision_at(page, MONDAY).pk,))

    with being_published(page):
        answer = window.post(address, follow=True)

    assert "no longer scheduled" in answer.content.decode()
    assert approved(page) == {}


def test_queue_costs_the_same_however_long_it_is(subject, window, statements):
    schedule(window, subject, "On Monday", MONDAY)
    with statements(2):
        queued(subject)

    schedule(window, subject, "On Thursday", THURSDAY)
    with statements(2):
        assert len(queued(subject)) == 2
