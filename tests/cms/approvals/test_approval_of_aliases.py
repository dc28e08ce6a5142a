"""What mirrors a page goes with it: it shows nothing before the page is approved, and all since."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from pages.models import ArticlePage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.approving import approve
from tests.cms.submission import submission

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
ROUTE = "query ($path: String!) { route(path: $path) { page { title } } }"


@pytest.fixture
def titles(ask):
    """Of the page and of what mirrors it, as readers see them."""

    def titles():
        routes = [ask(ROUTE, path=f"/articles/{slug}/")["route"] for slug in ("page", "mirror")]
        return [route["page"] and route["page"]["title"] for route in routes]

    return titles


def article(**fields):
    return factories.article_page(title="Before", slug="page", **fields)


def mirror(window, page):
    sent = {"new_title": "Mirror", "new_slug": "mirror", "alias": "on"}
    sent["new_parent_page"] = page.get_parent().pk
    assert window.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), sent).status_code == 302
    return ArticlePage.objects.get(alias_of=page)


def submit(window, page, **fields):
    version = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    version.title = "After"
    ids = {f"body-{place}-id": block.id for place, block in enumerate(version.body)}
    sent = submission(version, **{"action-submit": "1", **ids, **fields})
    assert window.post(admin_url(page, "edit"), sent).status_code == 302
    return ArticlePage.objects.get(pk=page.pk).current_workflow_task_state


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("later", [True, False])
def test_alias_shows_what_is_submitted_once_it_is_approved_and_its_moment_has_come(
    staff, editor, sign_in, clock, titles, live, later
):
    clock.moment = NINE - timedelta(days=1)
    writer, approver = sign_in(staff), sign_in(editor)
    page = article(live=live)
    mirror(approver, page)
    before = ["Before", "Before"] if live else [None, None]
    step = submit(writer, page, **({"go_live_at": NINE} if later else {}))
    assert titles() == before

    approve(approver, step)

    if later:
        assert titles() == before
        clock.moment = NINE
    seen = titles()
    call_command("run_scheduler", once=True)
    assert titles() == seen
    assert seen == ["After", "After"]


def test_alias_that_is_made_while_it_waits_shows_nothing_of_it(staff, editor, sign_in, titles):
    page = article()
    step = submit(sign_in(staff), page)

    mirror(sign_in(editor), page)

    assert titles() == ["Before", "Before"]
    approve(sign_in(editor), step)
    assert titles() == ["After", "After"]


@pytest.mark.parametrize("of_alias", [False, True])
def test_alias_itself_is_not_submitted_and_says_what_to_edit(
    of_alias, staff, editor, sign_in, titles
):
    page = article()
    alias = mirror(sign_in(editor), page)
    if of_alias:
        alias = alias.create_alias(update_slug="mirror-of-mirror")
    window = sign_in(staff)
    sent = submission(alias, **{"title": "After", "action-submit": "1"})

    for accept in ("text/html", "application/json"):
        answer = window.post(admin_url(alias, "edit"), sent, headers={"Accept": accept})
        assert answer.status_code == 405
        said = answer.json()["error_message"] if "json" in accept else answer.content.decode()
        assert "mirrors “Before” and has no versions of its own" in said
        assert "Edit “Before”" in said
        assert "json" in accept or admin_url(page, "edit") in said

    alias.refresh_from_db()
    assert (alias.current_workflow_state, titles()) == (None, ["Before", "Before"])


def test_alias_that_becomes_a_page_of_its_own_while_the_other_waits_stays_as_it_is(
    staff, editor, sign_in, titles
):
    page = article()
    alias = mirror(sign_in(editor), page)
    step = submit(sign_in(staff), page)

    answer = sign_in(editor).post(reverse("wagtailadmin_pages:convert_alias", args=[alias.pk]))
    approve(sign_in(editor), step)

    assert answer.status_code == 302
    assert titles() == ["After", "Before"]
