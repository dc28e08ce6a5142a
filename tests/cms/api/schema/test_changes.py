"""``changes``: what a frontend that builds pages ahead of time has to build anew."""

from __future__ import annotations

import base64
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page, PageViewRestriction, Site

from cms.scheduling import durable
from pages.models import ArticlePage, ArticlesPage, Navigation, SiteSettings
from tests import factories
from tests.api_ids import id_of
from tests.cms.perspective.scheduled_content import at, schedule, scheduled
from tests.conftest import post_graphql

QUERY = """
    query Changes($since: String, $first: Int) {
      changes(since: $since, first: $first) {
        nodes { kind type nodeId path previousPath }
        cursor
        hasMore
      }
    }
"""


class Reader:
    """Reads the changes since it read last."""

    def __init__(self, ask):
        self.ask = ask
        self.cursor = ask(QUERY)["changes"]["cursor"]

    def page(self, first=None):
        answer = self.ask(QUERY, since=self.cursor, first=first)["changes"]
        self.cursor = answer["cursor"]
        return answer

    def read(self, first=None):
        nodes, has_more = [], True
        while has_more:
            answer = self.page(first)
            nodes += answer["nodes"]
            has_more = answer["hasMore"]
        return nodes

    def told(self):
        """Of each page its kind, where it was and where it is; of others their type."""
        return sorted(
            (node["kind"], node["previousPath"] or "", node["path"] or node["type"])
            for node in self.read()
        )


@pytest.fixture
def reader(db, ask, clock):
    clock.moment = at(1)
    factories.articles_page(slug="articles")
    return lambda: Reader(ask)


def test_without_a_cursor_one_begins_with_nothing(reader, ask):
    factories.article_page()

    assert ask(QUERY)["changes"]["nodes"] == []
    assert reader().read() == []


def test_life_of_a_page(reader):
    read = reader()

    page = factories.article_page(slug="one", title="One")
    assert read.read() == [
        {
            "kind": "PUBLISHED",
            "type": "ArticlePage",
            "nodeId": id_of(page),
            "path": "/articles/one/",
            "previousPath": None,
        }
    ]
    page.title = "Other"
    page.save_revision()
    assert read.told() == []
    page.get_latest_revision().publish()
    assert read.told() == [("UPDATED", "/articles/one/", "/articles/one/")]
    page.slug = "two"
    page.save_revision().publish()
    assert read.told() == [("MOVED", "/articles/one/", "/articles/two/")]
    page.unpublish()
    assert read.told() == [("UNPUBLISHED", "/articles/two/", "ArticlePage")]
    page.delete()
    assert read.told() == []


def test_of_several_changes_the_last_state_is_told(reader):
    page = factories.article_page(slug="one")
    brief = factories.article_page(slug="brief", live=False)
    read = reader()

    page.slug = "two"
    page.save_revision().publish()
    page.slug = "three"
    page.save_revision().publish()
    brief.save_revision().publish()
    brief.refresh_from_db()
    brief.unpublish()

    assert read.told() == [("MOVED", "/articles/one/", "/articles/three/")]


def section_of_two():
    section = factories.deliverable_category_page(title="Papers", slug="papers")
    for slug, live in (("one", True), ("draft", False), ("two", True)):
        factories.deliverable_page(parent=section, slug=slug, title=slug, live=live)
    return section


def rename(section):
    section.slug = "white-papers"
    section.save_revision().publish()


def move(section):
    other = factories.deliverable_category_page(title="Other", slug="other")
    paper = section.get_children().get(slug="one")
    MovePageAction(paper, other, pos="last-child").execute()


def delete(section):
    section.delete()


def make_private(section):
    PageViewRestriction.objects.create(page=section, restriction_type="login")


HERE = "/deliverables/papers/"
THERE = "/deliverables/white-papers/"
MOVES = {
    rename: [("MOVED", f"{HERE}{slug}", f"{THERE}{slug}") for slug in ("", "one/", "two/")],
    move: [
        ("MOVED", f"{HERE}one/", "/deliverables/other/one/"),
        ("PUBLISHED", "", "/deliverables/other/"),
    ],
    delete: [
        ("UNPUBLISHED", HERE, "DeliverableCategoryPage"),
        *(("UNPUBLISHED", f"{HERE}{slug}/", "DeliverablePage") for slug in ("one", "two")),
    ],
}
MOVES[make_private] = MOVES[delete]


@pytest.mark.parametrize("change", MOVES)
def test_all_that_is_public_beneath_a_section_is_told_of(reader, change):
    section = section_of_two()
    read = reader()

    change(section)

    assert read.told() == MOVES[change]


def test_private_section_is_told_of_when_it_opens_and_never_before(reader):
    section = section_of_two()
    restriction = PageViewRestriction.objects.create(page=section, restriction_type="login")
    read = reader()

    rename(section)
    section.refresh_from_db()
    factories.deliverable_page(parent=section, slug="new")
    assert read.told() == []

    restriction.delete()
    assert [(kind, path) for kind, _, path in read.told()] == [
        ("PUBLISHED", f"{THERE}{slug}") for slug in ("", "new/", "one/", "two/")
    ]


def test_private_section_is_deleted_without_a_word(reader):
    section = section_of_two()
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    read = reader()

    section.delete()

    assert [read.page(first=1)["nodes"] for _ in range(8)] == [[]] * 8


def test_aliases_are_told_of_with_their_page(reader):
    page = factories.article_page(slug="one")
    CreatePageAliasAction(page, parent=page.get_parent(), update_slug="alias").execute()
    read = reader()

    page.title = "Other"
    page.save_revision().publish()

    assert read.told() == [
        ("UPDATED", f"/articles/{slug}/", f"/articles/{slug}/") for slug in ("alias", "one")
    ]


def test_people_and_settings_are_told_of(reader):
    read = reader()

    person = factories.person(live=False)
    assert read.told() == []
    person.save_revision().publish()
    SiteSettings.objects.create(site=Site.objects.get(), name="Group")
    Navigation.objects.create(site=Site.objects.get())
    assert read.told() == [
        ("PUBLISHED", "", "Person"),
        ("UPDATED", "", "Navigation"),
        ("UPDATED", "", "SiteSettings"),
    ]
    person.delete()
    assert read.told() == [("UNPUBLISHED", "", "Person")]


def test_picture_is_told_of_where_it_is_used(reader):
    unused, used = factories.image("Unused"), factories.image("Used")
    factories.article_page(
        slug="one", header_image=used, header_image_alt_text="A board", live=True
    )
    factories.article_page(
        slug="draft", header_image=used, header_image_alt_text="A board", live=False
    )
    read = reader()

    for image in (unused, used):
        image.focal_point_x = 10
        image.save()

    assert read.told() == [("UPDATED", "/articles/one/", "/articles/one/")]


def test_picture_is_told_of_where_it_was_used_a_moment_ago(reader, clock):
    """What has gone live by schedule is written to the index of references later."""
    picture = factories.image("Used")
    article = factories.article_page(slug="one")
    article.header_image, article.header_image_alt_text = picture, "A board"
    article.go_live_at = clock.moment + timedelta(hours=1)
    article.save_revision().publish()
    clock.moment += timedelta(hours=1)
    with patch.object(durable, "index_what_went_live", return_value=False):
        call_command("run_scheduler", once=True)
    read = reader()

    picture.focal_point_x = 10
    picture.save()

    assert read.told() == [("UPDATED", "/articles/one/", "/articles/one/")]


def test_other_sites_are_not_told_of(reader, client):
    other_home = Page.objects.get(depth=1).add_child(
        instance=type(factories.home_page())(
            title="Other", slug="other", introduction="<p>Other.</p>", tagline="Other."
        )
    )
    Site.objects.create(hostname="other.example.org", root_page=other_home)
    read = reader()

    other_home.title = "Changed"
    other_home.save()

    assert read.told() == []


def test_new_root_of_the_site_asks_for_everything_anew(reader, client):
    read = reader()
    site = Site.objects.get()

    site.root_page = ArticlesPage.objects.get()
    site.save()

    answer = post_graphql(client, QUERY, {"since": read.cursor}).json()
    assert answer["errors"][0]["extensions"]["code"] == "CURSOR_EXPIRED"


# What is due


def test_what_is_due_is_told_before_the_scheduler_made_it_permanent(reader, clock):
    section = section_of_two()
    schedule(section, at(2), slug="white-papers")
    scheduled(factories.article_page, at(2), slug="new", expires=at(4))
    factories.article_page(slug="old")
    ArticlePage.objects.filter(slug="old").update(expire_at=at(3))
    read = reader()
    assert read.told() == []

    clock.moment = at(2)
    due = [*MOVES[rename], ("PUBLISHED", "", "/articles/new/")]
    assert read.told() == due
    clock.moment = at(3)
    assert read.told() == [*due, ("UNPUBLISHED", "/articles/old/", "ArticlePage")]
    clock.moment = at(4)
    assert read.told() == [*MOVES[rename], ("UNPUBLISHED", "/articles/old/", "ArticlePage")]


@pytest.mark.parametrize("first", [1, 2, 3])
def test_what_is_due_comes_a_page_at_a_time_behind_what_is_permanent(reader, clock, first):
    section = section_of_two()
    schedule(section, at(2), slug="white-papers")
    read = reader()
    factories.article_page(slug="permanent")
    clock.moment = at(2)

    nodes = read.read(first)

    paths = [node["path"] for node in nodes]
    assert paths[0] == "/articles/permanent/"
    assert sorted(paths[1:]) == [f"{THERE}{slug}" for slug in ("", "one/", "two/")]


# Cursors


@pytest.mark.parametrize("cursor", ["", "x", "bm9uZQ==", "WzFd", "W10=", "\0", "ñ"])
def test_what_is_no_cursor_is_refused(db, client, cursor):
    answer = post_graphql(client, QUERY, {"since": cursor}).json()

    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_cursor_betrays_nothing_of_what_is_hidden(reader, ask, clock):
    """Read one by one, it marks a place behind each object that is due, hidden ones too."""
    section = ArticlesPage.objects.get()
    hidden = scheduled(factories.article_page, at(2), slug="hidden")
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    scheduled(factories.charter_page, at(2))
    read = reader()
    clock.moment = at(3)

    held = []
    for _ in range(3):
        read.page(first=1)
        held.append(base64.urlsafe_b64decode(read.cursor + "=="))

    words = ("changes", "2099", f'"{hidden.pk}"')
    assert not any(word.encode() in each for each in held for word in words)


def test_whether_there_is_more_betrays_nothing_of_what_is_hidden(reader, clock):
    section = ArticlesPage.objects.get()
    for slug in ("one", "two", "three"):
        scheduled(factories.article_page, at(2), slug=slug)
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    charter = scheduled(factories.charter_page, at(2), slug="charter")
    read = reader()
    clock.moment = at(3)

    first = read.page(first=1)

    assert [node["nodeId"] for node in first["nodes"]] == [id_of(charter)]
    assert not first["hasMore"]


def test_cursor_ends(reader, clock, client):
    read = reader()
    clock.set("2099-09-15T00:00:00+00:00")

    answer = post_graphql(client, QUERY, {"since": read.cursor}).json()

    assert answer["errors"][0]["extensions"]["code"] == "CURSOR_EXPIRED"
    assert Reader(read.ask).read() == []


@pytest.mark.parametrize("first", [-1, 1000])
def test_no_more_is_read_than_of_other_lists(reader, client, first):
    read = reader()

    answer = post_graphql(client, QUERY, {"since": read.cursor, "first": first}).json()

    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_cost_does_not_depend_on_how_much_changed(reader, statements):
    few, many = reader(), reader()
    factories.article_page(slug="one")
    few.page()
    many_cursor = many.cursor
    for number in range(15):
        factories.article_page(slug=f"article-{number}")
    few.page()

    many.cursor = many_cursor
    with statements(6):
        many.page()


@pytest.mark.parametrize("first", [1, 3, 50])
def test_what_is_due_is_read_once_however_much_of_it_is_asked_for(reader, clock, statements, first):
    for number in range(4):
        scheduled(factories.article_page, at(2), slug=f"article-{number}")
    before, read = reader(), reader()
    clock.moment = at(2)
    before.page()

    with statements(10):
        read.page(first)


@pytest.mark.parametrize("first", [1, 2])
def test_what_is_due_and_in_the_log_is_told_once(reader, clock, first):
    read = reader()
    article = factories.article_page(slug="one")
    schedule(article, at(2), slug="two")
    clock.moment = at(2)

    assert [node["path"] for node in read.read(first)] == ["/articles/two/"]


def test_restriction_is_told_of_what_mirrors_the_page_too(db, ask):
    page = factories.article_page()
    mirror = CreatePageAliasAction(page, parent=page.get_parent(), update_slug="alias").execute()
    cursor = ask("{ changes { cursor } }")["changes"]["cursor"]

    PageViewRestriction.objects.create(page=page, restriction_type="login")
    query = "query ($since: String) { changes(since: $since) { nodes { kind nodeId } } }"
    told = ask(query, since=cursor)["changes"]["nodes"]

    assert {(each["kind"], each["nodeId"]) for each in told} == {
        ("UNPUBLISHED", id_of(page)),
        ("UNPUBLISHED", id_of(mirror)),
    }
