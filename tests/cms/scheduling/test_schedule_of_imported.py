"""What was imported is live without a live revision. To schedule an update leaves it live."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.urls import reverse

from pages.models import ArticlePage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
UPDATE = {"go_live_at": "2099-06-02 09:00", "action-publish": "1"}


def imported(made):
    """As an import writes it: live, and of its making nothing is kept."""
    made.revisions.all().delete()
    type(made).objects.filter(pk=made.pk).update(live_revision=None, latest_revision=None)
    made.refresh_from_db()
    return made


@pytest.mark.parametrize(
    ("make", "name"), [(factories.article_page, "title"), (factories.person, "name")]
)
def test_it_stays_live_until_the_update_goes_live(make, name, editor, sign_in, clock):
    made = imported(make(**{name: "Before"}))

    sign_in(editor).post(admin_url(made, "edit"), submission(made, **{name: "After"}, **UPDATE))

    made.refresh_from_db()
    assert (made.live, getattr(made, name), made.approved_schedule) == (True, "Before", True)

    clock.moment = NINE
    call_command("run_scheduler", once=True)

    made = type(made).objects.get(pk=made.pk)
    assert (made.live, getattr(made, name)) == (True, "After")
    assert made.live_revision == made.latest_revision


@pytest.mark.parametrize("make", [factories.article_page, factories.person])
def test_revision_written_before_the_first_publication_is_scheduled_without_harm(make, editor):
    """It knows of no live revision, for there was none when it was written."""
    made = make(live=False)
    first, second = made.save_revision(), made.save_revision()
    first.publish()
    made.refresh_from_db()
    second.refresh_from_db()
    second.content["go_live_at"] = NINE.isoformat()

    second.publish(user=editor)

    made.refresh_from_db()
    assert made.live
    assert made.live_revision == first


def test_what_was_unpublished_is_not_brought_back_by_a_schedule(editor):
    made = imported(factories.article_page())
    made.unpublish()
    made.go_live_at = NINE

    made.save_revision().publish(user=editor)

    made.refresh_from_db()
    assert not made.live


def test_page_that_is_added_with_a_schedule_waits_for_it(editor, sign_in, ask):
    """Of a page just added nothing is kept either, but nobody imported it."""
    parent = factories.articles_page()
    cursor = ask("{ changes { cursor } }")["changes"]["cursor"]
    page = factories.article_page(live=False)
    form = submission(page, title="Not yet", slug="not-yet", **UPDATE)
    address = reverse("wagtailadmin_pages:add", args=["pages", "articlepage", parent.pk])

    sign_in(editor).post(address, form)

    added = ArticlePage.objects.get(title="Not yet")
    assert (added.live, added.approved_schedule) == (False, True)
    told = "query($since: String) { changes(since: $since) { nodes { path } } nextChangeAt }"
    assert ask(told, since=cursor) == {
        "changes": {"nodes": []},
        "nextChangeAt": NINE.isoformat(),
    }
