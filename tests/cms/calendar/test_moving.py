"""What is scheduled is moved in the calendar: all of it, once, and only by who may publish it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.log_actions import registry as log_registry
from wagtail.models import Page, Revision
from wagtail.users.models import UserProfile

from cms.scheduling import durable
from cms.scheduling.due import due_changes, next_moment
from cms.scheduling.models import CompletedChange
from pages.models import ArticlePage, Person
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.rivals import being_published

# What is approved for a moment that has passed is published at once, so this is far ahead.
NOW = datetime(2099, 6, 10, 12, tzinfo=UTC)
NINE = datetime(2099, 6, 12, 9, tzinfo=UTC)
CHANGED = "This has changed meanwhile: look at the calendar anew, then try again."


@pytest.fixture(autouse=True)
def _now(clock):
    clock.moment = NOW


@pytest.fixture
def run_at(clock):
    def run_at(moment):
        clock.moment = moment
        call_command("run_scheduler", once=True)

    return run_at


def schedule(made, moment=NINE, *, expires=None, user=None):
    made.go_live_at, made.expire_at = moment, expires
    made.save_revision().publish(user=user)
    made.refresh_from_db()
    return made


def approved(made):
    return made.revisions.get(approved_go_live_at__isnull=False)


def go_live_url(made):
    return reverse("calendar_move_go_live", args=[approved(made).pk])


def expiry_url(made):
    content_type = ContentType.objects.get_for_model(type(made))
    return reverse("calendar_move_expiry", args=[content_type.pk, made.pk])


@pytest.fixture
def drag(editor, sign_in):
    """What the script sends when an editor drags something to another day."""

    def drag(url, day, *, old=NINE, user=editor):
        return sign_in(user).post(
            url,
            {"old": old.isoformat(), "day": day},
            headers={"X-Requested-With": "XMLHttpRequest"},
        )

    return drag


@pytest.fixture
def fill_in(editor, sign_in):
    """The form that moves something without a script."""

    def fill_in(url, new, *, old=NINE, **fields):
        data = {"old": old.isoformat(), "new": new, **fields}
        return sign_in(editor).post(url, data)

    return fill_in


MAKERS = pytest.mark.parametrize("make", [factories.article_page, factories.person])


# Go-lives


@MAKERS
def test_go_live_dragged_to_another_day_keeps_its_time_of_day(make, drag, run_at):
    made = schedule(make(live=False))

    assert drag(go_live_url(made), "2099-06-15").status_code == 200

    moved = NINE + timedelta(days=3)
    assert approved(made).approved_go_live_at == next_moment() == moved
    run_at(moved - timedelta(microseconds=1))
    made.refresh_from_db()
    assert (made.live, made.go_live_at) == (False, moved)
    run_at(moved)
    made.refresh_from_db()
    assert made.live
    assert made.last_published_at == made.go_live_at == moved


@MAKERS
@pytest.mark.parametrize("live", [True, False])
def test_moved_go_live_is_what_wagtails_own_form_shows(make, live, drag, editor, sign_in):
    made = schedule(make(live=live))

    drag(go_live_url(made), "2099-06-15")

    form = sign_in(editor).get(admin_url(made, "edit")).content.decode()
    assert 'value="2099-06-15 09:00"' in form or "15 June 2099, 09:00" in form
    assert 'value="2099-06-12 09:00"' not in form
    made.refresh_from_db()
    assert made.get_latest_revision_as_object().go_live_at == NINE + timedelta(days=3)


def test_only_the_one_that_was_moved_of_several_versions_is(drag):
    page = factories.article_page(title="First")
    revisions = []
    for hours in (0, 1):
        page.go_live_at = NINE + timedelta(hours=hours)
        revisions.append(page.save_revision())
    for revision, hours in zip(revisions, (0, 1), strict=True):
        Revision.objects.filter(pk=revision.pk).update(
            approved_go_live_at=NINE + timedelta(hours=hours)
        )

    url = reverse("calendar_move_go_live", args=[revisions[0].pk])
    assert drag(url, "2099-06-11").status_code == 200

    moments = [Revision.objects.get(pk=each.pk).approved_go_live_at for each in revisions]
    assert moments == [NINE - timedelta(days=1), NINE + timedelta(hours=1)]
    page.refresh_from_db()
    latest = page.get_latest_revision()
    assert latest.pk == revisions[1].pk
    assert latest.as_object().go_live_at == NINE + timedelta(hours=1)


def test_go_live_by_form_moves_to_a_day_and_time_and_says_so(fill_in):
    page = schedule(factories.article_page(title="News", live=False))

    answer = fill_in(go_live_url(page), "2099-07-01 17:30", next=reverse("calendar"))

    assert answer.status_code == 302
    assert answer.url == reverse("calendar")
    shown = answer.client.get(answer.url).content.decode()
    assert "“News” goes live on Wed 1 July 2099, 17:30 UTC+00:00 now" in shown
    assert approved(page).approved_go_live_at == datetime(2099, 7, 1, 17, 30, tzinfo=UTC)


def test_form_says_what_is_moved_and_from_when(editor, sign_in):
    page = schedule(factories.article_page(title="News", live=False))
    browser = sign_in(editor)

    calendar = browser.get(reverse("calendar")).content.decode()
    url = f"{go_live_url(page)}?old=2099-06-12T09%3A00%3A00%2B00%3A00"
    form = browser.get(url).content.decode()

    assert f'data-move-url="{url}"' in calendar
    assert "“News” goes live on Fri 12 June 2099, 09:00 UTC+00:00 (UTC)." in form
    assert 'value="2099-06-12 09:00"' in form
    assert "csrfmiddlewaretoken" in form


# On 29 March 2099, Rome's clocks go from 02:00 to 03:00; on 25 October from 03:00 to 02:00.
@pytest.mark.parametrize(
    ("day", "moment", "words"),
    [
        ("2099-03-29", "2099-03-29T01:30:00+00:00", "skip 02:30, so it is 03:30"),
        ("2099-10-25", "2099-10-25T00:30:00+00:00", "repeat 02:30; it is the first"),
        ("2099-07-01", "2099-07-01T00:30:00+00:00", "02:30 UTC+02:00"),
    ],
)
def test_time_of_day_that_clocks_skip_or_repeat_is_resolved_and_said(
    day, moment, words, clock, editor, drag, sign_in
):
    clock.set("2099-01-01T00:00:00+00:00")
    half_past_two = datetime(2099, 1, 12, 1, 30, tzinfo=UTC)
    UserProfile.objects.create(user=editor, current_time_zone="Europe/Rome")
    page = schedule(factories.article_page(live=False), half_past_two)

    answer = drag(go_live_url(page), day, old=half_past_two)

    assert approved(page).approved_go_live_at == datetime.fromisoformat(moment)
    assert words in answer.client.get(reverse("calendar")).content.decode()


def test_form_asks_which_is_meant_of_a_time_that_comes_twice(clock, editor, fill_in):
    UserProfile.objects.create(user=editor, current_time_zone="Europe/Rome")
    page = schedule(factories.article_page(live=False))

    answer = fill_in(go_live_url(page), "2099-10-25 02:30")
    assert answer.status_code == 400
    assert "02:30 comes twice on 25 October 2099" in answer.content.decode()

    fill_in(go_live_url(page), "2099-10-25 02:30 +01:00")
    assert approved(page).approved_go_live_at == datetime(2099, 10, 25, 1, 30, tzinfo=UTC)


def test_day_is_kept_in_the_editors_zone_when_summer_time_ends_between(clock, editor, drag):
    UserProfile.objects.create(user=editor, current_time_zone="Europe/Rome")
    page = schedule(factories.article_page(live=False))

    drag(go_live_url(page), "2099-12-01")

    assert approved(page).approved_go_live_at == datetime(2099, 12, 1, 10, tzinfo=UTC)


# Expiries


@MAKERS
def test_expiry_dragged_to_another_day_happens_then(make, drag, run_at):
    made = make(expire_at=NINE)

    assert drag(expiry_url(made), "2099-06-15").status_code == 200

    assert next_moment() == NINE + timedelta(days=3)
    run_at(NINE)
    made.refresh_from_db()
    assert made.live
    run_at(NINE + timedelta(days=3))
    made.refresh_from_db()
    assert (made.live, made.expired) == (False, True)


@MAKERS
def test_what_is_published_next_does_not_bring_the_old_expiry_back(make, drag):
    made = make(expire_at=NINE)
    made.save_revision()  # a draft, with the expiry as it was
    drag(expiry_url(made), "2099-06-15")

    made.refresh_from_db()
    made.get_latest_revision().publish()

    made.refresh_from_db()
    assert made.expire_at == NINE + timedelta(days=3)


def test_draft_with_an_expiry_of_its_own_keeps_it(drag):
    page = factories.article_page(expire_at=NINE)
    page.expire_at = None
    page.save_revision()
    page.refresh_from_db()

    drag(expiry_url(page), "2099-06-15")

    page.refresh_from_db()
    assert page.expire_at == NINE + timedelta(days=3)
    assert page.get_latest_revision_as_object().expire_at is None


@MAKERS
def test_expiry_of_what_is_to_go_live_is_moved(make, drag, run_at):
    made = schedule(make(live=False), NINE - timedelta(days=1), expires=NINE)

    assert drag(expiry_url(made), "2099-06-15").status_code == 200

    entry = log_registry.get_logs_for_instance(made).get(action="publishing.move_expiry")
    assert entry.revision == approved(made)
    run_at(NINE)
    made.refresh_from_db()
    assert (made.live, made.expire_at) == (True, NINE + timedelta(days=3))


def test_expiry_of_what_is_to_go_live_is_moved_though_a_draft_is_newer(drag, run_at):
    page = schedule(factories.article_page(live=False), NINE - timedelta(days=1), expires=NINE)
    page.expire_at = None
    page.save_revision()

    assert drag(expiry_url(page), "2099-06-15").status_code == 200

    run_at(NINE)
    page.refresh_from_db()
    assert (page.live, page.expire_at) == (True, NINE + timedelta(days=3))


def test_preview_of_the_site_as_of_a_moment_follows_a_moved_expiry(editor, drag, sign_in):
    page = schedule(
        factories.article_page(title="Brief", slug="brief", live=False),
        NINE - timedelta(days=1),
        expires=NINE,
    )
    browser = sign_in(editor)
    the_day_after = reverse(
        "as_of_show",
        args=["2099-06-13T00:00:00+00:00", page.get_url_parts()[2].lstrip("/")],
    )
    assert browser.get(the_day_after).status_code == 404

    drag(expiry_url(page), "2099-06-15")

    assert browser.get(the_day_after).status_code == 200


def test_page_that_mirrors_another_follows_it_and_is_not_moved_itself(drag):
    page = factories.article_page(expire_at=NINE)
    alias = CreatePageAliasAction(page, update_slug="alias").execute()
    assert drag(expiry_url(alias), "2099-06-15").json()["message"].startswith("This page mirrors")

    drag(expiry_url(page), "2099-06-15")

    alias.refresh_from_db()
    assert alias.expire_at == NINE + timedelta(days=3)


# What is refused


def test_what_went_live_meanwhile_is_refused(drag, fill_in, run_at):
    page = schedule(factories.article_page(live=False))
    url = go_live_url(page)
    run_at(NINE)

    answer = drag(url, "2099-06-15")
    assert answer.status_code == 409
    assert answer.json() == {"message": CHANGED}
    answer = fill_in(url, "2099-06-15 09:00")
    assert answer.status_code == 409
    assert CHANGED in answer.content.decode()
    page.refresh_from_db()
    assert page.live


def test_what_readers_see_already_is_refused(drag, clock):
    page = schedule(factories.article_page(live=False))
    clock.moment = NINE

    answer = drag(go_live_url(page), "2099-06-15")

    assert answer.status_code == 409
    assert "has gone live already" in answer.json()["message"]
    assert approved(page).approved_go_live_at == NINE


@MAKERS
def test_what_has_expired_already_is_refused(make, drag, clock):
    """Also before a scheduler has unpublished it."""
    made = make(expire_at=NINE)
    clock.moment = NINE

    answer = drag(expiry_url(made), "2099-06-15")

    assert answer.status_code == 409
    assert "has expired already" in answer.json()["message"]
    made.refresh_from_db()
    assert made.expire_at == NINE


@MAKERS
def test_expiry_of_what_is_not_live_and_not_approved_is_not_moved(make, drag):
    made = make(live=False, expire_at=NINE)

    answer = drag(expiry_url(made), "2099-06-15")

    assert (answer.status_code, answer.json()) == (409, {"message": CHANGED})
    made.refresh_from_db()
    assert made.expire_at == NINE


def test_nothing_is_moved_to_this_very_moment(fill_in):
    page = schedule(factories.article_page(live=False))

    answer = fill_in(go_live_url(page), f"{NOW:%Y-%m-%d %H:%M}")

    assert answer.status_code == 409
    assert "This moment has passed" in answer.content.decode()
    assert approved(page).approved_go_live_at == NINE


def test_what_someone_else_moved_meanwhile_is_refused(drag):
    page = schedule(factories.article_page(live=False, expire_at=None))
    expiring = factories.person(expire_at=NINE)
    for url in (go_live_url(page), expiry_url(expiring)):
        assert drag(url, "2099-06-14").status_code == 200

        answer = drag(url, "2099-06-15")

        assert answer.status_code == 409
        assert answer.json() == {"message": CHANGED}
    assert approved(page).approved_go_live_at == NINE + timedelta(days=2)
    assert Person.objects.get().expire_at == NINE + timedelta(days=2)


@pytest.mark.parametrize("day", ["2099-06-09", "2020-01-01"])
def test_moment_that_has_passed_is_refused(day, drag):
    page = schedule(factories.article_page(live=False))
    person = factories.person(expire_at=NINE)

    for url in (go_live_url(page), expiry_url(person)):
        answer = drag(url, day)
        assert answer.status_code == 409
        assert answer.json() == {"message": "This moment has passed: choose one in the future."}


def test_nothing_is_moved_to_expire_before_it_goes_live(drag):
    page = schedule(factories.article_page(live=False), expires=NINE + timedelta(days=2))

    late = drag(go_live_url(page), "2099-06-14")
    early = drag(expiry_url(page), "2099-06-12", old=NINE + timedelta(days=2))

    assert "move its expiry first" in late.json()["message"]
    assert "move its go-live first" in early.json()["message"]
    assert approved(page).approved_go_live_at == NINE


def test_go_live_is_moved_to_any_moment_before_it_expires(drag):
    page = schedule(factories.article_page(live=False), expires=NINE + timedelta(days=5))

    refused = [drag(go_live_url(page), f"2099-06-{day}") for day in (18, 17)]
    moved = drag(go_live_url(page), "2099-06-16")

    for answer in refused:
        assert "It would go live only after it expires" in answer.content.decode()
    assert moved.status_code == 200


def test_what_someone_has_locked_is_refused(drag, administrator):
    page = factories.article_page(expire_at=NINE)
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=administrator)

    answer = drag(expiry_url(page), "2099-06-15")

    assert answer.status_code == 409
    assert "locked" in answer.json()["message"]
    assert drag(expiry_url(page), "2099-06-15", user=administrator).status_code == 200


def test_only_who_may_publish_it_may_move_it(staff, drag, sign_in):
    page = schedule(factories.article_page(live=False))
    person = factories.person(expire_at=NINE)

    assert "Move…" not in sign_in(staff).get(reverse("calendar")).content.decode()
    for url in (go_live_url(page), expiry_url(person)):
        assert drag(url, "2099-06-15", user=staff).status_code == 403
        assert sign_in(staff).get(url).status_code == 302
    assert approved(page).approved_go_live_at == NINE


def test_request_of_another_site_is_refused(editor):
    page = schedule(factories.article_page(live=False))
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)

    answer = browser.post(go_live_url(page), {"old": NINE.isoformat(), "new": "2099-06-15 09:00"})

    assert answer.status_code == 403
    assert approved(page).approved_go_live_at == NINE


@pytest.mark.parametrize("fields", [{}, {"day": "soon", "new": "soon"}, {"old": "then"}])
def test_form_that_makes_no_sense_is_shown_again(fields, editor, sign_in):
    page = schedule(factories.article_page(live=False))
    data = {"old": NINE.isoformat(), "day": "", "new": "", **fields}

    by_form = sign_in(editor).post(go_live_url(page), data)
    by_script = sign_in(editor).post(
        go_live_url(page), data, headers={"X-Requested-With": "XMLHttpRequest"}
    )

    assert by_form.status_code == by_script.status_code == 400
    assert by_script.json() == {"message": "Choose a day of the calendar."}


@pytest.mark.parametrize(
    "path",
    [
        "go-live/7999999/",
        "go-live/99999999999999999999999/",
        "expiry/7999999/1/",
        "expiry/{user}/1/",
        "expiry/{article}/7999999/",
        "expiry/{article}/one/",
        "expiry/{article}/99999999999999999999999/",
    ],
)
def test_address_of_nothing_is_not_found(path, editor, sign_in):
    types = {
        "user": ContentType.objects.get_for_model(type(editor)).pk,
        "article": ContentType.objects.get_for_model(ArticlePage).pk,
    }
    url = f"{reverse('calendar')}move/{path.format(**types)}"

    assert sign_in(editor).get(url).status_code == 404
    assert sign_in(editor).post(url).status_code == 404


# While schedulers are at work


def test_what_was_moved_while_a_scheduler_was_about_to_make_it_is_not_made(drag, clock):
    page = schedule(factories.article_page(live=False))
    [change] = due_changes(NINE, limit=1)
    drag(go_live_url(page), "2099-06-15")

    clock.moment = NINE
    assert durable.make(change) is None

    page.refresh_from_db()
    assert not page.live
    assert approved(page).approved_go_live_at == NINE + timedelta(days=3)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_move_waits_for_who_is_publishing_it_and_is_then_refused(committed, drag):
    page = schedule(factories.article_page(live=False))
    url = go_live_url(page)

    with being_published(page):
        answer = drag(url, "2099-06-15")

    assert answer.status_code == 409
    assert answer.json() == {"message": CHANGED}
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


# Who did it


@MAKERS
def test_move_is_in_the_history_with_both_moments(make, drag, editor, sign_in):
    made = schedule(make(live=False))
    drag(go_live_url(made), "2099-06-15")

    entry = log_registry.get_logs_for_instance(made).get(action="publishing.move_go_live")
    history = sign_in(editor).get(admin_url(made, "history")).content.decode()

    assert entry.user == editor
    assert entry.data == {"from": "2099-06-12T09:00:00Z", "to": "2099-06-15T09:00:00Z"}
    assert (
        "Go-live moved from Fri 12 June 2099, 09:00 UTC+00:00"
        " to Mon 15 June 2099, 09:00 UTC+00:00" in history
    )


def test_who_moved_it_is_among_those_behind_it(drag, editor, administrator, staff, sign_in, run_at):
    made = schedule(factories.article_page(title="News", live=False), user=administrator)
    drag(go_live_url(made), "2099-06-15")

    for moment, words in ((NOW, "Goes live"), (NINE + timedelta(days=3), "Went live")):
        run_at(moment)
        for person, shown in ((editor, True), (administrator, True), (staff, False)):
            answer = sign_in(staff).get(reverse("calendar"), {"person": person.pk})
            assert (">News</a>" in answer.content.decode()) is shown
            assert (words in answer.content.decode()) is shown
    assert CompletedChange.objects.count() == 1
