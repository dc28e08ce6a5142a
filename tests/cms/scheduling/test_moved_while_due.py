"""A page that is moved in the tree after its moment, and before a scheduler has been there.

Readers are led on from each address at which they have seen it, at once and for good.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Page

from cms.releases import steps as release_steps
from pages.models import DeliverableCategoryPage
from tests import factories
from tests.cms.perspective.scheduled_content import schedule

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
ROUTE = "query ($path: String!) { route(path: $path) { page { path } redirect { target } } }"


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
