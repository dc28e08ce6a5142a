"""What is scheduled is not seen before its moment, whatever else is done with it meanwhile.

Wagtail copies, mirrors and moves content in many ways; each is tried on a draft and on an update
that wait for their moment.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.revert_to_page_revision import RevertToPageRevisionAction
from wagtail.models import Locale, Page

from pages.models import ArticlePage, ArticlesPage
from tests import factories
from tests.cms.addresses import admin_url
from tests.cms.submission import submission
from tests.conftest import post_graphql

pytestmark = pytest.mark.decided_in_python

SECRET = "Embargoed"
MOMENT = datetime(2099, 6, 2, 9, tzinfo=UTC)
EVERYTHING = """
    { articles(first: 100) { nodes { title path } totalCount }
      home { children { nodes { title children { nodes { title } } } } } changes { cursor } }
"""

SidePath = Callable[[ArticlePage, Any], Any]


def alias(page: ArticlePage, **options: Any) -> ArticlePage:
    made = CreatePageAliasAction(page, update_slug=f"alias-{page.pk}", **options).execute()
    return ArticlePage.objects.get(pk=made.pk)


def alias_of_alias(page: ArticlePage, browser: Any) -> None:
    alias(alias(page))


def converted_alias(page: ArticlePage, browser: Any) -> None:
    ConvertAliasPageAction(alias(page)).execute()


def copied(**options: Any) -> SidePath:
    def copy(page: ArticlePage, browser: Any) -> None:
        changed = {"slug": f"copy-{page.pk}"}
        CopyPageAction(page, update_attrs=changed, **options).execute()

    return copy


def translated(**options: Any) -> SidePath:
    def translate(page: ArticlePage, browser: Any) -> None:
        french, _ = Locale.objects.get_or_create(language_code="fr")
        CopyPageForTranslationAction(page, french, copy_parents=True, **options).execute()

    return translate


def moved(page: ArticlePage, browser: Any) -> None:
    MovePageAction(page, page.get_parent(), pos="first-child").execute()


def reverted(page: ArticlePage, browser: Any) -> None:
    RevertToPageRevisionAction(page, page.get_latest_revision()).execute()


def aliases_updated(page: ArticlePage, browser: Any) -> None:
    alias(page)
    ArticlePage.objects.get(pk=page.pk).update_aliases()


def saved_again(page: ArticlePage, browser: Any) -> None:
    browser.post(admin_url(page, "edit"), submission(page.get_latest_revision_as_object()))


def scheduled_again(page: ArticlePage, browser: Any) -> None:
    data = submission(page.get_latest_revision_as_object())
    browser.post(admin_url(page, "edit"), {**data, "action-publish": "1"})


def copied_in_the_admin(page: ArticlePage, browser: Any) -> None:
    """“Keep updated” makes an alias; so does a copy of it with all that is beneath."""
    for as_alias in ("on", ""):
        data = {
            "new_title": "Copy",
            "new_slug": f"copied-{as_alias}",
            "new_parent_page": str(page.get_parent().pk),
            "publish_copies": "on",
            "alias": as_alias,
        }
        browser.post(admin_url(page, "copy"), data)


def moved_in_the_admin(page: ArticlePage, browser: Any) -> None:
    address = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, page.get_parent().pk])
    browser.post(address)


SIDE_PATHS: dict[str, SidePath] = {
    "nothing": lambda page, browser: None,
    "alias": lambda page, browser: alias(page),
    "alias of an alias": alias_of_alias,
    "alias of all beneath the index": lambda page, browser: CreatePageAliasAction(
        page.get_parent(), update_slug="mirror", recursive=True
    ).execute(),
    "converted alias": converted_alias,
    "copy": copied(keep_live=True),
    "copy without its history": copied(keep_live=True, copy_revisions=False),
    "copy as a draft": copied(keep_live=False),
    "translation": translated(),
    "translation that mirrors": translated(alias=True),
    "move": moved,
    "revert": reverted,
    "aliases updated": aliases_updated,
    "saved again": saved_again,
    "scheduled again": scheduled_again,
    "copied in the admin": copied_in_the_admin,
    "moved in the admin": moved_in_the_admin,
}


def schedule(page: ArticlePage) -> None:
    page = ArticlePage.objects.get(pk=page.pk)
    page.title, page.go_live_at = SECRET, MOMENT
    page.save_revision().publish()


def seen(client: Any) -> str:
    """All that anyone may ask for, and every page by its own address."""
    paths = Page.objects.filter(depth__gt=2).values_list("url_path", flat=True)
    answers = [post_graphql(client, EVERYTHING)]
    answers += [client.get("/" + path.split("/", 2)[2]) for path in paths]
    return "\n".join(answer.content.decode() for answer in answers)


@pytest.fixture(scope="module", autouse=True)
def _articles(home_page) -> None:
    """Above what is tried: each page there is is looked at, so that there are no more."""
    factories.articles_page()


@pytest.fixture
def browser(editor, sign_in):
    return sign_in(editor)


@pytest.mark.parametrize("when", ["before it is scheduled", "after it is scheduled"])
@pytest.mark.parametrize("live", [False, True], ids=["draft", "update"])
@pytest.mark.parametrize("way", SIDE_PATHS)
def test_nobody_sees_it_before_its_moment(db, clock, client, browser, way, live, when):
    clock.set("2099-06-01T00:00:00+00:00")
    page = factories.article_page(title="Before", live=live)
    if not live:
        ArticlePage.objects.filter(pk=page.pk).update(title=SECRET, draft_title=SECRET)

    if when.startswith("before"):
        SIDE_PATHS[way](ArticlePage.objects.get(pk=page.pk), browser)
        schedule(page)
    else:
        schedule(page)
        SIDE_PATHS[way](ArticlePage.objects.get(pk=page.pk), browser)

    assert SECRET not in seen(client)
    clock.moment = MOMENT
    assert SECRET in seen(client)


def test_alias_of_a_draft_goes_live_with_it(db, clock, client):
    clock.set("2099-06-01T00:00:00+00:00")
    page = factories.article_page(title=SECRET, live=False)
    mirror = alias(page)

    schedule(page)
    before = Page.objects.get(pk=mirror.pk).live
    clock.moment = MOMENT
    page = ArticlePage.objects.get(pk=page.pk)
    page.go_live_at = None
    page.save_revision().publish()

    assert not before
    assert Page.objects.get(pk=mirror.pk).live
    assert ArticlesPage.objects.get().get_children().live().count() == 2
