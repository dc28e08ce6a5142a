"""The lists from which a frontend builds everything: pages, redirects and tags.

That they tell of nothing hidden, ``test_secrets`` finds out for all fields of the schema.
"""

from datetime import UTC, datetime

import pytest
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from tests import factories
from tests.api_ids import id_for
from tests.cms.perspective.scheduled_content import schedule

pytestmark = pytest.mark.django_db

PAGES = """
query ($first: Int, $after: String) {
  pages(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { __typename path url title ... on CharterPage { efficiencyUnit } }
    edges { node { path } }
  }
}
"""
REDIRECTS = """
query ($first: Int, $after: String) {
  redirects(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id path target permanent page { __typename path } }
  }
}
"""


@pytest.fixture
def everything(db):
    factories.pages_above()
    return factories.article_page(title="Words", slug="words")


def test_all_pages_are_listed_each_after_the_one_above_it(ask, everything):
    paths = [page["path"] for page in ask(PAGES)["pages"]["nodes"]]

    assert paths[0] == "/"
    assert "/articles/words/" in paths
    assert len(paths) == len(set(paths)) == ask(PAGES)["pages"]["totalCount"]
    for path in paths[1:]:
        above = path.rstrip("/").rpartition("/")[0] + "/"
        assert paths.index(above) < paths.index(path)


def test_pages_are_listed_a_page_at_a_time(ask, everything):
    whole = ask(PAGES)["pages"]
    seen, after = [], None
    while True:
        part = ask(PAGES, first=2, after=after)["pages"]
        seen += part["nodes"]
        after = part["pageInfo"]["endCursor"]
        if not part["pageInfo"]["hasNextPage"]:
            break

    assert seen == whole["nodes"]
    assert [edge["node"]["path"] for edge in whole["edges"]] == [page["path"] for page in seen]


def test_pages_cost_as_many_statements_however_many_there_are(ask, everything, statements):
    charter = factories.charter_page()
    ask(PAGES)

    # Snapshot and sites; rows, total, and what a charter alone has.
    with statements(4):
        ask(PAGES)
    for number in range(5):
        factories.article_page(title=f"More {number}")
    with statements(4):
        found = ask(PAGES)["pages"]["nodes"]

    assert {"efficiencyUnit": charter.efficiency_unit}.items() <= next(
        page for page in found if page["path"] == "/charter/"
    ).items()


def test_hidden_pages_and_those_of_other_sites_are_not_listed(ask, everything):
    own = Site.objects.get().root_page
    there = factories.home_page(title="Elsewhere", slug="elsewhere")
    Site.objects.update(root_page=own)
    Site.objects.create(hostname="elsewhere.example.org", root_page=there)
    factories.article_page(title="Draft", slug="draft", live=False)
    before = ask(PAGES)["pages"]
    PageViewRestriction.objects.create(page=everything, restriction_type="login")

    after = ask(PAGES)["pages"]

    titles = {page["title"] for page in before["nodes"]} - {
        page["title"] for page in after["nodes"]
    }
    assert titles == {"Words"}
    assert after["totalCount"] == before["totalCount"] - 1
    assert not {"Draft", "Elsewhere"} & {page["title"] for page in before["nodes"]}


def test_a_page_is_listed_from_its_second_on(ask, everything, clock):
    article = factories.article_page(title="Due", slug="due", live=False)
    revision = article.save_revision(clean=False)
    revision.approved_go_live_at = "2026-01-20T09:00:00+00:00"
    revision.save()

    assert "/articles/due/" not in [page["path"] for page in ask(PAGES)["pages"]["nodes"]]
    clock.set("2026-01-20T09:00:00+00:00")
    assert "/articles/due/" in [page["path"] for page in ask(PAGES)["pages"]["nodes"]]


def test_redirects_are_listed_as_they_are_followed(ask, everything, statements):
    hidden = factories.article_page(title="Draft", slug="draft", live=False)
    own, other = (
        Site.objects.get(),
        Site.objects.create(hostname="a.org", root_page=Page.get_first_root_node()),
    )
    for path, fields in {
        "/z": {"redirect_link": "https://example.org/z", "is_permanent": False},
        "/old?a=1": {"redirect_page": everything, "redirect_page_route_path": "/more"},
        "/hidden": {"redirect_page": hidden},
        "/void": {},
        "/theirs": {"redirect_link": "/theirs-new", "site": other},
        "/ours": {"redirect_link": "/for-all"},
        "/closed": {"redirect_link": "/for-all"},
    }.items():
        Redirect.objects.create(old_path=path, **fields)
    Redirect.objects.create(old_path="/ours", redirect_link="/ours-new", site=own)
    Redirect.objects.create(old_path="/closed", redirect_page=hidden, site=own)
    ask(REDIRECTS)

    # Two of them because some lead to paths of the site, and perhaps on from there.
    with statements(6):
        found = ask(REDIRECTS)["redirects"]

    told = [(each["path"], each["target"], each["permanent"]) for each in found["nodes"]]
    assert told == [
        ("/old?a=1", "/articles/words/more", True),
        ("/ours", "/ours-new", True),
        ("/z", "https://example.org/z", False),
    ]
    assert found["totalCount"] == 3
    assert found["nodes"][0]["page"] == {"__typename": "ArticlePage", "path": "/articles/words/"}
    query = "query ($p: String!) { route(path: $p) { redirect { id path target } } }"
    for each in found["nodes"]:
        alone = ask(query, p=each["path"])["route"]["redirect"]
        assert alone == {name: each[name] for name in ("id", "path", "target")}
    for path in ("/hidden", "/void", "/theirs", "/closed"):
        assert ask(query, p=path)["route"]["redirect"] is None
    second = ask(
        REDIRECTS, first=1, after=ask(REDIRECTS, first=1)["redirects"]["pageInfo"]["endCursor"]
    )
    assert second["redirects"]["nodes"] == found["nodes"][1:2]


def tagged(page, names, *, live=True):
    page.tags.add(*names)
    page.save()
    revision = page.save_revision()
    if live:
        revision.publish()


def tags(ask, arguments=""):
    found = ask(f"{{ tags{arguments} {{ totalCount nodes {{ name }} }} }}")["tags"]
    assert found["totalCount"] == len(found["nodes"])
    return [tag["name"] for tag in found["nodes"]]


def test_tags_are_those_of_what_readers_see(ask, everything, statements):
    for title, names, live in (
        ("One", ["edge", "power"], True),
        ("Two", ["edge", "memory"], True),
        ("Draft", ["secret"], False),
    ):
        tagged(factories.article_page(title=title, live=False), names, live=live)
    tagged(factories.deliverable_page(live=False), ["paper", "edge"])
    Tag.objects.create(name="unused")
    tags(ask)

    with statements(3):
        assert tags(ask) == ["edge", "memory", "paper", "power"]
    assert tags(ask, "(of: ARTICLES)") == ["edge", "memory", "power"]
    assert tags(ask, "(of: DELIVERABLES)") == ["edge", "paper"]
    assert tags(ask, '(locale: "xx", fallback: false)') == []
    rest = ask("query ($c: String) { tags(after: $c) { nodes { name } } }", c=first_cursor(ask))[
        "tags"
    ]["nodes"]
    assert rest == [{"name": "memory"}, {"name": "paper"}, {"name": "power"}]


COUNTED = "{ tags { nodes { id name articleCount deliverableCount } } }"


def counted(ask):
    nodes = ask(COUNTED)["tags"]["nodes"]
    return {node["name"]: (node["articleCount"], node["deliverableCount"]) for node in nodes}


def test_tag_says_how_many_of_what_readers_see_have_it(ask, everything, statements):
    for title, names, live in (
        ("One", ["edge", "power"], True),
        ("Two", ["edge"], True),
        ("Draft", ["edge", "secret"], False),
    ):
        tagged(factories.article_page(title=title, live=False), names, live=live)
    restricted = factories.article_page(title="Private", live=False)
    tagged(restricted, ["edge"])
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")
    tagged(factories.deliverable_page(live=False), ["paper", "edge"])
    counted(ask)

    with statements(4):
        assert counted(ask) == {"edge": (2, 1), "paper": (0, 1), "power": (1, 0)}
    listed = '{ articles(filter: {tags: ["edge"]}) { totalCount } }'
    assert ask(listed)["articles"]["totalCount"] == 2
    nowhere = '{ tags { nodes { articleCount(locale: "xx", fallback: false) } } }'
    assert {node["articleCount"] for node in ask(nowhere)["tags"]["nodes"]} == {0}


def test_counts_follow_what_readers_see_later(ask, everything, clock):
    page = factories.article_page(title="Later", live=False)
    page.tags.add("edge")
    page.save()
    clock.moment = datetime(2099, 6, 1, 8, tzinfo=UTC)
    schedule(page, datetime(2099, 6, 1, 9, tzinfo=UTC))
    tagged(factories.deliverable_page(live=False), ["edge"])

    assert counted(ask) == {"edge": (0, 1)}

    clock.moment = datetime(2099, 6, 1, 9, tzinfo=UTC)

    assert counted(ask) == {"edge": (1, 1)}


def test_tag_is_found_by_its_id_as_long_as_something_visible_has_it(ask, everything):
    page = factories.article_page(title="One", live=False)
    tagged(page, ["edge"])
    tagged(factories.article_page(title="Draft", slug="draft", live=False), ["secret"], live=False)
    (tag,) = ask("{ tags { nodes { id name } } }")["tags"]["nodes"]
    hidden = id_for(Tag, Tag.objects.get(name="secret").pk)
    find = "query ($i: [ID!]!) { nodes(ids: $i) { __typename id ... on Tag { name } } }"

    assert tag["id"] != id_for(Page, Tag.objects.get(name="edge").pk)
    assert ask(find, i=[tag["id"], hidden])["nodes"] == [{"__typename": "Tag", **tag}, None]

    page.refresh_from_db()
    page.unpublish()

    assert ask(find, i=[tag["id"]])["nodes"] == [None]


def first_cursor(ask):
    return ask("{ tags(first: 1) { pageInfo { endCursor } } }")["tags"]["pageInfo"]["endCursor"]
