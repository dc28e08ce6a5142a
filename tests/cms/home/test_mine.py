"""The first page: what is mine, what releases published, and common jobs in one click."""

from datetime import UTC, datetime
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from cms.releases import steps as release_steps
from pages.models import ArticlePage, ArticlesPage, SurveyPage
from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.submission import submission
from tests.conftest import check_number, statements_of

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]
NEXT_SUMMER = datetime(2100, 7, 1, 7, 0, tzinfo=UTC)
JOBS = ["New article", "New forum", "Add a deliverable", "Change the survey"]


def panels(client):
    return {
        type(panel).__name__: panel.get_context_data({"request": response.wsgi_request})
        for response in [client.get(home_url())]
        for panel in response.context["panels"]
    }


def drafts_of(client):
    return [row["subject"].title for row in panels(client)["MyDrafts"]["drafts"]]


def save(client, subject, **fields):
    client.post(admin_url(subject, "edit"), submission(subject, **fields))
    subject.refresh_from_db()


# My drafts


def test_drafts_that_i_wrote_are_mine(staff, editor, sign_in):
    client = sign_in(staff)
    new = factories.article_page(title="New", live=False)
    live = factories.article_page(title="Live")
    person, theirs = factories.person(name="Ada", live=False), factories.article_page(live=False)
    for subject in (new, live, person):
        save(client, subject)
    save(sign_in(editor), theirs)
    factories.article_page(title="Of nobody", live=False)

    rows = panels(client)["MyDrafts"]["drafts"]

    assert [row["subject"].title for row in rows] == ["Ada", "Live", "New"]  # the last one first
    assert [row["live"] for row in rows] == [False, True, False]


def test_draft_stays_mine_when_a_colleague_saves_it(staff, editor, sign_in):
    page = factories.article_page(title="Mine", live=False, owner=staff)
    save(sign_in(editor), page, title="Mine, put right")

    (row,) = panels(sign_in(staff))["MyDrafts"]["drafts"]

    assert (row["subject"].title, row["by"]) == ("Mine, put right", "edith")


def test_what_was_submitted_scheduled_or_published_is_no_draft_of_mine(staff, editor, sign_in):
    client = sign_in(editor)
    submitted, scheduled, published, kept = (
        factories.article_page(title=title, live=False, owner=editor)
        for title in ("Submitted", "Scheduled", "Published", "Kept")
    )
    save(client, submitted, **{"action-submit": "1"})
    save(client, published, **{"action-publish": "1"})
    save(client, kept)
    scheduled.go_live_at = NEXT_SUMMER
    scheduled.save_revision(user=editor).publish(user=editor)

    assert drafts_of(client) == ["Kept"]
    save(client, published)
    assert set(drafts_of(client)) == {"Kept", "Published"}  # It has been edited since.


def test_what_one_may_not_see_is_not_listed_any_longer(staff, sign_in):
    page = factories.article_page(live=False, owner=staff)
    save(sign_in(staff), page)
    assert len(drafts_of(sign_in(staff))) == 1

    GroupPagePermission.objects.filter(group=staff.groups.get()).delete()

    assert drafts_of(sign_in(staff)) == []


# What releases published


def test_publication_names_the_release_it_came_with(staff, editor, sign_in):
    by_hand = factories.article_page(title="By hand", live=False)
    save(sign_in(editor), by_hand, **{"action-publish": "1"})
    released = factories.article_page(title="Released", live=False)
    person = factories.person(name="Ada", live=False)
    release = factories.release([released, person], name="Spring", by=editor)
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)

    page = sign_in(staff).get(home_url()).content.decode()
    shown = panels(sign_in(staff))["PublishedLast"]["publications"]

    found = {row["subject"].title: row["release"] and row["release"].title for row in shown}
    assert found["Released"] == "Spring"
    assert found["Ada"] == "Spring"
    assert found["By hand"] is None
    assert reverse("releases:inspect", args=[release.pk]) in page


def test_publication_after_a_release_is_not_said_to_come_with_it(editor, sign_in):
    page = factories.article_page(title="Released", live=False)
    release = factories.release([page], by=editor)
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)
    page.refresh_from_db()
    save(sign_in(editor), page, **{"action-publish": "1"})

    shown = panels(sign_in(editor))["PublishedLast"]["publications"]

    (row,) = (row for row in shown if row["subject"].title == "Released")
    assert row["release"] is None


# Common jobs


def jobs_shown(client):
    return {
        job.name: [place.url for place in job.places]
        for job in panels(client)["CommonJobs"]["jobs"]
    }


@pytest.fixture
def _all_pages():
    factories.pages_above()
    factories.survey_page()
    factories.deliverable_category_page(title="Case studies")


@pytest.mark.usefixtures("_all_pages")
@pytest.mark.parametrize("group", ["Communications staff", "Editors", "Administrators"])
def test_each_job_is_begun_by_one_link(group, sign_in):
    client = sign_in(factories.user(group=group))

    jobs = jobs_shown(client)

    assert list(jobs) == JOBS
    assert [len(jobs[name]) for name in JOBS] == [1, 1, 2, 1]
    shown = client.get(home_url()).content.decode()
    for places in jobs.values():
        for url in places:
            assert f'href="{url}"' in shown
            assert client.get(url).status_code == 200


@pytest.mark.usefixtures("_all_pages")
def test_only_jobs_that_someone_may_do_are_offered(sign_in):
    group = Group.objects.create(name="Of articles")
    group.permissions.add(
        *Group.objects.get(name="Editors").permissions.filter(codename="access_admin")
    )
    held = GroupPagePermission.objects.filter(
        group__name="Communications staff", permission__codename="add_page"
    )
    GroupPagePermission.objects.create(
        group=group, page=ArticlesPage.objects.get(), permission=held.get().permission
    )

    assert list(jobs_shown(sign_in(factories.user(group="Of articles")))) == ["New article"]


@pytest.mark.usefixtures("_all_pages")
def test_locked_survey_is_not_offered(editor, staff, sign_in):
    survey = SurveyPage.objects.get()
    survey.locked, survey.locked_by = True, editor
    survey.save()

    assert "Change the survey" not in jobs_shown(sign_in(staff))


def test_nothing_is_offered_where_there_is_no_place_for_it(staff, sign_in):
    assert jobs_shown(sign_in(staff)) == {}


# What it costs


def one_more(user, client):
    for live in (True, False):
        save(client, factories.article_page(live=live, owner=user))
    save(client, factories.person(live=False))
    article = factories.article_page(live=False)
    release = factories.release([article], by=user)
    release_steps.approve(release, user, now=True)
    call_command("run_scheduler", once=True)
    factories.deliverable_category_page()


@pytest.mark.decided_in_python  # How many statements run, that is.
@pytest.mark.usefixtures("_all_pages")
def test_first_page_costs_the_same_however_much_is_mine(editor, sign_in):
    client = sign_in(editor)
    for _ in range(2):
        one_more(editor, client)
    client.get(home_url())
    few = statements_of(partial(client.get, home_url()))
    for _ in range(4):
        one_more(editor, client)

    many = statements_of(partial(client.get, home_url()))

    check_number(len(few), many)
    assert Page.objects.count() > 25
    assert ArticlePage.objects.count() >= 18
