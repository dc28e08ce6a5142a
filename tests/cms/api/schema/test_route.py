"""`route`: what a frontend's catch-all needs in one call."""

from urllib.parse import quote

import pytest
from django.utils.encoding import iri_to_uri
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

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
# Snapshot, sites and the page itself.
STATEMENTS_OF_A_PAGE = 2
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
    "path",
    [
        *("/char/", "/charter/more/", "/x/charter/", "/CHARTER/", "/cha%rter/", "/charter%00/"),
        *("/charter%2F", "%2Fcharter", "/charter;a", "/%FFcharter/", "/charter%3Fa"),
    ],
)
def test_only_the_exact_path_counts(route, path):
    factories.charter_page()

    assert route(path) == NOT_FOUND


@pytest.mark.parametrize("behind", ["?a=1", "#part", "?a=1#part", "?", "#?", "?a=%00", "?a=//["])
def test_whatever_follows_the_path_the_page_is_found(route, behind):
    factories.charter_page()

    for path in ("/charter/", "/charter", "charter"):
        assert route(path + behind)["page"]["title"] == "Charter"
    assert route(behind)["page"]["title"] == "Home"


COMPOSED, PARTED = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize("name", [COMPOSED, PARTED, quote(COMPOSED), quote(PARTED)])
def test_a_page_is_found_however_its_path_is_written(ask, route, statements, name):
    factories.article_page(title="It", slug=COMPOSED)
    route("/")

    with statements(STATEMENTS_OF_A_PAGE):
        assert route(f"/articles/{name}/")["page"]["title"] == "It"
    assert ask("query ($p: String!) { page(path: $p) { title } }", p=f"articles/{name}?a=1") == {
        "page": {"title": "It"}
    }


@pytest.mark.parametrize("name", [PARTED, quote(PARTED)])
def test_a_page_that_was_imported_with_accents_of_their_own_is_found(route, name):
    article = factories.article_page(title="It", slug=COMPOSED)
    stored = article.url_path.replace(COMPOSED, PARTED)
    Page.objects.filter(pk=article.pk).update(slug=PARTED, url_path=stored)

    assert route(f"/articles/{name}/")["page"]["title"] == "It"


def test_a_path_beneath_a_name_of_other_letters_is_found(route):
    factories.article_page(title="It", slug="日本", parent=factories.articles_page(slug="記事"))

    assert route("/%E8%A8%98%E4%BA%8B/%E6%97%A5%E6%9C%AC/")["page"]["title"] == "It"
    assert route("/記事/%E6%97%A5%E6%9C%AC")["page"]["title"] == "It"


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


@pytest.fixture
def elsewhere(db):
    """A page of another site."""
    own = factories.home_page()
    there = factories.home_page(title="Elsewhere", slug="elsewhere")
    Site.objects.update(root_page=own)
    Site.objects.create(hostname="elsewhere.example.org", port=443, root_page=there)
    return factories.forums_page(parent=there)


def test_a_redirect_to_a_page_of_another_site_tells_its_whole_address(route, elsewhere):
    Redirect.objects.create(
        old_path="/moved", redirect_page=elsewhere, redirect_page_route_path="/archive/"
    )

    target = route("/moved")["redirect"]["target"]
    assert target == "https://elsewhere.example.org/forums/archive/"


def test_texts_link_to_pages_of_other_sites_by_their_whole_address(ask, elsewhere):
    """And to nothing where the page is private, as where there is none."""
    charter, ours = factories.charter_page(), factories.articles_page()
    private = factories.articles_page(parent=elsewhere.get_parent(), slug="private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    keys = [charter.pk, elsewhere.pk, private.pk, 999_999]
    links = "".join(f'<a linktype="page" id="{key}">it</a>, ' for key in keys)
    text = f"<p>{links}</p>"
    factories.article_page(parent=ours, body=[("paragraphs", {"text": text})])

    query = "{ articles { nodes { body { ... on ArticleParagraphs { text { html } } } } } }"
    [article] = ask(query)["articles"]["nodes"]

    assert article["body"][0]["text"]["html"] == (
        '<p><a href="/charter/">it</a>, '
        '<a href="https://elsewhere.example.org/forums/">it</a>, it, it,</p>'
    )


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


@pytest.fixture
def redirects(db):
    """As the admin and imports keep them: in Wagtail's own form."""
    factories.home_page()
    for path in ("/paper", "/paper?b=2&a=1", f"/{COMPOSED}/x"):
        Redirect.add_redirect(path, f"https://example.org{len(path)}")
    Redirect.objects.create(old_path="/kept%20as-it-is", redirect_link="/kept")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/paper", "https://example.org6"),
        ("/paper/?c=3", "https://example.org6"),
        ("/paper/#part", "https://example.org6"),
        ("/paper?a=1&b=2", "https://example.org14"),
        ("/paper/?b=2&a=1#part", "https://example.org14"),
        ("/paper?a=1", "https://example.org6"),
        (f"/{COMPOSED}/x", "https://example.org7"),
        (f"/{PARTED}/x", "https://example.org7"),
        (f"/{quote(COMPOSED)}/x/", "https://example.org7"),
        (f"/{quote(PARTED)}/x/?z", "https://example.org7"),
        ("/kept%20as-it-is/?a", "/kept"),
    ],
)
def test_a_redirect_is_found_as_wagtail_finds_it(
    client, route, statements, redirects, path, target
):
    """By the API and at the site's own address."""
    route("/")

    leads_within_site = target.startswith("/")
    with statements(STATEMENTS_OF_A_PAGE + 1 + 2 * leads_within_site):
        found = route(path)["redirect"]["target"]

    assert found == target
    at_the_site = path.partition("#")[0]
    assert client.get(iri_to_uri(at_the_site), follow=False)["Location"] == target


def test_a_redirect_with_a_query_string_is_found_again_by_its_id(ask, redirects):
    query = "query ($p: String!) { route(path: $p) { redirect { id target } } }"
    found = ask(query, p="/paper?a=1&b=2")["route"]["redirect"]

    again = "query ($id: ID!) { node(id: $id) { ... on Redirect { id target } } }"
    assert ask(again, id=found["id"]) == {"node": found}
