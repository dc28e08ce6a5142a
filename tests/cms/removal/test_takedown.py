"""What readers see since its moment is taken down at once, with the scheduler stopped."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.log_actions import registry as log_registry
from wagtail.models import Revision

from cms.outbox.models import ContentEvent
from cms.releases import steps as release_steps
from cms.releases.models import Release
from cms.scheduling.models import FailedChange
from pages.models import ArticlePage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.perspective.scheduled_content import schedule
from tests.cms.submission import submission

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEEN = "{ articles { nodes { title } } people { nodes { name } } forums { nodes { title } } }"
CHANGES = "query C($since: String) { changes(since: $since) { cursor nodes { kind path } } }"


@pytest.fixture
def window(administrator, sign_in):
    return sign_in(administrator)


@pytest.fixture
def readers(ask):
    def readers():
        data = ask(SEEN)
        return {
            name for found in data.values() for node in found["nodes"] for name in node.values()
        }

    return readers


def alone(subject, editor, clock):
    schedule(subject, NINE)


def in_release(subject, editor, clock):
    other = factories.organisation(name="Lab", live=False)
    release = factories.release([subject, other], by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)


def update(subject, editor, clock):
    subject.save_revision().publish()
    schedule(type(subject).objects.get(pk=subject.pk), NINE)


def failed(subject, editor, clock):
    """It is due, and has failed to become permanent."""
    alone(subject, editor, clock)
    clock.moment = NINE
    revision = Revision.objects.get(approved_go_live_at=NINE)
    FailedChange.objects.create(
        action="publish",
        content_type=revision.content_type,
        object_id=revision.object_id,
        title="New",
        revision=revision,
        due_at=NINE,
        reason="Something.",
        failed_at=NINE,
        retry_at=NINE + timedelta(seconds=5),
        attempts=1,
    )


def through_the_screen(window, subject, **chosen):
    assert window.get(admin_url(subject, "unpublish")).status_code == 200
    return window.post(admin_url(subject, "unpublish"), chosen, follow=True)


def several(window, subject, **chosen):
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "unpublish"))
    return window.post(f"{address}?id={subject.pk}&next=/admin/", chosen, follow=True)


def api(window, subject, **chosen):
    address = reverse("wagtailadmin_api:pages:action", args=(subject.pk, "unpublish"))
    return window.post(address, chosen)


PAGE, PERSON = (factories.article_page, "title"), (factories.person, "name")
WAYS = [(through_the_screen, PAGE), (through_the_screen, PERSON), (several, PAGE), (api, PAGE)]


def run_scheduler(clock, moment):
    clock.moment = moment
    call_command("run_scheduler", once=True)


@pytest.mark.parametrize("planned", [alone, in_release, update, failed])
@pytest.mark.parametrize(("way", "kind"), WAYS)
def test_what_is_live_by_the_clock_is_gone_at_once_and_stays_gone(
    way, kind, planned, window, editor, clock, readers
):
    make, name = kind
    clock.moment = NINE - HOUR
    subject = make(**{name: "New"}, live=False)
    planned(subject, editor, clock)
    clock.moment = NINE
    assert "New" in readers()

    response = way(window, subject)

    assert response.status_code == 200
    assert "New" not in readers()
    history = log_registry.get_logs_for_instance(type(subject).objects.get(pk=subject.pk))
    assert history.filter(action="wagtail.unpublish").exists()
    run_scheduler(clock, NINE + HOUR)
    assert "New" not in readers()
    assert planned is not in_release or Release.objects.get().state == "live"


def test_what_others_are_planned_for_stays(window, clock, readers):
    """Also what is planned for a page that has the number of the person taken down."""
    clock.moment = NINE - HOUR
    ben = factories.person(name="Ben", live=False)
    page = factories.article_page(title="Page", live=False)
    ada = factories.person(name="Ada", pk=page.pk, live=False)
    for each in (ben, page, ada):
        schedule(each, NINE)
    clock.moment = NINE

    through_the_screen(window, ada)

    assert readers() & {"Ada", "Ben", "Page"} == {"Ben", "Page"}
    run_scheduler(clock, NINE)
    assert readers() & {"Ada", "Ben", "Page"} == {"Ben", "Page"}


def test_rest_of_a_release_goes_live_without_what_was_taken_down(window, editor, clock, ask):
    clock.moment = NINE - HOUR
    page = factories.article_page(title="New", live=False)
    in_release(page, editor, clock)
    clock.moment = NINE

    through_the_screen(window, page)

    names = "{ organisations { nodes { name } } }"
    assert ask(names)["organisations"]["nodes"] == [{"name": "Lab"}]
    run_scheduler(clock, NINE)
    assert ask(names)["organisations"]["nodes"] == [{"name": "Lab"}]
    history = log_registry.get_logs_for_instance(Release.objects.get())
    assert "New" in history.get(action="publishing.release.take_out").data["items"]


@pytest.mark.parametrize("way", [through_the_screen, several, api])
def test_pages_beneath_go_as_well_when_asked(way, window, clock, readers, editor):
    clock.moment = NINE - HOUR
    forums = factories.forums_page(title="Forums")
    due = factories.forum_page(title="Due", parent=forums, live=False)
    live = factories.forum_page(title="Live", parent=forums)
    coming = factories.forum_page(title="Coming", parent=forums, live=False)
    schedule(due, NINE)
    schedule(coming, NINE + HOUR)
    schedule(factories.article_page(title="Elsewhere", live=False), NINE)
    release = factories.release([live], by=editor, go_live_at=NINE + HOUR)
    release_steps.approve(release, editor)
    clock.moment = NINE
    assert readers() >= {"Due", "Live"}

    way(window, forums, **{"recursive" if way is api else "include_descendants": "on"})

    assert not readers() & {"Due", "Live", "Coming"}
    # Nobody has seen it: what is due elsewhere does not make it something to unpublish.
    history = log_registry.get_logs_for_instance(coming)
    assert not history.filter(action="wagtail.unpublish").exists()
    run_scheduler(clock, NINE + HOUR)
    assert readers() & {"Due", "Live", "Coming", "Elsewhere"} == {"Elsewhere"}


@pytest.mark.parametrize("planned", [alone, in_release])
@pytest.mark.parametrize(("way", "kind"), WAYS[:3])
@pytest.mark.parametrize("kept", [True, False])
def test_what_is_to_come_ends_unless_it_is_to_be_kept(
    kept, way, kind, planned, window, editor, clock, readers
):
    make, name = kind
    clock.moment = NINE - HOUR
    subject = make(**{name: "Live"})
    planned(type(subject).objects.get(pk=subject.pk), editor, clock)

    shown = window.get(admin_url(subject, "unpublish")).content.decode()
    way(window, subject, **({"keep_coming": "on"} if kept else {}))

    assert 'name="keep_coming"' in shown
    assert "Live" not in readers()
    run_scheduler(clock, NINE)
    assert ("Live" in readers()) == kept


def test_what_is_to_come_ends_when_it_is_unpublished_through_the_api(window, clock, readers):
    clock.moment = NINE - HOUR
    page = factories.article_page(title="Live")
    schedule(page, NINE)

    api(window, page)

    run_scheduler(clock, NINE)
    assert "Live" not in readers()


@pytest.mark.parametrize("planned", [alone, in_release])
@pytest.mark.parametrize("expired", [False, True])
def test_what_is_to_come_ends_with_what_code_unpublishes_unless_it_expires(
    expired, planned, editor, clock, readers
):
    clock.moment = NINE - HOUR
    page = factories.article_page(title="Live")
    planned(page, editor, clock)

    ArticlePage.objects.get(pk=page.pk).unpublish(set_expired=expired)

    assert "Live" not in readers()
    run_scheduler(clock, NINE)
    assert ("Live" in readers()) == expired


def test_release_that_is_put_back_ends_what_is_due_since_and_not_what_is_to_come(
    editor, clock, readers
):
    clock.moment = NINE - 2 * HOUR
    page = factories.article_page(title="Before")
    page.title = "Released"
    page.save_revision()
    release = factories.release([page], by=editor, go_live_at=NINE - HOUR)
    release_steps.approve(release, editor)
    run_scheduler(clock, NINE - HOUR)
    schedule(ArticlePage.objects.get(), NINE, search_description="Due")
    schedule(ArticlePage.objects.get(), NINE + HOUR, seo_title="To come")
    clock.moment = NINE
    release_steps.revert(Release.objects.get(), editor, also_since=True)

    assert readers() == {"Before"}
    run_scheduler(clock, NINE + HOUR - timedelta(seconds=1))
    assert ArticlePage.objects.get().search_description == ""
    run_scheduler(clock, NINE + HOUR)
    assert readers() == {"Before"}
    assert ArticlePage.objects.get().seo_title == "To come"


def test_moment_that_is_written_in_a_draft_keeps_nothing_alive(window, clock, readers):
    clock.moment = NINE - HOUR
    page = factories.article_page(title="Live")
    schedule(page, NINE)
    page = ArticlePage.objects.get(pk=page.pk)
    ArticlePage.objects.filter(pk=page.pk).update(go_live_at=NINE + HOUR)

    through_the_screen(window, page)

    run_scheduler(clock, NINE)
    assert "Live" not in readers()


def test_screen_says_what_readers_see_by_the_clock(window, clock, editor):
    clock.moment = NINE - HOUR
    page = factories.article_page(title="New", live=False)
    in_release(page, editor, clock)
    clock.moment = NINE

    shown = window.get(admin_url(page, "unpublish")).content.decode()
    form = window.get(admin_url(page, "edit")).content.decode()

    assert "though it is not permanent yet" in shown
    assert "with the release “Spring”" in shown
    assert admin_url(page, "unpublish") in form


def test_form_of_a_person_offers_to_take_down_what_is_due(window, clock):
    clock.moment = NINE - HOUR
    person = factories.person(name="New", live=False)
    schedule(person, NINE)
    before = window.get(admin_url(person, "edit")).content.decode()
    clock.moment = NINE

    assert admin_url(person, "unpublish") not in before
    assert admin_url(person, "unpublish") in window.get(admin_url(person, "edit")).content.decode()


@pytest.mark.parametrize("kind", [PAGE, PERSON])
def test_what_is_due_is_cancelled_in_the_queue(kind, window, clock, readers):
    make, name = kind
    clock.moment = NINE - HOUR
    subject = make(**{name: "As it was"})
    setattr(subject, name, "New")
    schedule(subject, NINE)
    clock.moment = NINE
    assert "New" in readers()
    revision = Revision.objects.get(approved_go_live_at=NINE)

    window.post(reverse("cancel_scheduled", args=(revision.pk,)))

    assert readers() & {"New", "As it was"} == {"As it was"}
    run_scheduler(clock, NINE + HOUR)
    assert readers() & {"New", "As it was"} == {"As it was"}


@pytest.mark.parametrize("step", ["cancel", "reopen"])
def test_release_that_is_due_is_taken_back_as_a_whole(step, window, clock, readers, editor):
    clock.moment = NINE - HOUR
    page = factories.article_page(title="New", live=False)
    in_release(page, editor, clock)
    clock.moment = NINE
    release = Release.objects.get()
    address = reverse(f"releases:{step}", args=(release.pk,))
    assert "Readers see it already" in window.get(address).content.decode()

    window.post(address)

    assert "New" not in readers()
    run_scheduler(clock, NINE + HOUR)
    assert "New" not in readers()


@pytest.mark.parametrize("planned", [alone, in_release])
def test_correction_is_seen_at_once_and_stays(planned, window, clock, readers, editor):
    clock.moment = NINE - HOUR
    page = factories.article_page(title="Wrong", live=False)
    planned(page, editor, clock)
    clock.moment = NINE
    newest = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()

    corrected = {"title": "Right", "go_live_at": "", "action-publish": "1"}
    window.post(admin_url(page, "edit"), submission(newest, **corrected))

    assert readers() & {"Right", "Wrong"} == {"Right"}
    run_scheduler(clock, NINE + HOUR)
    assert readers() & {"Right", "Wrong"} == {"Right"}


@pytest.mark.parametrize("planned", [alone, in_release])
def test_what_is_due_stays_though_something_is_scheduled_for_later(
    planned, window, clock, readers, editor
):
    clock.moment = NINE - HOUR
    page = factories.article_page(title="New", live=False)
    planned(page, editor, clock)
    clock.moment = NINE
    newest = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()

    later = {"title": "Newer", "go_live_at": NINE + 2 * HOUR, "action-publish": "1"}
    window.post(admin_url(page, "edit"), submission(newest, **later))

    assert readers() & {"New", "Newer"} == {"New"}
    run_scheduler(clock, NINE + HOUR)
    assert readers() & {"New", "Newer"} == {"New"}
    run_scheduler(clock, NINE + 2 * HOUR)
    assert readers() & {"New", "Newer"} == {"Newer"}


def test_what_a_release_took_down_is_published_again_by_hand(window, clock, readers, editor):
    clock.moment = NINE - HOUR
    page = factories.article_page(title="Here")
    release = factories.release(unpublish=[page], by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)
    clock.moment = NINE
    assert "Here" not in readers()

    ArticlePage.objects.get(pk=page.pk).get_latest_revision().publish()

    assert "Here" in readers()
    run_scheduler(clock, NINE + HOUR)
    assert "Here" in readers()


def test_what_expires_or_is_released_keeps_what_is_to_come(clock, readers):
    clock.moment = NINE - HOUR
    page = factories.article_page(title="Live", expire_at=NINE)
    schedule(page, NINE + HOUR, title="Again")
    run_scheduler(clock, NINE)
    assert not readers() & {"Live", "Again"}

    run_scheduler(clock, NINE + HOUR)

    assert "Again" in readers()


def test_who_asks_for_changes_hears_that_what_was_due_is_gone(window, clock, ask):
    clock.moment = NINE - HOUR
    page = factories.article_page(title="New", slug="new", live=False)
    schedule(page, NINE)
    clock.moment = NINE
    cursor = ask(CHANGES)["changes"]["cursor"]

    through_the_screen(window, page)

    told = ask(CHANGES, since=cursor)["changes"]["nodes"]
    assert told == [{"kind": "UNPUBLISHED", "path": None}]


def test_who_asks_for_changes_hears_once_of_what_was_permanent(window, clock, ask):
    clock.moment = NINE
    page = factories.article_page(title="Live", slug="live")
    cursor = ask(CHANGES)["changes"]["cursor"]

    through_the_screen(window, page)

    told = ask(CHANGES, since=cursor)["changes"]["nodes"]
    assert [each["kind"] for each in told] == ["UNPUBLISHED"]
    assert ContentEvent.objects.filter(object_id=str(page.pk), was_public=True).count() == 1


def test_nobody_without_the_right_takes_it_down(staff, sign_in, clock, readers):
    clock.moment = NINE - HOUR
    page, person = factories.article_page(title="New", live=False), factories.person(live=False)
    schedule(page, NINE)
    schedule(person, NINE, name="Ada")
    clock.moment = NINE
    window = sign_in(staff)

    window.post(admin_url(page, "unpublish"))
    window.post(admin_url(person, "unpublish"))
    several(window, page)
    api(window, page)

    assert readers() >= {"New", "Ada"}


def test_list_of_pages_asks_once_what_is_due(window, clock):
    clock.moment = NINE - HOUR
    parent = factories.articles_page()
    for _ in range(3):
        schedule(factories.article_page(parent=parent, live=False), NINE)
    clock.moment = NINE

    with CaptureQueriesContext(connection) as captured:
        shown = window.get(reverse("wagtailadmin_explore", args=(parent.pk,))).content.decode()

    assert shown.count("/unpublish/") >= 3
    columns = [query["sql"].partition(" FROM ")[0] for query in captured.captured_queries]
    due = [each for each in columns if "approved_go_live_at" in each and "created_at" not in each]
    assert len(due) == 1, due
