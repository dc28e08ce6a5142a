"""An address has room for one page: what cannot become permanent there hides nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Revision

from cms.releases import steps as release_steps
from cms.scheduling.models import FailedChange
from pages.models import ArticlePage
from tests import factories

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROUTE = """query ($path: String!) { route(path: $path) {
    status page { title } redirect { target } } }"""


@pytest.fixture(autouse=True)
def day_before(db, clock):
    clock.moment = NINE - 24 * HOUR


@pytest.fixture
def title_at(ask):
    """The title of the page at an address, or where it leads to."""

    def title_at(slug):
        route = ask(ROUTE, path=f"/articles/{slug}/")["route"]
        return route["page"]["title"] if route["page"] else route["redirect"]

    return title_at


def schedule(page, at, **changes):
    for name, value in changes.items():
        setattr(page, name, value)
    revision = page.save_revision(clean=False)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=at)


def run_scheduler(*, fails):
    if fails:
        with pytest.raises(CommandError):
            call_command("run_scheduler", once=True)
    else:
        call_command("run_scheduler", once=True)


def test_published_page_is_not_hidden_by_one_that_cannot_take_its_address(clock, title_at):
    factories.article_page(title="There", slug="there")
    other = factories.article_page(title="Other", slug="other")
    schedule(other, NINE, slug="there", title="Comes")

    clock.moment = NINE
    at_once = title_at("there"), title_at("other")
    run_scheduler(fails=True)

    assert at_once == (title_at("there"), title_at("other")) == ("There", "Other")
    assert "has the address" in FailedChange.objects.get().reason.lower()


def test_page_takes_its_address_as_soon_as_the_other_has_left_it(clock, title_at):
    there = factories.article_page(title="There", slug="there")
    other = factories.article_page(title="Other", slug="other")
    schedule(other, NINE, slug="there")
    clock.moment = NINE + HOUR
    run_scheduler(fails=True)

    there.slug = "elsewhere"
    there.save_revision().publish()
    at_once = title_at("there"), title_at("elsewhere")
    clock.moment = NINE + 2 * HOUR
    run_scheduler(fails=False)

    assert at_once == (title_at("there"), title_at("elsewhere")) == ("Other", "There")


def test_of_two_that_are_to_take_one_address_the_first_has_it(clock, title_at):
    for moment, title in ((NINE, "Second"), (NINE - HOUR, "First")):
        page = factories.article_page(title=title, slug=title.lower())
        schedule(page, moment, slug="wanted")

    clock.moment = NINE
    at_once = title_at("wanted"), title_at("second")
    run_scheduler(fails=True)

    assert at_once == (title_at("wanted"), title_at("second")) == ("First", "Second")


def test_address_that_another_leaves_at_that_moment_is_free(clock, title_at):
    there = factories.article_page(title="There", slug="there")
    other = factories.article_page(title="Other", slug="other")
    schedule(other, NINE, slug="there")
    schedule(there, NINE, slug="elsewhere")

    clock.moment = NINE
    at_once = title_at("there"), title_at("elsewhere")
    run_scheduler(fails=False)

    assert at_once == (title_at("there"), title_at("elsewhere")) == ("Other", "There")


def test_release_whose_page_cannot_take_its_address_is_not_shown_at_all(clock, title_at, editor):
    factories.article_page(title="There", slug="there", live=False)
    other = factories.article_page(title="Other", slug="other")
    other.slug = "wanted"
    other.save_revision()
    new = factories.article_page(title="New", slug="new", live=False)
    release = factories.release([other, new], by=editor, go_live_at=NINE)
    release_steps.approve(release, editor)
    ArticlePage.objects.filter(slug="there").update(slug="wanted")

    clock.moment = NINE
    at_once = title_at("new"), title_at("other")
    run_scheduler(fails=True)

    assert at_once == (title_at("new"), title_at("other")) == (None, "Other")


def test_draft_that_wants_a_taken_address_is_seen_where_its_page_is(client):
    factories.article_page(title="There", slug="there")
    other = factories.article_page(title="Other", slug="other")
    other.slug, other.title = "there", "Rewritten"
    other.save_revision(clean=False)
    text = factories.preview_token()

    answer = client.post(
        "/graphql",
        {"query": "{ articles { nodes { title path } } }"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {text}"},
    ).json()

    nodes = {node["path"]: node["title"] for node in answer["data"]["articles"]["nodes"]}
    assert nodes == {"/articles/there/": "There", "/articles/other/": "Rewritten"}
