"""Who is redirected goes to the end at once, also where one redirect leads to another, and nowhere
if it leads back to itself."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from cms.api.reading.redirects import MOST_STEPS
from tests import factories

pytestmark = pytest.mark.django_db

ROUTE = """query ($path: String!) { route(path: $path) {
  status redirect { path permanent target page { title } } } }"""
LIST = "{ redirects(first: 100) { nodes { path permanent target page { title } } } }"


def redirects(**targets: str | Page) -> None:
    """Of paths without their slash; a ``_`` at the end says that one is not for good."""
    for name, target in targets.items():
        to: dict[str, Any] = {"redirect_link": target}
        if isinstance(target, Page):
            to = {"redirect_page": target}
        Redirect.objects.create(
            old_path=f"/{name.rstrip('_')}", is_permanent=not name.endswith("_"), **to
        )


@pytest.fixture
def route(ask):
    return lambda path: ask(ROUTE, path=path)["route"]


def test_the_end_is_told_at_once(route):
    charter = factories.charter_page()
    redirects(a="/b/", b="/c", c=charter)

    assert route("/a/") == {
        "status": 301,
        "redirect": {
            "path": "/a",
            "permanent": True,
            "target": "/charter/",
            "page": {"title": "Charter"},
        },
    }


def test_the_end_may_be_elsewhere_with_its_query_string_and_fragment(route):
    factories.home_page()
    redirects(a="/b?from=a", b="https://example.org/b?x=1#y")

    assert route("/a")["redirect"]["target"] == "https://example.org/b?x=1#y"


@pytest.mark.parametrize(
    ("last", "target"),
    [
        ("https://example.org/c", "https://example.org/c#part"),
        ("https://example.org/c#own", "https://example.org/c#own"),
    ],
)
def test_a_fragment_is_kept_as_browsers_keep_it(route, last, target):
    factories.home_page()
    redirects(a="/b#part", b=last)

    assert route("/a")["redirect"]["target"] == target


def test_a_fragment_is_kept_at_a_page(route):
    redirects(a="/b#mission", b=factories.charter_page())

    assert route("/a")["redirect"]["target"] == "/charter/#mission"


def test_one_for_the_very_query_string_goes_first(route):
    factories.home_page()
    Redirect.objects.create(old_path="/b?x=1", redirect_link="/very/")
    redirects(a="/b?x=1", b="/plain/")

    assert route("/a")["redirect"]["target"] == "/very/"


def test_where_a_page_stands_the_way_ends(route):
    factories.charter_page()
    redirects(a="/charter/", charter="/elsewhere/")

    assert route("/a")["redirect"] == {
        "path": "/a",
        "permanent": True,
        "target": "/charter/",
        "page": None,
    }


def test_for_good_is_what_is_so_all_the_way(route):
    factories.home_page()
    redirects(a="/b", b_="/c", c="/d/")

    assert route("/a")["status"] == 302
    assert route("/a")["redirect"]["permanent"] is False
    assert route("/c")["status"] == 301


@pytest.mark.parametrize("circle", [{"a": "/a/"}, {"a": "/b", "b": "/c", "c": "/a"}])
def test_a_circle_leads_nowhere(route, ask, circle):
    """Forms and imports refuse them; what is old, or comes by another way, is told as not found."""
    factories.home_page()
    redirects(**circle, before="/a")

    for path in ("/a", "/before"):
        assert route(path) == {"status": 404, "redirect": None}
    told = {each["path"]: each["target"] for each in ask(LIST)["redirects"]["nodes"]}
    assert told == {f"/{name}": link for name, link in circle.items()} | {"/before": "/a"}


@pytest.mark.parametrize("hidden", ["draft", "private"])
def test_one_that_leads_to_what_readers_may_not_see_counts_as_not_there(route, hidden):
    page = factories.article_page(live=hidden != "draft")
    if hidden == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    redirects(a="/b/", b=page)

    assert route("/a")["redirect"]["target"] == "/b/"
    assert route("/b")["status"] == 404


def test_another_site_s_redirects_are_not_followed(route):
    factories.home_page()
    other = Site.objects.create(
        hostname="other.example.org", root_page=factories.charter_page().get_parent()
    )
    Redirect.objects.create(old_path="/b", redirect_link="/c/", site=other)
    redirects(a="/b")

    assert route("/a")["redirect"]["target"] == "/b"


def test_after_many_steps_the_rest_is_left_to_the_reader(route):
    factories.home_page()
    redirects(**{f"n{number}": f"/n{number + 1}" for number in range(MOST_STEPS + 5)})

    assert route("/n0")["redirect"]["target"] == f"/n{MOST_STEPS + 1}"


def test_the_list_tells_the_ends_of_many_in_as_many_statements_as_of_one(ask, statements):
    charter = factories.charter_page()
    redirects(a0="/b0", b0=charter)
    ask(LIST)
    with statements(STATEMENTS_OF_LIST):
        ask(LIST)
    for number in range(1, 20):
        redirects(**{f"a{number}": f"/b{number}", f"b{number}": charter})

    with statements(STATEMENTS_OF_LIST):
        nodes = ask(LIST)["redirects"]["nodes"]

    assert len(nodes) == 40
    assert {each["target"] for each in nodes} == {"/charter/"}
    assert {each["page"]["title"] for each in nodes} == {"Charter"}


# Site and moments; the list; where pages stand; what the links lead to; the page.
STATEMENTS_OF_LIST = 5
