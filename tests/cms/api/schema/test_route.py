"""`route`: what a frontend's catch-all needs in one call."""

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction, Site

from tests import factories

pytestmark = pytest.mark.django_db

ROUTE = """
query ($path: String!) {
  route(path: $path) {
    status
    page { __typename title path ... on CharterPage { efficiencyUnit } }
    redirect { permanent target page { title } }
  }
}
"""
NOT_FOUND = {"status": 404, "page": None, "redirect": None}


@pytest.fixture
def route(ask):
    return lambda path: ask(ROUTE, path=path)["route"]


@pytest.mark.parametrize("path", ["/charter/", "/charter", "charter", "charter/", "//charter//"])
def test_a_page_is_found_with_slashes_forgiven(route, path):
    factories.charter_page()

    assert route(path) == {
        "status": 200,
        "page": {
            "__typename": "CharterPage",
            "title": "Charter",
            "path": "/charter/",
            "efficiencyUnit": "POp/W",
        },
        "redirect": None,
    }


@pytest.mark.parametrize("path", ["/", ""])
def test_the_home_page_is_at_the_root(route, path):
    factories.home_page()

    assert route(path)["page"]["path"] == "/"


@pytest.mark.parametrize(
    "path", ["/char/", "/charter/more/", "/x/charter/", "/CHARTER/", "/charter/?a=1", "/cha%rter/"]
)
def test_only_the_exact_path_counts(route, path):
    factories.charter_page()

    assert route(path) == NOT_FOUND


@pytest.mark.parametrize("path", ["http://[", "//[/charter", "//\u2100", "/char\0ter/"])
def test_at_a_path_that_cannot_be_there_is_nothing(route, path):
    factories.charter_page()

    assert route(path) == NOT_FOUND


def test_at_a_path_longer_than_an_address_may_be_there_is_nothing(ask, route):
    factories.home_page()

    assert route("/" * 2_000)["status"] == 200
    assert route("/" * 2_001) == NOT_FOUND
    assert ask("query ($p: String!) { page(path: $p) { id } }", p="/" * 2_001) == {"page": None}


def test_a_page_of_another_site_is_not_found(route):
    charter = factories.charter_page()
    elsewhere = factories.home_page(title="Elsewhere", slug="elsewhere")
    Site.objects.update(root_page=charter.get_parent())
    Site.objects.create(hostname="elsewhere.example.org", root_page=elsewhere)
    factories.forums_page(parent=elsewhere)

    assert route("/charter/")["status"] == 200
    assert route("/forums/") == NOT_FOUND


@pytest.mark.parametrize(("permanent", "status"), [(True, 301), (False, 302)])
def test_a_redirect_to_a_page_tells_its_path(route, permanent, status):
    charter = factories.charter_page()
    Redirect.objects.create(old_path="/old-charter", redirect_page=charter, is_permanent=permanent)

    assert route("/old-charter/") == {
        "status": status,
        "page": None,
        "redirect": {"permanent": permanent, "target": "/charter/", "page": {"title": "Charter"}},
    }


def test_a_redirect_to_an_address_tells_it(route):
    factories.home_page()
    Redirect.objects.create(old_path="/paper", redirect_link="https://example.org/paper")

    assert route("/paper") == {
        "status": 301,
        "page": None,
        "redirect": {"permanent": True, "target": "https://example.org/paper", "page": None},
    }


def test_a_redirect_of_this_site_goes_before_one_for_all(route):
    factories.home_page()
    Redirect.objects.create(old_path="/paper", redirect_link="/for-all")
    Redirect.objects.create(old_path="/paper", redirect_link="/ours", site=Site.objects.get())

    assert route("/paper")["redirect"]["target"] == "/ours"


def test_a_redirect_to_a_hidden_page_is_not_found(route):
    charter = factories.charter_page()
    Redirect.objects.create(old_path="/old-charter", redirect_page=charter)
    PageViewRestriction.objects.create(page=charter, restriction_type="login")

    assert route("/old-charter/") == NOT_FOUND
    assert route("/charter/") == NOT_FOUND


def test_a_redirect_that_leads_nowhere_is_not_found(route):
    factories.home_page()
    Redirect.objects.create(old_path="/void")

    assert route("/void") == NOT_FOUND


def test_a_page_goes_before_a_redirect(route):
    factories.charter_page()
    Redirect.objects.create(old_path="/charter", redirect_link="/elsewhere")

    assert route("/charter/")["status"] == 200
