"""A page that is moved in the tree after its moment, and before a scheduler has been there.

Readers are led on from each address at which they have seen it, at once and for good.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from cms.releases import steps as release_steps
from pages.models import DeliverableCategoryPage
from tests import factories
from tests.cms.perspective.scheduled_content import schedule

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
ROUTE = """query ($path: String!) {
  route(path: $path) { page { path } redirect { target permanent } } }"""

REDIRECTS = "{ redirects { nodes { path } } }"


@pytest.fixture
def reports(db, clock):
    clock.moment = NINE - timedelta(days=1)
    return factories.deliverable_category_page(title="Reports", slug="reports")


@pytest.fixture
def move(administrator, sign_in):
    def move(page, parent):
        """As the screen does, in a browser."""
        address = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, parent.pk])
        return sign_in(administrator).post(address)

    return move


@pytest.fixture
def found_at(ask):
    """What readers find: the page is at its own path, or leads on from another."""

    def found_at(*paths):
        routes = [ask(ROUTE, path=f"/deliverables/{path}/")["route"] for path in paths]
        found = [
            (route["page"] or {}).get("path") or (route["redirect"] or {}).get("target")
            for route in routes
        ]
        return [place and place.removeprefix("/deliverables/").strip("/") for place in found]

    return found_at


def by_schedule(page, editor, **changes):
    schedule(page, NINE, **changes)


def with_a_release(page, editor, **changes):
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision(clean=False)
    release_steps.approve(factories.release([page], by=editor, go_live_at=NINE), editor)


@pytest.mark.parametrize("approve", [by_schedule, with_a_release])
def test_page_that_is_renamed_by_the_clock_leads_on_from_both_addresses(
    reports, move, found_at, clock, editor, approve
):
    page = factories.deliverable_page(slug="paper", title="Paper")
    approve(page, editor, slug="study")
    old = ["category/paper", "category/study"]
    clock.moment = NINE
    assert found_at(*old) == ["category/study"] * 2

    moved = move(page, reports)

    assert moved.status_code == 302
    assert found_at("reports/study", *old) == ["reports/study"] * 3
    call_command("run_scheduler", once=True)
    assert found_at("reports/study", *old) == ["reports/study"] * 3
    assert Page.objects.get(pk=page.pk).slug == "study"


def test_page_that_is_first_published_by_the_clock_leads_on_from_its_address(
    reports, move, found_at, clock, editor
):
    page = factories.deliverable_page(slug="paper", title="Paper", live=False)
    by_schedule(page, editor)
    clock.moment = NINE
    assert found_at("category/paper") == ["category/paper"]

    move(page, reports)

    assert found_at("reports/paper", "category/paper") == ["reports/paper"] * 2
    call_command("run_scheduler", once=True)
    assert found_at("reports/paper", "category/paper") == ["reports/paper"] * 2


def test_page_whose_section_is_renamed_by_the_clock_leads_on_from_where_readers_knew_it(
    reports, move, found_at, clock, editor
):
    page = factories.deliverable_page(slug="paper", title="Paper")
    by_schedule(DeliverableCategoryPage.objects.get(slug="category"), editor, slug="papers")
    old = ["category/paper", "papers/paper"]
    clock.moment = NINE
    assert found_at(*old) == ["papers/paper"] * 2

    move(page, reports)

    assert found_at("reports/paper", *old) == ["reports/paper"] * 3
    call_command("run_scheduler", once=True)
    assert found_at("reports/paper", *old) == ["reports/paper"] * 3


def test_page_beneath_that_is_renamed_by_the_clock_leads_on_when_its_section_is_moved(
    db, move, found_at, clock, editor
):
    clock.moment = NINE - timedelta(days=1)
    page = factories.deliverable_page(slug="paper", title="Paper")
    by_schedule(page, editor, slug="study")
    section = DeliverableCategoryPage.objects.get()
    there = factories.deliverables_page(title="Results", slug="results")
    old = ["category/paper", "category/study"]
    clock.moment = NINE
    assert found_at(*old) == ["category/study"] * 2

    moved = move(section, there)

    assert moved.status_code == 302
    assert found_at(*old) == ["results/category/study"] * 2
    call_command("run_scheduler", once=True)
    assert found_at(*old) == ["results/category/study"] * 2


def test_page_beneath_that_is_first_published_by_the_clock_leads_on_when_its_section_is_moved(
    db, move, found_at, clock, editor
):
    clock.moment = NINE - timedelta(days=1)
    page = factories.deliverable_page(slug="paper", title="Paper", live=False)
    by_schedule(page, editor)
    there = factories.deliverables_page(title="Results", slug="results")
    clock.moment = NINE
    assert found_at("category/paper") == ["category/paper"]

    move(DeliverableCategoryPage.objects.get(), there)

    assert found_at("category/paper") == ["results/category/paper"]
    call_command("run_scheduler", once=True)
    assert found_at("category/paper") == ["results/category/paper"]


def test_pages_that_are_moved_together_lead_on_from_where_readers_see_each(
    reports, found_at, clock, editor, administrator, sign_in
):
    renamed = factories.deliverable_page(slug="paper", title="Paper")
    new = factories.deliverable_page(slug="new", title="New", live=False)
    other = factories.deliverable_page(slug="other", title="Other")
    by_schedule(renamed, editor, slug="study")
    by_schedule(new, editor)
    clock.moment = NINE
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    chosen = "&".join(f"id={page.pk}" for page in (renamed, new, other))

    moved = sign_in(administrator).post(f"{bulk}?{chosen}", {"chooser": reports.pk})

    assert moved.status_code == 302
    old = [f"category/{slug}" for slug in ("paper", "study", "new", "other")]
    places = ["reports/study", "reports/study", "reports/new", "reports/other"]
    assert found_at(*old) == places
    call_command("run_scheduler", once=True)
    assert found_at(*old) == places


@pytest.mark.parametrize("of_one_site", [False, True])
def test_redirect_made_by_hand_at_the_address_stays(reports, move, ask, clock, editor, of_one_site):
    page = factories.deliverable_page(slug="paper", title="Paper")
    by_schedule(page, editor, slug="study")
    path, link = "/deliverables/category/study", "https://example.org/"
    site = Site.objects.get() if of_one_site else None
    Redirect.objects.create(old_path=path, redirect_link=link, site=site)
    clock.moment = NINE

    move(page, reports)

    assert ask(ROUTE, path=f"{path}/")["route"]["redirect"]["target"] == link
    assert Redirect.objects.filter(old_path=path).count() == 1


def test_page_leads_on_for_good_until_somebody_says_where_to_instead(
    reports, move, ask, clock, editor, sign_in
):
    page = factories.deliverable_page(slug="paper", title="Paper")
    by_schedule(page, editor, slug="study")
    clock.moment = NINE
    path, link = "/deliverables/category/study/", "https://example.org/"

    move(page, reports)

    redirect = {"target": "/deliverables/reports/study/", "permanent": True}
    assert ask(ROUTE, path=path)["route"]["redirect"] == redirect
    sent = {"old_path": path, "site": "", "redirect_link": link}
    sign_in(editor).post(reverse("wagtailredirects:add"), sent)
    assert ask(ROUTE, path=path)["route"]["redirect"]["target"] == link


def test_page_does_not_lead_on_from_a_site_that_it_leaves(
    reports, move, client, clock, editor, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    Site.objects.create(hostname="reports.example.org", root_page=reports)
    page = factories.deliverable_page(parent=reports, slug="paper", title="Paper")
    elsewhere = factories.deliverable_category_page()
    by_schedule(page, editor, slug="study")
    clock.moment = NINE

    move(page, elsewhere)

    def paths_of(host):
        answer = client.get("/graphql", {"query": REDIRECTS}, headers={"host": host}).json()
        return {node["path"] for node in answer["data"]["redirects"]["nodes"]}

    old = {"/deliverables/reports/paper", "/deliverables/reports/study"}
    assert paths_of("testserver") >= old
    assert paths_of("reports.example.org") == set()
