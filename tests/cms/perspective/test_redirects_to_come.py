"""Readers are led on from each address the same before it is permanent that it was left, and since.

Each test asks twice, when pages are due and once a scheduler has made that permanent.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import override_settings
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from pages.models import ArticlesPage
from tests import factories
from tests.cms.perspective.scheduled_content import schedule

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
REDIRECTS = "{ redirects { nodes { path target permanent } } }"


@pytest.fixture
def leads_on(db, clock, client) -> Callable[..., dict[str, str | None]]:
    """From which paths readers of a site are led on at ten, and where to."""

    def listed(host):
        answer = client.get("/graphql", {"query": REDIRECTS}, headers={"host": host}).json()
        nodes = answer["data"]["redirects"]["nodes"]
        assert all(node["permanent"] for node in nodes)
        return {node["path"]: node["target"] for node in nodes}

    def leads_on(*hosts):
        hosts = hosts or ("testserver",)
        clock.moment = TEN
        with override_settings(ALLOWED_HOSTS=["*"]):
            due = [listed(host) for host in hosts]
            call_command("run_scheduler", once=True)
            assert [listed(host) for host in hosts] == due
        return due if len(due) > 1 else due[0]

    return leads_on


def articles():
    return ArticlesPage.objects.get()


def test_page_that_is_renamed_twice_leads_on_from_both_addresses(leads_on):
    page = factories.article_page(slug="first")
    schedule(page, NINE, slug="second")
    schedule(page, TEN, slug="third")

    assert leads_on() == dict.fromkeys(["/articles/first", "/articles/second"], "/articles/third/")


def test_page_that_has_its_first_name_again_leads_on_from_the_other(leads_on):
    page = factories.article_page(slug="first")
    schedule(page, NINE, slug="second")
    schedule(page, TEN, slug="first")

    assert leads_on()["/articles/second"] == "/articles/first/"


def test_page_that_is_renamed_after_its_section_leads_on_from_where_it_was_in_between(leads_on):
    page = factories.article_page(slug="first")
    schedule(articles(), NINE, slug="news")
    schedule(page, TEN, slug="second")

    assert leads_on() == {
        "/articles": "/news/",
        "/articles/first": "/news/second/",
        "/news/first": "/news/second/",
    }


def test_alias_of_a_page_that_is_renamed_stays_where_it_is(leads_on):
    page = factories.article_page(slug="first")
    CreatePageAliasAction(page, update_slug="mirror", user=None).execute(
        skip_permission_checks=True
    )
    schedule(page, NINE, slug="second")
    schedule(page, TEN, slug="third")

    assert sorted(leads_on()) == ["/articles/first", "/articles/second"]


def test_page_of_another_section_stays_where_it_is(leads_on):
    factories.article_page(slug="first")
    factories.forum_page(slug="spring")
    schedule(articles(), NINE, slug="news")
    schedule(factories.deliverable_page(slug="paper"), NINE, slug="report")

    found = leads_on()

    assert sorted(found) == ["/articles", "/articles/first", "/deliverables/category/paper"]


@pytest.mark.parametrize(
    ("goes_live", "leads"),
    [(NINE - timedelta(seconds=1), True), (NINE + timedelta(seconds=1), False)],
)
def test_page_beneath_leads_on_if_it_was_published_when_its_section_left(
    leads_on, goes_live, leads
):
    page = factories.article_page(slug="first", live=False)
    schedule(page, goes_live)
    schedule(articles(), NINE, slug="news")

    assert ("/articles/first" in leads_on()) == leads


def test_draft_beneath_leads_nowhere(leads_on):
    factories.article_page(slug="first", live=False)
    schedule(articles(), NINE, slug="news")

    assert leads_on() == {"/articles": "/news/"}


def test_page_that_was_no_more_than_a_draft_leads_on_from_its_former_address(leads_on):
    page = factories.article_page(slug="first", live=False)
    schedule(page, NINE, slug="second")

    assert leads_on() == {"/articles/first": "/articles/second/"}


def test_home_page_is_at_no_address_that_could_be_left(leads_on):
    factories.article_page(slug="first")
    schedule(Site.objects.get().root_page.specific, NINE, slug="another-name")

    assert leads_on() == {}


def test_site_that_begins_elsewhere_knows_nothing_of_it(leads_on):
    section = articles()
    other = factories.forums_page()
    Site.objects.create(hostname="forums.example.org", root_page=other)
    Site.objects.create(hostname="articles.example.org", root_page=section)
    schedule(factories.article_page(slug="first"), NINE, slug="second")

    ours, forums, of_articles = leads_on("testserver", "forums.example.org", "articles.example.org")

    assert list(ours) == ["/articles/first"]
    assert forums == {}
    assert list(of_articles) == ["/first"]


def test_what_is_led_on_by_hand_stays(leads_on):
    Redirect.add_redirect("/articles/first", "https://example.org/", site=Site.objects.get())
    schedule(factories.article_page(slug="first"), NINE, slug="second")

    assert leads_on() == {"/articles/first": "https://example.org/"}
