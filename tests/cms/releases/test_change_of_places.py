"""Within one release pages take each other's addresses, or that of a page which is taken down.

Readers see at its moment what the rows say once the scheduler has been there, and after it is
reverted what they saw before.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Page, Site

from cms.releases import steps as release_steps
from cms.releases.models import ReleaseItem
from pages.models import ArticlePage, ArticlesPage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
ROUTE = """query ($path: String!) { route(path: $path) {
    status page { title path } redirect { target } } }"""


@pytest.fixture(autouse=True)
def day_before(db, clock):
    clock.moment = NINE - timedelta(days=1)


@pytest.fixture
def site(ask):
    """What readers find at addresses: the title of a page, or where they are led."""

    def site(*paths):
        found = {}
        for path in paths:
            route = ask(ROUTE, path=path)["route"]
            page, redirect = route["page"], route["redirect"]
            found[path] = page["title"] if page else redirect and redirect["target"]
        return found

    return site


@pytest.fixture
def window(editor, sign_in):
    return sign_in(editor)


def article(title, **fields):
    return factories.article_page(title=title, slug=title.lower(), **fields)


def write_draft(window, page, **changes):
    version = page.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(version, name, value)
    ids = {}
    if hasattr(version, "body"):
        ids = {f"body-{place}-id": block.id for place, block in enumerate(version.body)}
    assert window.post(admin_url(page, "edit"), submission(version, **ids)).status_code == 302


def goes_live(clock, site, release, editor, *paths):
    """Whatever readers see, before it goes live, at its moment and when it is permanent."""
    release_steps.approve(release, editor)
    before = site(*paths)
    clock.moment = NINE
    at_once = site(*paths)
    call_command("run_scheduler", once=True)
    assert site(*paths) == at_once
    return before, at_once


def is_as_before(release, editor, site, before):
    release_steps.revert(release, editor)
    assert site(*before) == before


def test_two_pages_change_places(window, clock, site, editor):
    one, other = article("One"), article("Other")
    write_draft(window, one, slug="other")
    write_draft(window, other, slug="one")
    release = factories.release([one, other], by=editor, go_live_at=NINE)

    before, after = goes_live(
        clock, site, release, editor, "/articles/one/", "/articles/other/", "/articles/leaves-1/"
    )

    assert after == {
        "/articles/one/": "Other",
        "/articles/other/": "One",
        "/articles/leaves-1/": None,
    }
    assert not Page.objects.filter(slug__startswith="leaves").exists()
    is_as_before(release, editor, site, before)


def test_three_pages_pass_their_addresses_on(window, clock, site, editor):
    pages = [article("One"), article("Two"), article("Three")]
    for page, slug in zip(pages, ["two", "three", "one"], strict=True):
        write_draft(window, page, slug=slug)
    release = factories.release(pages, by=editor, go_live_at=NINE)

    paths = [f"/articles/{slug}/" for slug in ("one", "two", "three")]
    before, after = goes_live(clock, site, release, editor, *paths)

    assert list(after.values()) == ["Three", "One", "Two"]
    is_as_before(release, editor, site, before)


def test_page_takes_the_address_that_another_leaves_for_a_new_one(window, clock, site, editor):
    one, other = article("One"), article("Other")
    write_draft(window, one, slug="elsewhere")
    write_draft(window, other, slug="one")
    release = factories.release([other, one], by=editor, go_live_at=NINE)

    before, after = goes_live(
        clock, site, release, editor, *[f"/articles/{at}/" for at in ("one", "other", "elsewhere")]
    )

    assert after["/articles/one/"] == "Other"
    assert after["/articles/elsewhere/"] == "One"
    assert after["/articles/other/"].endswith("/articles/one/")
    release_steps.revert(release, editor)
    back = site(*before)
    assert (back["/articles/one/"], back["/articles/other/"]) == ("One", "Other")


def test_new_page_takes_the_address_of_one_that_is_taken_down(window, clock, site, editor):
    old = article("Old")
    parent = ArticlesPage.objects.get()
    new = ArticlePage(title="New", slug="old")
    made = window.post(
        reverse("wagtailadmin_pages:add", args=("pages", "articlepage", parent.pk)),
        submission(new, **{"body-count": "1", **paragraph("Text.")}),
        follow=True,
    )
    new = ArticlePage.objects.get(title="New")
    assert (new.slug, new.get_latest_revision_as_object().slug) == ("old-2", "old")
    assert "“Old” has the address “old”" in made.content.decode()
    release = factories.release([new], unpublish=[old], by=editor, go_live_at=NINE)

    before, after = goes_live(clock, site, release, editor, "/articles/old/")

    assert (before, after) == ({"/articles/old/": "Old"}, {"/articles/old/": "New"})
    assert not ArticlePage.objects.get(title="Old").live
    is_as_before(release, editor, site, before)
    assert ArticlePage.objects.get(title="Old").slug == "old"


@pytest.mark.parametrize(("live", "freed"), [(True, "old-2"), (False, "old-3")])
def test_page_that_is_taken_down_leaves_its_address_to_another_of_the_release(
    window, clock, site, editor, live, freed
):
    """Also to a draft, which is kept at an address of its own until then."""
    old, gone, new = article("Old"), article("Gone"), article("New", live=live)
    write_draft(window, new, slug="old")
    assert ArticlePage.objects.get(title="New").slug == ("new" if live else "old-2")
    release = factories.release([new], unpublish=[old, gone], by=editor, go_live_at=NINE)

    _, after = goes_live(clock, site, release, editor, "/articles/old/")

    above = ArticlesPage.objects.get().url_path
    rows = ArticlePage.objects.filter(live=False).order_by("pk")
    assert after == {"/articles/old/": "New"}
    assert [*rows.values_list("slug", "url_path")] == [
        (freed, f"{above}{freed}/"),
        ("gone", f"{above}gone/"),
    ]


def test_page_that_is_taken_down_takes_no_address_that_is_or_will_be_taken(
    window, clock, site, editor
):
    old, moves, new = article("Old"), article("Moves"), article("New", live=False)
    article("Old-2")
    write_draft(window, moves, slug="old-3")
    write_draft(window, new, slug="old")
    release = factories.release([moves, new], unpublish=[old], by=editor, go_live_at=NINE)

    paths = [f"/articles/{slug}/" for slug in ("old", "old-2", "old-3")]
    _, after = goes_live(clock, site, release, editor, *paths)

    assert list(after.values()) == ["New", "Old-2", "Moves"]
    assert ArticlePage.objects.get(title="Old").slug == "old-4"


def test_redirect_of_a_release_stands_where_a_page_of_it_leaves(window, clock, site, editor):
    page = article("One")
    write_draft(window, page, slug="elsewhere")
    release = factories.release([page], by=editor, go_live_at=NINE)
    own = ReleaseItem(release=release, old_path="/articles/one", redirect_link="/articles/")
    own.site = Site.objects.get()
    release_steps.add_redirect(own, editor)

    _, after = goes_live(clock, site, release, editor, "/articles/one/", "/articles/elsewhere/")

    assert after == {"/articles/one/": "/articles/", "/articles/elsewhere/": "One"}


def paragraph(text):
    return {
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "paragraphs",
        "body-0-id": "",
        "body-0-value-text": '{"blocks": [{"key": "a", "text": "Text.", "type": "unstyled",'
        ' "depth": 0, "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}',
    }


def test_new_page_is_not_published_alone_where_another_is(window, editor):
    article("Old")
    new = article("New", live=False)
    write_draft(window, new, slug="old")
    version = ArticlePage.objects.get(pk=new.pk).get_latest_revision_as_object()
    ids = {f"body-{place}-id": block.id for place, block in enumerate(version.body)}

    response = window.post(
        admin_url(new, "edit"), submission(version, **{"action-publish": "1", **ids})
    )

    [message] = response.context["form"].errors["slug"]
    assert "“Old” has the address “old”" in message
    assert not ArticlePage.objects.get(title="New").live


def test_sections_change_places_with_all_beneath_them(window, clock, site, editor):
    here = ArticlesPage.objects.get()
    there = factories.articles_page(title="News", slug="news", parent=here.get_parent())
    factories.article_page(title="In articles", slug="a", parent=here)
    factories.article_page(title="In news", slug="a", parent=there)
    write_draft(window, here, slug="news")
    write_draft(window, there, slug="articles")
    release = factories.release([here, there], by=editor, go_live_at=NINE)

    before, after = goes_live(
        clock, site, release, editor, "/articles/", "/news/", "/articles/a/", "/news/a/"
    )

    assert after == {
        "/articles/": "News",
        "/news/": "Articles",
        "/articles/a/": "In news",
        "/news/a/": "In articles",
    }
    is_as_before(release, editor, site, before)


def test_section_and_a_page_beneath_it_move_in_one_release(window, clock, site, editor):
    """Whichever of them somebody added first."""
    section = ArticlesPage.objects.get()
    page = article("One")
    write_draft(window, section, slug="news")
    write_draft(window, page, slug="other")
    release = factories.release([page, section], by=editor, go_live_at=NINE)

    paths = [f"/{above}/{slug}/" for above in ("articles", "news") for slug in ("one", "other")]
    _, after = goes_live(clock, site, release, editor, *paths)

    assert after["/news/other/"] == "One"
    assert after["/articles/one/"].endswith("/news/other/")


def test_release_shows_in_a_preview_as_it_will_be(window, client, editor):
    one, other = article("One"), article("Other")
    write_draft(window, one, slug="other")
    write_draft(window, other, slug="one")
    release = factories.release([one, other], by=editor)
    text = factories.preview_token(sees="release", release=release)

    answer = client.post(
        "/graphql",
        {"query": "{ articles { nodes { title path } } }"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {text}"},
    ).json()

    nodes = {node["path"]: node["title"] for node in answer["data"]["articles"]["nodes"]}
    assert nodes == {"/articles/other/": "One", "/articles/one/": "Other"}
