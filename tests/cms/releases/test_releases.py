"""Releases as readers meet them: all of one at its moment, or none of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

from cms.releases import steps as release_steps
from cms.releases.models import ReleaseItem
from cms.releases.steps import NotPossible
from cms.scheduling.models import CompletedChange, FailedChange
from pages.models import ArticlePage, Organisation
from tests import factories

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
BEFORE = NINE - timedelta(seconds=1)
HOUR = timedelta(hours=1)

TITLES = """{
    articles(orderBy: OLDEST_FIRST) { totalCount nodes { title path firstPublishedAt } }
    organisations { nodes { name } }
    route(path: "/old-news/") { status redirect { target } }
}"""


@pytest.fixture
def spring(db, clock, editor):
    """A new article, a changed one, one that goes, an organisation, and a redirect, at nine."""
    clock.moment = NINE - HOUR
    new = factories.article_page(title="New", slug="new", live=False)
    changed = factories.article_page(title="Changed", slug="changed")
    changed.title = "Changed by the release"
    changed.save_revision(user=editor)
    gone = factories.article_page(title="Gone", slug="gone")
    factories.article_page(title="Stays", slug="stays")
    lab = factories.organisation(name="Lab", live=False)
    return factories.release(
        [new, changed, lab],
        unpublish=[gone],
        redirects={"/old-news": "/articles/stays/"},
        by=editor,
        go_live_at=NINE,
    )


def approve(release, user, **options):
    release_steps.approve(release, user, **options)
    release.refresh_from_db()


Seen = tuple[set[str], set[str], int]


def readers_see(ask):
    data = ask(TITLES)
    assert data["articles"]["totalCount"] == len(data["articles"]["nodes"])
    titles = {node["title"] for node in data["articles"]["nodes"]}
    names = {node["name"] for node in data["organisations"]["nodes"]}
    return titles, names, data["route"]["status"]


OLD: Seen = ({"Changed", "Gone", "Stays"}, set(), 404)
NEW: Seen = ({"New", "Changed by the release", "Stays"}, {"Lab"}, 301)


def test_readers_see_all_of_it_at_its_second_with_the_scheduler_stopped(spring, clock, editor, ask):
    approve(spring, editor)

    clock.moment = BEFORE
    assert readers_see(ask) == OLD
    clock.moment = NINE
    assert readers_see(ask) == NEW


def test_nothing_of_it_shows_before_it_is_approved(spring, clock, ask):
    clock.moment = NINE + HOUR

    assert readers_see(ask) == OLD


def test_scheduler_makes_it_permanent_and_readers_see_no_difference(spring, clock, editor, ask):
    approve(spring, editor)
    clock.moment = NINE
    before = ask(TITLES)

    call_command("run_scheduler", once=True)

    assert ask(TITLES) == before
    assert readers_see(ask) == NEW
    assert set(ArticlePage.objects.live().values_list("title", flat=True)) == NEW[0]
    assert Organisation.objects.get().live
    spring.refresh_from_db()
    assert spring.state == "live"
    completed = CompletedChange.objects.get()
    assert (completed.title, completed.due_at) == ("Spring", NINE)


def test_release_goes_live_though_who_approved_it_may_not_publish_any_more(
    spring, clock, editor, ask
):
    approve(spring, editor)
    editor.groups.clear()
    clock.moment = NINE

    call_command("run_scheduler", once=True)

    assert readers_see(ask) == NEW
    spring.refresh_from_db()
    assert spring.state == "live"


@pytest.fixture
def previewed(editor, client, capsys):
    """The articles that a token for a release shows: when each title was first published."""

    def previewed(release):
        call_command("create_preview_token", "Board", by=editor.username, release=release.pk)
        token = capsys.readouterr().out.strip()

        def articles():
            headers = {"Authorization": f"Bearer {token}"}
            answer = client.get("/graphql", {"query": TITLES}, headers=headers).json()
            nodes = answer["data"]["articles"]["nodes"]
            return {node["title"]: node["firstPublishedAt"] for node in nodes}

        return articles

    return previewed


def test_release_is_previewed_without_what_is_not_ready_as_if_it_went_live_now(clock, previewed):
    clock.moment = NINE
    new, without_version = (
        factories.article_page(title=title, slug=title.lower(), live=False)
        for title in ("New", "Versionless")
    )
    gap = factories.deliverable_page(title="Gap", live=False)
    gap.date = None
    gap.save_revision(clean=False)
    Page.objects.filter(pk=without_version.pk).update(latest_revision=None)
    Revision.objects.for_instance(without_version).delete()

    articles = previewed(factories.release([new, without_version, gap]))

    assert articles() == {"New": "2099-06-02T09:00:00+00:00"}


def test_release_whose_moment_has_passed_is_previewed_as_of_now(spring, clock, previewed):
    """Nobody approved it in time. What has gone live since is there as well."""
    articles = previewed(spring)
    since = factories.article_page(title="Since", slug="since", live=False)
    Revision.objects.filter(pk=since.latest_revision_id).update(approved_go_live_at=NINE + HOUR)
    clock.moment = NINE + 2 * HOUR

    assert articles().keys() == {"New", "Changed by the release", "Stays", "Since"}


def test_who_previews_a_release_sees_what_was_changed_since_it_went_live(
    spring, clock, editor, previewed
):
    articles = previewed(spring)
    approve(spring, editor)
    clock.moment = NINE
    call_command("run_scheduler", once=True)
    page = ArticlePage.objects.get(slug="changed")
    page.title = "Changed once more"
    page.save_revision().publish()

    assert articles().keys() == {"New", "Changed once more", "Stays"}


def test_going_live_is_in_the_history_of_the_release_and_of_each_object(spring, clock, editor):
    approve(spring, editor)
    clock.moment = NINE
    call_command("run_scheduler", once=True)

    steps = ModelLogEntry.objects.for_instance(spring).order_by("timestamp", "pk")
    assert list(steps.values_list("action", flat=True)) == [
        *["publishing.release.add"] * 3,
        "publishing.release.approve",
        "publishing.release.go_live",
    ]
    assert {step.user for step in steps} == {editor}
    changed = ArticlePage.objects.get(slug="changed")
    entry = PageLogEntry.objects.for_instance(changed).latest("pk")
    assert (entry.action, entry.user) == ("publishing.publish_in_release", editor)


def test_what_was_approved_is_what_goes_out(spring, clock, editor, ask):
    approve(spring, editor)
    changed = ArticlePage.objects.get(slug="changed")
    changed.title = "Written after the approval"
    changed.save_revision()

    clock.moment = NINE
    assert readers_see(ask) == NEW
    call_command("run_scheduler", once=True)

    assert readers_see(ask) == NEW
    changed.refresh_from_db()
    assert changed.has_unpublished_changes


def test_one_that_cannot_be_published_leaves_all_of_it_unmade(spring, clock, editor, mailoutbox):
    approve(spring, editor)
    new = ArticlePage.objects.get(slug="new")
    revision = new.get_latest_revision()
    revision.content["title"] = ""
    revision.save()
    clock.moment = NINE

    with pytest.raises(CommandError, match="could not be made"):
        call_command("run_scheduler", once=True)

    assert not ArticlePage.objects.filter(title="Changed by the release").exists()
    assert ArticlePage.objects.get(slug="gone").live
    assert not Redirect.objects.exists()
    failure = FailedChange.objects.get()
    assert failure.title == "Spring"
    assert mailoutbox[0].subject == "“Spring” did not go live"
    assert mailoutbox[0].to == ["edith@example.org"]


def test_late_one_is_marked_so(spring, clock, editor):
    approve(spring, editor)
    clock.moment = NINE + HOUR

    call_command("run_scheduler", once=True)

    assert CompletedChange.objects.late().get().title == "Spring"
    entry = ModelLogEntry.objects.for_instance(spring).latest("pk")
    assert entry.data["late_by_seconds"] == 3600


def test_published_now_it_is_there_at_once(spring, editor, ask):
    approve(spring, editor, now=True)

    assert readers_see(ask) == NEW


def test_new_page_goes_live_beneath_a_new_page(db, clock, editor, ask):
    section = factories.deliverable_category_page(title="Papers", slug="papers", live=False)
    paper = factories.deliverable_page(parent=section, title="Paper", slug="paper", live=False)
    release = factories.release([paper, section], by=editor)

    approve(release, editor, now=True)
    query = '{ page(path: "/deliverables/papers/paper/") { title ancestors { title } } }'
    seen_at_once = ask(query)
    call_command("run_scheduler", once=True)

    assert seen_at_once == ask(query)
    assert seen_at_once["page"]["title"] == "Paper"


# Cancelled, moved, reopened


def test_cancelled_release_does_not_go_live(spring, clock, editor, ask):
    approve(spring, editor)
    release_steps.cancel(spring, editor)
    clock.moment = NINE
    call_command("run_scheduler", once=True)

    assert readers_see(ask) == OLD


def test_moved_release_goes_live_at_its_new_moment(spring, clock, editor, ask):
    approve(spring, editor)
    release_steps.move(spring, NINE + HOUR, editor)

    clock.moment = NINE
    assert readers_see(ask) == OLD
    clock.moment = NINE + HOUR
    assert readers_see(ask) == NEW


def test_reopened_release_follows_the_newest_versions_again(spring, clock, editor, ask):
    approve(spring, editor)
    release_steps.reopen(spring, editor)
    changed = ArticlePage.objects.get(slug="changed")
    changed.title = "Changed once more"
    changed.save_revision()
    approve(spring, editor)

    clock.moment = NINE
    assert "Changed once more" in readers_see(ask)[0]


@pytest.mark.parametrize("step", [release_steps.cancel, release_steps.reopen])
def test_what_readers_see_already_is_taken_back_as_a_whole(spring, clock, editor, step, ask):
    approve(spring, editor)
    clock.moment = NINE
    assert readers_see(ask) == NEW

    step(spring, editor)

    assert readers_see(ask) == OLD
    call_command("run_scheduler", once=True)
    assert readers_see(ask) == OLD


# Reverted


@pytest.fixture
def live(spring, clock, editor):
    approve(spring, editor)
    clock.moment = NINE
    call_command("run_scheduler", once=True)
    clock.moment = NINE + HOUR
    return spring


def test_reverted_release_leaves_all_as_it_was(live, editor, ask):
    # What a release takes down has not expired: nobody's moment has come.
    assert not ArticlePage.objects.get(slug="gone").expired

    release_steps.revert(live, editor)

    assert readers_see(ask) == OLD
    assert ArticlePage.objects.get(slug="changed").title == "Changed"
    assert not ArticlePage.objects.get(slug="new").expired
    assert not Redirect.objects.exists()
    entry = ModelLogEntry.objects.for_instance(live).latest("pk")
    assert (entry.action, entry.user) == ("publishing.release.revert", editor)


def test_revert_keeps_what_was_published_since_unless_told(live, editor, ask):
    new = ArticlePage.objects.get(slug="new")
    new.title = "Mended"
    new.save_revision().publish()

    with pytest.raises(NotPossible, match="changed after the release"):
        release_steps.revert(live, editor)
    assert "Mended" in readers_see(ask)[0]

    release_steps.revert(live, editor, also_since=True)
    assert readers_see(ask) == OLD


def test_revert_brings_back_imported_content_and_replaced_redirects(db, clock, editor, ask):
    """Content that was imported is live without a revision that says so."""
    clock.moment = NINE
    imported = factories.article_page(title="Imported", slug="imported")
    Revision.objects.filter(object_id=str(imported.pk)).delete()
    Page.objects.filter(pk=imported.pk).update(live_revision=None, latest_revision=None)
    imported = ArticlePage.objects.get(pk=imported.pk)
    imported.title = "Changed"
    imported.save_revision()
    Redirect.objects.create(old_path="/old-news", redirect_link="/elsewhere/", is_permanent=False)
    release = factories.release([imported], redirects={"/old-news": "/"}, by=editor)
    approve(release, editor, now=True)
    call_command("run_scheduler", once=True)
    assert readers_see(ask) == ({"Changed"}, set(), 301)

    release_steps.revert(release, editor)

    assert readers_see(ask) == ({"Imported"}, set(), 302)


# Revisions


def test_approved_version_survives_the_tidying_of_old_ones(spring, clock, editor, ask):
    approve(spring, editor)
    changed = ArticlePage.objects.get(slug="changed")
    changed.title = "Newer"
    changed.save_revision()

    call_command("purge_revisions", verbosity=0)

    clock.moment = NINE
    assert readers_see(ask) == NEW


def test_deleting_an_object_of_an_approved_release_is_told_and_stops_nothing_else(
    spring, clock, editor, ask
):
    approve(spring, editor)
    ArticlePage.objects.get(slug="new").delete()
    clock.moment = NINE
    other = factories.article_page(title="Other", slug="other", live=False)
    approve(factories.release([other], by=editor, name="Other"), editor, now=True)

    with pytest.raises(CommandError):
        call_command("run_scheduler", once=True)

    assert "has been deleted" in FailedChange.objects.get().reason
    assert ArticlePage.objects.get(slug="other").live


# What is gone of it


@pytest.fixture
def look(ask):
    """What readers see, and still do once the scheduler has failed to make it permanent."""

    def look():
        seen = readers_see(ask)
        with pytest.raises(CommandError):
            call_command("run_scheduler", once=True)
        assert readers_see(ask) == seen
        return seen

    return look


def test_no_draft_stands_in_for_an_approved_version_that_is_gone(spring, clock, editor, look):
    approve(spring, editor)
    changed = ArticlePage.objects.get(slug="changed")
    approved = changed.latest_revision_id
    changed.title = "Nobody approved this"
    changed.save_revision()
    Revision.objects.filter(pk=approved).delete()

    clock.moment = NINE

    assert look() == OLD
    assert "is gone" in FailedChange.objects.get().reason


@pytest.mark.parametrize(
    ("title", "rest"),
    [("New", OLD), ("Gone", ({"Changed", "Stays"}, set(), 404))],
    ids=["to be published", "to be unpublished"],
)
def test_nothing_of_a_release_shows_once_an_object_of_it_is_deleted(
    spring, clock, editor, look, title, rest
):
    approve(spring, editor)
    ArticlePage.objects.get(title=title).delete()

    clock.moment = NINE

    assert look() == rest


def test_nothing_of_a_release_shows_once_a_redirect_of_it_leads_nowhere(
    spring, clock, editor, look, client, administrator
):
    target = factories.article_page(title="Target", slug="target")
    release_steps.add_redirect(
        ReleaseItem(release=spring, old_path="/old-target", redirect_page=target), editor
    )
    approve(spring, editor)
    # As the database does when the page is deleted past what keeps it.
    ReleaseItem.objects.filter(redirect_page=target).update(redirect_page=None)

    clock.moment = NINE

    titles, *others = OLD
    assert look() == (titles | {"Target"}, *others)
    assert "has been deleted" in FailedChange.objects.get().reason
    client.force_login(administrator)
    page = client.get(reverse("releases:inspect", args=[spring.pk])).content.decode()
    assert "Leads to a page that has been deleted" in page
    release_steps.reopen(spring, editor)
    with pytest.raises(NotPossible, match="The page that /old-target leads to has been deleted"):
        approve(spring, editor, now=True)


CHANGES = "query ($since: String) { changes(since: $since) { cursor nodes { kind } } }"


@pytest.mark.parametrize(("moment", "told"), [(NINE, "UNPUBLISHED"), (BEFORE, None)])
def test_who_asks_for_changes_hears_of_a_cancelled_release_what_they_have_seen(
    clock, editor, ask, moment, told
):
    clock.moment = NINE - HOUR
    page = factories.article_page(title="New", slug="new", live=False)
    release = factories.release([page], by=editor, go_live_at=NINE)
    approve(release, editor)
    clock.moment = moment
    cursor = ask(CHANGES)["changes"]["cursor"]

    release_steps.cancel(release, editor)

    nodes = ask(CHANGES, since=cursor)["changes"]["nodes"]
    assert [node["kind"] for node in nodes] == ([told] if told else [])
