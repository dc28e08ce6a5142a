"""Who asks for an old address is led to the new one from the commit on that makes it old.

The transactions of these tests never end, so that nothing runs that waits for their commit: as when
a process is killed right after it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, Revision

from cms.releases import steps as release_steps
from pages.models import ArticlesPage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission

pytestmark = pytest.mark.usefixtures("pages_above")

NINE = datetime(2099, 6, 2, 9, tzinfo=UTC)
ROUTE = "query ($path: String!) { route(path: $path) { status redirect { target } } }"

Way = Callable[[Any, Any, Client], None]


def by_code(section: ArticlesPage, clock: Any, browser: Client) -> None:
    section.save_revision().publish()


def in_the_editor(section: ArticlesPage, clock: Any, browser: Client) -> None:
    browser.post(admin_url(section, "edit"), {**submission(section), "action-publish": "1"})


def by_schedule(section: ArticlesPage, clock: Any, browser: Client) -> None:
    revision = section.save_revision()
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=NINE)
    clock.moment = NINE
    call_command("run_scheduler", once=True)


def with_a_release(section: ArticlesPage, clock: Any, browser: Client) -> None:
    section.save_revision()
    by = factories.user("edith", group="Editors")
    release = factories.release([section], by=by, go_live_at=NINE)
    release_steps.approve(release, by)
    clock.moment = NINE
    call_command("run_scheduler", once=True)


WAYS: list[Way] = [by_code, in_the_editor, by_schedule, with_a_release]


def writes_after_commit(callbacks: list[Callable[[], None]]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        for callback in callbacks:
            callback()
    statements = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in statements if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE"))]


@pytest.fixture
def browser(administrator, sign_in):
    return sign_in(administrator)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_old_addresses_lead_on_from_the_commit_that_changes_a_slug(
    ask, clock, browser, django_capture_on_commit_callbacks, way
):
    article = factories.article_page(slug="first")
    factories.article_page(slug="unpublished", live=False)
    section = ArticlesPage.objects.get(pk=article.get_parent().pk)
    section.slug = "news"

    with django_capture_on_commit_callbacks() as callbacks:
        way(section, clock, browser)

    for old, new in (("/articles/", "/news/"), ("/articles/first/", "/news/first/")):
        assert ask(ROUTE, path=old)["route"] == {"status": 301, "redirect": {"target": new}}
    assert ask(ROUTE, path="/articles/unpublished/")["route"]["status"] == 404
    assert writes_after_commit(callbacks) == []


def test_page_renamed_with_its_section_leads_on_from_where_readers_knew_it(db, ask, clock):
    by = factories.user("edith", group="Editors")
    article = factories.article_page(slug="first")
    section = ArticlesPage.objects.get(pk=article.get_parent().pk)
    section.slug, article.slug = "news", "second"
    section.save_revision()
    article.save_revision()
    release = factories.release([section, article], by=by, go_live_at=NINE)
    release_steps.approve(release, by)
    clock.moment = NINE
    before = ask(ROUTE, path="/articles/first/")["route"]

    call_command("run_scheduler", once=True)

    assert ask(ROUTE, path="/articles/first/")["route"] == before
    assert before == {"status": 301, "redirect": {"target": "/news/second/"}}


@pytest.mark.parametrize("how", ["one", "many", "by code"])
def test_old_address_leads_on_from_the_commit_that_moves_a_page(
    ask, browser, django_capture_on_commit_callbacks, how
):
    page = factories.deliverable_page(slug="paper")
    other = factories.deliverable_category_page(slug="other", title="Other")
    old = page.get_url_parts()[2]
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])

    with django_capture_on_commit_callbacks() as callbacks:
        if how == "one":
            browser.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, other.pk]))
        elif how == "many":
            browser.post(f"{bulk}?id={page.pk}", {"chooser": other.pk})
        else:
            page.move(other, pos="last-child")

    moved = Page.objects.get(pk=page.pk)
    target = moved.get_url_parts()[2]
    assert target == "/deliverables/other/paper/"
    assert ask(ROUTE, path=old)["route"] == {"status": 301, "redirect": {"target": target}}
    assert writes_after_commit(callbacks) == []


def test_move_that_cannot_leave_redirects_is_undone(committed, monkeypatch):
    page = factories.deliverable_page(slug="paper")
    other = factories.deliverable_category_page(slug="other", title="Other")
    monkeypatch.setattr("wagtail.contrib.redirects.signal_handlers.create_redirects", fail)

    with pytest.raises(RuntimeError):
        page.move(other, pos="last-child")

    assert Page.objects.get(pk=page.pk).url_path == page.url_path


def fail(*args: Any, **kwargs: Any) -> None:
    raise RuntimeError
