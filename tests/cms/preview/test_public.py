"""Nobody who asks at the site's own addresses can tell what is hidden from what is not there."""

from typing import Any

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from tests import factories
from tests.conftest import statements_of

pytestmark = pytest.mark.usefixtures("pages_above")

WAYS_TO_HIDE: dict[str, dict[str, Any]] = {
    "draft": {},
    "expired": {"live": True, "expire_at": "2026-01-15T11:59:59+00:00"},
    "login": {"live": True},
    "groups": {"live": True},
    "password": {"live": True},
}


@pytest.fixture(params=WAYS_TO_HIDE)
def hidden(request, db, clock):
    """A page that readers may not see, and a page beneath it."""
    page = factories.articles_page(title="Hidden", slug="hidden", live=False)
    Page.objects.filter(pk=page.pk).update(**WAYS_TO_HIDE[request.param])
    if request.param in ("login", "groups", "password"):
        restriction = {"restriction_type": request.param, "password": "word"}
        PageViewRestriction.objects.create(page=page, **restriction)
    return page


def answer_at(client, path):
    responses = []
    ran = statements_of(lambda: responses.append(client.get(path)))
    (response,) = responses
    told = dict(response.headers)
    statements = [each.replace(path.strip("/"), "…") for each in ran]
    return response.status_code, told, response.content.replace(path.encode(), b""), statements


def test_hidden_page_is_answered_as_one_that_is_not_there(hidden, client):
    client.get("/none/")

    at_hidden, at_none = answer_at(client, "/hidden/"), answer_at(client, "/nohide/")

    assert at_hidden[0] == 404
    assert at_hidden == at_none


def test_redirect_to_a_hidden_page_leads_nowhere(hidden, client):
    Redirect.objects.create(old_path="/before", redirect_page=hidden)

    assert client.get("/before/").status_code == 404


def test_nobody_is_asked_for_the_password_of_a_page(db, client):
    page = factories.charter_page()
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type="password", password="word"
    )

    address = f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("permanent", "status"), [(True, 301), (False, 302)])
def test_redirect_leads_on_with_and_without_its_query_string(db, client, permanent, status):
    Redirect.objects.create(old_path="/paper.pdf", redirect_link="/a/", is_permanent=permanent)
    Redirect.objects.create(old_path="/old?page=2", redirect_link="/b/", is_permanent=permanent)
    Redirect.objects.create(old_path="/old", redirect_link="/c/", is_permanent=permanent)

    for path, target in (
        ("/paper.pdf", "/a/"),
        ("/paper.pdf?from=mail", "/a/"),
        ("/old/?page=2", "/b/"),
        ("/old/?page=3", "/c/"),
    ):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (status, target)


def test_scheduled_page_is_at_its_address_from_its_moment_on(db, client, clock):
    """Also if the scheduler has yet to make it permanent."""
    article = factories.article_page(title="Due", slug="due", live=False)
    revision = article.save_revision(clean=False)
    revision.approved_go_live_at = "2026-01-20T09:00:00+00:00"
    revision.save()

    assert client.get("/articles/due/").status_code == 404
    clock.set("2026-01-20T09:00:00+00:00")
    assert "<h1>Due</h1>" in client.get("/articles/due/").content.decode()


def test_redirect_to_a_page_of_another_site_leads_there(db, client):
    own = Site.objects.get().root_page
    there = factories.home_page(title="Elsewhere", slug="elsewhere")
    Site.objects.update(root_page=own)
    Site.objects.create(hostname="elsewhere.example.org", port=443, root_page=there)
    forums = factories.forums_page(parent=there, slug="forums-there")
    Redirect.objects.create(old_path="/moved", redirect_page=forums)

    response = client.get("/moved/")

    assert response["Location"] == "https://elsewhere.example.org/forums-there/"
