"""Redirects of a release beside those that pages leave when their addresses change."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import override_settings
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from cms.releases import steps as release_steps
from cms.releases.models import ReleaseItem
from tests import factories

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
ROUTE = "query R($path: String!) { route(path: $path) { status redirect { target } } }"


@pytest.fixture
def leads_to(client):
    """Where readers of a site get to from a path: another one, or a status."""

    def leads_to(path, host="testserver"):
        body = {"query": ROUTE, "variables": {"path": path}}
        answer = client.post(
            "/graphql", body, content_type="application/json", headers={"host": host}
        ).json()
        route = answer["data"]["route"]
        return route["redirect"]["target"] if route["redirect"] else route["status"]

    return leads_to


@pytest.fixture
def now_and_once_permanent(clock):
    """What is answered once it is due, and once a scheduler has been there."""

    def answers(ask):
        clock.moment = NINE
        due = ask()
        call_command("run_scheduler", once=True)
        return due, ask()

    return answers


def moving_article():
    page = factories.article_page(title="Old", slug="old")
    page.slug = "fresh"
    page.save_revision()
    return page


def test_what_a_release_leads_on_for_all_sites_does_not_follow_its_page(
    clock, editor, leads_to, now_and_once_permanent
):
    clock.moment = NINE - timedelta(hours=1)
    release = factories.release(
        [moving_article()], redirects={"/articles/old": "/elsewhere/"}, by=editor, go_live_at=NINE
    )
    release_steps.approve(release, editor)

    answers = now_and_once_permanent(lambda: leads_to("/articles/old/"))

    assert answers == ("/elsewhere/", "/elsewhere/")
    release.refresh_from_db()
    release_steps.revert(release, editor)
    assert leads_to("/articles/old/") == 200


def test_what_a_page_left_long_ago_makes_way_for_a_release(
    clock, editor, leads_to, now_and_once_permanent
):
    clock.moment = NINE - timedelta(hours=1)
    site, page = Site.objects.get(), factories.article_page(slug="there")
    Redirect.add_redirect("/gone", page, site=site, automatically_created=True)
    release = factories.release(redirects={"/gone": "/elsewhere/"}, by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)
    assert leads_to("/gone/") == "/articles/there/"

    answers = now_and_once_permanent(lambda: leads_to("/gone/"))

    assert answers == ("/elsewhere/", "/elsewhere/")
    release.refresh_from_db()
    release_steps.revert(release, editor)
    assert leads_to("/gone/") == "/articles/there/"


@pytest.mark.parametrize("of_one_site", [True, False])
def test_there_is_one_redirect_at_a_path_of_a_release(
    of_one_site, clock, editor, ask, now_and_once_permanent
):
    clock.moment = NINE - timedelta(hours=1)
    site = Site.objects.get() if of_one_site else None
    Redirect.add_redirect("/gone", "/by-hand/", site=site)
    redirects = dict.fromkeys(("/gone", "/articles/old"), "/new/")
    release = factories.release(
        [moving_article()], redirects=redirects, site=site, by=editor, go_live_at=NINE
    )
    release_steps.approve(release, editor)

    def listed():
        found = ask("{ redirects { nodes { path target } } }")["redirects"]["nodes"]
        return [(each["path"], each["target"]) for each in found]

    due, permanent = now_and_once_permanent(listed)

    assert due == permanent == [("/articles/old", "/new/"), ("/gone", "/new/")]


def test_revert_leaves_a_redirect_that_someone_made_since(clock, editor, leads_to):
    clock.moment = NINE
    site, page = Site.objects.get(), factories.article_page(slug="there")
    Redirect.add_redirect("/gone", page, site=site, automatically_created=True)
    release = factories.release(redirects={"/gone": "/elsewhere/"}, by=editor)
    release_steps.approve(release, editor, now=True)
    call_command("run_scheduler", once=True)
    Redirect.add_redirect("/gone", "/by-hand/", site=site)
    release.refresh_from_db()

    release_steps.revert(release, editor)

    assert leads_to("/gone/") == "/by-hand/"


@pytest.mark.parametrize("of", ["another", "this", "all"])
def test_a_site_keeps_what_its_page_left_though_another_leads_on(
    of, clock, editor, leads_to, now_and_once_permanent
):
    clock.moment = NINE - timedelta(hours=1)
    first, page = Site.objects.get(), factories.article_page(slug="there")
    other = Site.objects.create(hostname="other.example.org", root_page=first.root_page)
    Redirect.add_redirect("/gone", page, site=other, automatically_created=True)
    site = {"another": first, "this": other, "all": None}[of]
    release = factories.release(redirects={"/gone": "/new/"}, site=site, by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)

    with override_settings(ALLOWED_HOSTS=["*"]):
        answers = now_and_once_permanent(lambda: leads_to("/gone/", "other.example.org"))

    assert answers == ("/articles/there/" if of == "another" else "/new/",) * 2


def test_what_a_site_leads_on_by_hand_goes_before_a_release_for_all_sites(
    clock, editor, leads_to, now_and_once_permanent
):
    clock.moment = NINE - timedelta(hours=1)
    Redirect.add_redirect("/gone", "/by-hand/", site=Site.objects.get())
    release = factories.release(redirects={"/gone": "/new/"}, by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)

    assert now_and_once_permanent(lambda: leads_to("/gone/")) == ("/by-hand/",) * 2


def test_a_path_leads_elsewhere_on_each_site_though_one_release_says_so(
    clock, editor, leads_to, now_and_once_permanent
):
    clock.moment = NINE - timedelta(hours=1)
    first = Site.objects.get()
    other = Site.objects.create(hostname="other.example.org", root_page=first.root_page)
    release = factories.release(
        redirects={"/gone": "/here/"}, site=first, by=editor, go_live_at=NINE
    )
    item = ReleaseItem(release=release, old_path="/gone", site=other, redirect_link="/there/")
    release_steps.add_redirect(item, editor)
    release_steps.approve(release, editor)

    with override_settings(ALLOWED_HOSTS=["*"]):
        answers = now_and_once_permanent(
            lambda: (leads_to("/gone/"), leads_to("/gone/", "other.example.org"))
        )

    assert answers == (("/here/", "/there/"),) * 2
