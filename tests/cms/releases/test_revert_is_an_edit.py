"""What is put back with a release is not undone by what waits: that is merged, asked or refused."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from cms.releases import steps as release_steps
from cms.releases.models import Release
from cms.scheduling.queue import queued
from pages.models import ArticlePage
from tests import factories
from tests.cms.submission import answer

pytestmark = pytest.mark.usefixtures("pages_above")

NINE, THURSDAY = datetime(2099, 6, 2, 9, tzinfo=UTC), datetime(2099, 6, 4, 9, tzinfo=UTC)
ARTICLES = "{ articles { nodes { title standfirst } } }"


@pytest.fixture
def window(editor, sign_in):
    return sign_in(editor)


@pytest.fixture
def seen(ask, clock):
    def seen(moment):
        clock.moment = moment
        return [(node["title"], node["standfirst"]) for node in ask(ARTICLES)["articles"]["nodes"]]

    return seen


def edited(page, **changes):
    version = ArticlePage.objects.get(pk=page.pk)
    for name, value in changes.items():
        setattr(version, name, value)
    return version


def gone_live(clock, editor, page, **changes):
    clock.moment = NINE - timedelta(hours=1)
    edited(page, **changes).save_revision()
    release = factories.release([page], by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)
    clock.moment = NINE
    call_command("run_scheduler", once=True)
    return release


def plan(page, **changes):
    edited(page, go_live_at=THURSDAY, **changes).save_revision().publish()


def revert(window, release, **said):
    return window.post(reverse("releases:revert", args=[release.pk]), said)


def test_what_was_put_back_stays_when_what_waits_goes_live(db, clock, editor, window, seen):
    page = factories.article_page(title="Old", standfirst="Old.")
    release = gone_live(clock, editor, page, title="New")
    plan(page, standfirst="Planned.")

    response = revert(window, release)

    assert response.status_code == 302
    assert seen(NINE) == [("Old", "Old.")]
    assert seen(THURSDAY) == [("Old", "Planned.")]
    call_command("run_scheduler", once=True)
    assert seen(THURSDAY) == [("Old", "Planned.")]


@pytest.mark.parametrize(("stays", "title"), [("newer", "Old"), ("waiting", "Newest")])
def test_what_both_changed_is_asked(db, clock, editor, window, seen, stays, title):
    page = factories.article_page(title="Old", standfirst="Old.")
    release = gone_live(clock, editor, page, title="New")
    plan(page, title="Newest")

    asked = revert(window, release)
    assert Release.objects.get(pk=release.pk).state == "live"
    answered = answer(window, asked, stays)

    assert answered.status_code == 302
    assert Release.objects.get(pk=release.pk).state == "reverted"
    assert seen(NINE) == [("Old", "Old.")]
    assert seen(THURSDAY) == [(title, "Old.")]


def test_page_that_would_come_back_by_itself_is_named(db, clock, editor, window, seen):
    page = factories.article_page(title="Old", live=False)
    release = gone_live(clock, editor, page, title="New")
    plan(page, title="Newest")
    edited(page, go_live_at=THURSDAY + timedelta(hours=1)).save_revision().publish()

    response = revert(window, release)

    assert response.status_code == 409
    assert response.context["refusal"].sentence == (
        "“New” would be taken down, and go live again by what is scheduled for Thu 4 June 2099,"
        " 09:00 UTC+00:00. Cancel that first."
    )
    assert seen(NINE) == [("New", None)]
    assert len(queued(page)) == 2


def test_what_is_to_be_taken_down_later_does_not_keep_it_from_being_put_back(
    db, clock, editor, window, seen
):
    page = factories.article_page(title="Old", live=False)
    release = gone_live(clock, editor, page, title="New")
    later = factories.release(unpublish=[page], by=editor, go_live_at=THURSDAY, name="Autumn")
    release_steps.approve(later, editor)

    response = revert(window, release)

    assert response.status_code == 302
    assert seen(NINE) == []
    assert seen(THURSDAY) == []


def test_what_was_put_back_is_taken_down_later_as_was_approved(db, clock, editor, window, seen):
    page = factories.article_page(title="Old", standfirst="Old.")
    release = gone_live(clock, editor, page, title="New")
    later = factories.release(unpublish=[page], by=editor, go_live_at=THURSDAY, name="Autumn")
    release_steps.approve(later, editor)

    revert(window, release)

    assert seen(NINE) == [("Old", "Old.")]
    assert seen(THURSDAY) == []


def in_another_release(editor, page, **options):
    edited(page, title="Newest").save_revision()
    later = factories.release(by=editor, go_live_at=THURSDAY, name="Autumn", **options)
    release_steps.approve(later, editor)


COME_SINCE = {
    "scheduled": lambda editor, page: plan(page, title="Newest"),
    "in a release": lambda editor, page: in_another_release(editor, page, publish=[page]),
    "taken down": lambda editor, page: in_another_release(editor, page, unpublish=[page]),
}


@pytest.mark.parametrize(
    ("what", "seconds", "is_permanent"),
    [
        ("scheduled", 0, False),
        ("scheduled", 1, False),
        ("scheduled", 1, True),
        ("in a release", 0, False),
        ("taken down", 1, False),
    ],
)
def test_what_came_since_is_undone_only_when_asked(
    db, clock, editor, window, seen, what, seconds, is_permanent
):
    """Whether a scheduler has been there yet makes no difference."""
    since = timedelta(seconds=seconds)
    page = factories.article_page(title="Old", standfirst="Old.")
    release = gone_live(clock, editor, page, title="New")
    COME_SINCE[what](editor, page)
    shown = seen(THURSDAY + since)
    if is_permanent:
        call_command("run_scheduler", once=True)

    refused = revert(window, release)
    still_shown = seen(THURSDAY + since)
    done = revert(window, release, also_since="on")

    assert refused.status_code == 409
    assert "was changed after the release" in refused.content.decode()
    assert still_shown == shown == ([] if what == "taken down" else [("Newest", "Old.")])
    assert done.status_code == 302
    assert seen(THURSDAY + since) == [("Old", "Old.")]
    call_command("run_scheduler", once=True)
    assert seen(THURSDAY + timedelta(hours=1)) == [("Old", "Old.")]
