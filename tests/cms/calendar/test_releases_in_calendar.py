"""Releases in the calendar: planned, approved, live, late, failed, and moved from there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.calendar.sources import entries_between
from cms.releases import steps as release_steps
from cms.releases.models import ItemAction
from pages.models import ArticlePage
from tests import factories

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 12, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def spring(clock, editor):
    clock.moment = NINE - DAY
    page = factories.article_page(title="News", live=False)
    return factories.release([page], by=editor, go_live_at=NINE)


@pytest.fixture
def calendar(sign_in):
    def calendar(user, **query):
        answer = sign_in(user).get(reverse("calendar"), {"view": "list", **query})
        return " ".join(answer.content.decode().split())

    return calendar


def move_url(release, old=NINE):
    return f"{reverse('calendar_move_release', args=[release.pk])}?old={old.isoformat()}"


def test_planned_release_stands_there_before_it_is_approved(spring, calendar, staff):
    page = calendar(staff)

    assert reverse("releases:inspect", args=[spring.pk]) in page
    assert "not approved yet" in page


def test_release_that_was_late_stands_out(spring, calendar, clock, editor):
    release_steps.approve(spring, editor)
    clock.moment = NINE + timedelta(hours=1)
    call_command("run_scheduler", once=True)

    page = calendar(editor)

    assert "Went live" in page
    assert "1 hour" in page


def test_release_is_found_by_its_type_and_by_who_approved_and_moved_it(
    spring, calendar, clock, editor, administrator, staff
):
    release_steps.approve(spring, editor)
    release_steps.move(spring, NINE + DAY, administrator)
    (planned,) = entries_between(editor, NINE, NINE + 9 * DAY)

    for moment, words in ((NINE, "Goes live"), (NINE + DAY, "Went live")):
        clock.moment = moment
        call_command("run_scheduler", once=True)
        for person, shown in ((editor, True), (administrator, True), (staff, False)):
            page = calendar(staff, person=person.pk, type="publishing.release")
            assert (words in page) is shown

    (done,) = entries_between(editor, NINE, NINE + 9 * DAY)
    assert done.key == planned.key
    assert done.times_moved == planned.times_moved == 1


def test_release_that_failed_stands_out_with_the_reason(spring, calendar, clock, editor):
    release_steps.approve(spring, editor)
    ArticlePage.objects.all().delete()
    clock.moment = NINE
    with pytest.raises(CommandError):
        call_command("run_scheduler", once=True)

    page = calendar(editor)

    assert "Did not go live" in page
    assert "has been deleted. Reopen the release" in page


def test_approved_release_is_dragged_to_another_day(spring, editor, sign_in, calendar):
    release_steps.approve(spring, editor)
    assert reverse("calendar_move_release", args=[spring.pk]) in calendar(editor)

    answer = sign_in(editor).post(
        move_url(spring),
        {"old": NINE.isoformat(), "day": "2099-06-15"},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )

    assert answer.status_code == 200
    spring.refresh_from_db()
    assert spring.go_live_at == NINE + 3 * DAY


def test_move_that_the_checks_refuse_is_explained(spring, editor, sign_in):
    release_steps.approve(spring, editor)
    (item,) = spring.items.all()
    newer = item.subject().specific
    newer.save_revision()
    later = factories.release([newer], name="Later", by=editor, go_live_at=NINE + DAY)
    release_steps.approve(later, editor)

    answer = sign_in(editor).post(
        move_url(spring),
        {"old": NINE.isoformat(), "day": "2099-06-15"},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )

    assert answer.status_code == 409
    assert "is also part of the release “Later”" in answer.json()["message"]


def test_staff_move_none(spring, editor, staff, sign_in, calendar):
    release_steps.approve(spring, editor)

    assert reverse("calendar_move_release", args=[spring.pk]) not in calendar(staff)
    answer = sign_in(staff).post(
        move_url(spring), {"old": NINE.isoformat(), "new": "2099-06-15 09:00"}
    )
    assert answer.status_code in (302, 403)
    spring.refresh_from_db()
    assert spring.go_live_at == NINE


def test_moved_release_counts_its_moves_for_calendars_elsewhere(spring, editor):
    release_steps.approve(spring, editor)
    for days in (1, 2):
        release_steps.move(spring, NINE + days * DAY, editor)

    (entry,) = entries_between(editor, NINE, NINE + 9 * DAY)

    assert (entry.times_moved, entry.key) == (2, f"release-{spring.pk}")


def test_calendar_costs_the_same_however_many_releases_there_are(spring, editor, calendar):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            calendar(editor)
        return len(captured)

    calendar(editor)
    few = cost()
    for number in range(12):
        page = factories.article_page(title=f"News {number}", slug=f"n-{number}", live=False)
        release = factories.release(name=f"R{number}", go_live_at=NINE + timedelta(hours=number))
        release_steps.add_objects(release, [page], ItemAction.PUBLISH, editor)

    assert cost() == few
