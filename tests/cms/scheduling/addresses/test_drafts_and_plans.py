"""A draft may want any address: what is planned for it, or for the draft, stays as it is."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import BadRequest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail import hooks
from wagtail.models import Revision

from pages.models import ArticlePage
from tests import factories
from tests.cms.addresses import admin_url, home_url
from tests.cms.submission import submission

pytestmark = [pytest.mark.usefixtures("pages_above"), pytest.mark.decided_in_python]

NINE, TEN = (datetime(2099, 6, 2, hour, tzinfo=UTC) for hour in (9, 10))
FIRST_TAKES_IT = (
    "“First” takes the address “wanted” by what is scheduled for Tue 2 June 2099, 09:00"
    " UTC+00:00. Give “Other” another address, or change that first."
)
ROUTE = """query ($path: String!) { route(path: $path) { page { title } } }"""
BY_ITSELF = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def day_before(db, clock):
    clock.moment = NINE - timedelta(days=1)


@pytest.fixture
def window(editor, sign_in):
    return sign_in(editor)


@pytest.fixture
def titles_at(ask):
    def titles_at(*slugs):
        routes = [ask(ROUTE, path=f"/articles/{slug}/")["route"] for slug in slugs]
        return [route["page"] and route["page"]["title"] for route in routes]

    return titles_at


def article(title, **fields):
    return factories.article_page(title=title, slug=title.lower(), **fields)


def plan(page, slug, at):
    version = newest(page)
    version.slug, version.go_live_at = slug, at
    version.save_revision(clean=False).publish()


def newest(page):
    return ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()


def row(page):
    return ArticlePage.objects.get(pk=page.pk)


def approved(page):
    return Revision.objects.for_instance(page).get(approved_go_live_at__isnull=False)


def sent(page, slug, **fields):
    """What the form of the page's newest version would send."""
    version = newest(page)
    ids = {f"body-{place}-id": block.id for place, block in enumerate(version.body)}
    return submission(version, **{"slug": slug, "go_live_at": "", **ids, **fields})


def save_by_itself(window, page, slug, **fields):
    """As the editor does while somebody types."""
    return window.post(
        admin_url(page, "edit"), sent(page, slug, **fields), headers=BY_ITSELF
    ).json()


def become_permanent(clock, moment):
    clock.moment = moment
    call_command("run_scheduler", once=True)


@pytest.mark.parametrize("live", [True, False])
def test_draft_that_saves_itself_leaves_an_address_to_what_is_planned_there(
    window, clock, titles_at, live
):
    first, other = article("First"), article("Other", live=live)
    plan(first, "wanted", NINE)
    begun = save_by_itself(window, other, "other", seo_title="Begun")

    saved = save_by_itself(window, other, "wanted", overwrite_revision_id=begun["revision_id"])

    assert (saved["success"], saved["revision_id"]) == (True, begun["revision_id"])
    assert saved["notes"] == [FIRST_TAKES_IT]
    assert newest(other).slug == "wanted"
    become_permanent(clock, NINE)
    assert titles_at("wanted", "other") == ["First", "Other" if live else None]
    assert row(first).slug == "wanted"


def test_draft_that_is_saved_asks_its_row_once_whether_it_has_its_address(window):
    page = article("Other", live=False)

    with CaptureQueriesContext(connection) as captured:
        save_by_itself(window, page, "other")

    table = '"wagtailcore_page"'
    own = f'{table}."id" = {page.pk} AND {table}."slug" = \'other\''
    assert sum(own in each["sql"] for each in captured) == 1


def test_whoever_saves_a_draft_by_hand_is_told_what_is_planned_at_its_address(window):
    other = article("Other", live=False)
    plan(article("First"), "wanted", NINE)
    plan(article("Second"), "elsewhere", NINE)

    window.post(admin_url(other, "edit"), sent(other, "wanted"))

    said = window.get(home_url()).content.decode()
    assert FIRST_TAKES_IT in said
    assert "“Second”" not in said


@pytest.mark.parametrize("error", [RuntimeError, BadRequest])
def test_nothing_is_said_of_the_address_of_a_draft_that_is_not_saved_in_the_end(error, window):
    other = article("Other", live=False)
    plan(article("First"), "wanted", NINE)
    window.raise_request_exception = False

    def fail(request, page):
        raise error("A mistake of ours")

    with hooks.register_temporarily("after_edit_page", fail, order=1):
        response = window.post(admin_url(other, "edit"), sent(other, "wanted"))

    assert response.status_code == {RuntimeError: 500, BadRequest: 400}[error]
    assert newest(other).slug == "other"
    assert FIRST_TAKES_IT not in window.get(home_url()).content.decode()


def test_editor_that_saves_by_itself_is_told_which_page_has_the_address(window):
    article("There")
    other = article("Other")

    assert save_by_itself(window, other, "there")["notes"] == [
        "“There” has the address “there”. This draft can go live there once “There” has left it,"
        " or in one release with that."
    ]
    assert "notes" not in save_by_itself(window, other, "free")


def test_draft_that_nobody_sees_is_kept_where_no_other_is_to_come(window):
    """Neither at the address that it wants nor at the next that would be free."""
    other = article("Other", live=False)
    plan(article("First"), "wanted", NINE)
    plan(article("Second"), "wanted-2", NINE)

    save_by_itself(window, other, "wanted")

    assert row(other).slug == "wanted-3"
    assert newest(other).slug == "wanted"


def test_draft_that_nobody_sees_is_kept_at_the_next_address_that_is_free(window):
    article("There")
    other = article("Other", live=False)

    save_by_itself(window, other, "there")

    assert row(other).slug == "there-2"
    assert newest(other).slug == "there"


@pytest.mark.parametrize("live", [True, False])
def test_page_keeps_the_address_that_it_is_to_leave_to_another(window, live):
    """Until then it is its own, and nothing is wrong with a draft that is written there."""
    first = article("First", live=live)
    plan(first, "elsewhere", NINE)
    save_by_itself(window, first, "first")
    plan(article("Second"), "first", TEN)

    saved = save_by_itself(window, first, "first")

    assert saved["success"]
    assert "notes" not in saved
    assert row(first).slug == "first"


def test_draft_comes_back_to_the_address_that_it_is_itself_to_take(window):
    other = article("Other", live=False)
    plan(other, "wanted", NINE)
    save_by_itself(window, other, "between")

    saved = save_by_itself(window, other, "wanted")

    assert "notes" not in saved
    assert row(other).slug == "wanted"


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("moment", [None, TEN], ids=["now", "later"])
def test_refused_address_leaves_the_one_planned_and_the_one_written_after_it(
    window, clock, titles_at, live, moment
):
    other = article("Other", live=live)
    article("There")
    plan(other, "planned", NINE)
    window.post(admin_url(other, "edit"), sent(other, "between"))

    fields = {"action-publish": "1", "go_live_at": moment or ""}
    refused = window.post(admin_url(other, "edit"), sent(other, "there", **fields))

    assert refused.status_code in (200, 409)
    assert "“There” has the address “there”." in refused.content.decode()
    assert approved(other).approved_go_live_at == NINE
    assert approved(other).content["slug"] == "planned"
    assert newest(other).slug == "between"
    become_permanent(clock, NINE)
    assert titles_at("planned", "between", "there") == ["Other", None, "There"]
    assert row(other).slug == "planned"


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("moment", [None, TEN], ids=["now", "later"])
def test_version_of_before_is_not_published_at_an_address_that_is_planned_for_another(
    window, clock, titles_at, live, moment
):
    first, other = article("First"), article("Other", live=live)
    save_by_itself(window, other, "wanted")
    old = newest(other).latest_revision
    save_by_itself(window, other, "other")
    plan(first, "wanted", NINE)

    shown = window.get(admin_url(other, "revisions_revert", old.pk))
    fields = {"revision": old.pk, "action-publish": "1", "go_live_at": moment or ""}
    refused = window.post(admin_url(other, "edit"), sent(other, "wanted", **fields))
    kept = window.post(admin_url(other, "edit"), sent(other, "wanted", revision=old.pk))

    assert shown.status_code == 200
    assert refused.status_code == 409
    assert FIRST_TAKES_IT in refused.context["refusal"].sentence
    assert kept.status_code == 302
    become_permanent(clock, NINE)
    assert titles_at("wanted") == ["First"]
    assert newest(other).slug == "wanted"


def test_address_planned_for_a_page_stays_its_own_though_its_draft_wants_another(window):
    other, third = article("Other", live=False), article("Third")
    plan(other, "planned", NINE)
    window.post(admin_url(other, "edit"), sent(other, "between"))

    fields = {"action-publish": "1", "go_live_at": TEN}
    refused = window.post(admin_url(third, "edit"), sent(third, "planned", **fields))

    assert refused.status_code == 409
    assert "“Other” takes the address “planned”" in refused.context["refusal"].sentence
