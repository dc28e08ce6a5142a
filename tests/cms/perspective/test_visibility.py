"""When content is visible, and where it must not show while it is not.

Every path through the schema is walked in ``tests/cms/api/test_secrets.py``; here are the rule
itself, the ways to be hidden one by one, and what lies around hidden content.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Locale, Page, PageViewRestriction

from cms.perspective.visibility import NoRule, visible
from pages.models import ArticleAuthor, ArticlePage, HomePage
from tests import factories
from tests.api_ids import id_of
from tests.conftest import post_graphql
from tests.factories import PAGE_FACTORIES, SNIPPET_FACTORIES

pytestmark = pytest.mark.usefixtures("home_page")

NOW = datetime.fromisoformat("2026-01-15T12:00:00+00:00")  # where the ``clock`` fixture stands
DUE = datetime(2099, 1, 1, tzinfo=UTC)  # what is approved for a moment that has passed is live


# Ways to be hidden


def draft(make: Callable[..., Any], **fields: Any) -> Any:
    return make(live=False, **fields)


def scheduled(make: Callable[..., Any], **fields: Any) -> Any:
    """Approved, to go live later."""
    made = make(live=False, go_live_at=DUE, **fields)
    made.get_latest_revision().publish()
    return made


def expired(make: Callable[..., Any], **fields: Any) -> Any:
    """Expires this very moment; the scheduler has not run yet, so it is still marked as live."""
    made = make(**fields)
    type(made).objects.filter(pk=made.pk).update(expire_at=NOW)
    return made


def unpublished(make: Callable[..., Any], **fields: Any) -> Any:
    made = make(**fields)
    made.unpublish()
    return made


def private(make: Callable[..., Page], **fields: Any) -> Page:
    """For some readers only; the three kinds of restriction take turns."""
    made = make(**fields)
    kinds = [kind for kind, _ in PageViewRestriction.RESTRICTION_CHOICES if kind != "none"]
    restriction = PageViewRestriction(page=made, restriction_type=kinds[made.pk % len(kinds)])
    restriction.password = "open"
    restriction.save()
    return made


def below_private(make: Callable[..., Page], **fields: Any) -> Page:
    """Public itself, but two levels below a page that is not."""
    made = make(**fields)
    section = Page.objects.filter(slug="secret-section").first()
    if section is None:
        top = private(factories.form_page, title="secret", slug="secret-top")
        section = factories.form_page(parent=top, title="secret", slug="secret-section")
    made.move(section, pos="last-child")
    made.refresh_from_db()
    return made


STATES: dict[str, Callable[..., Any]] = {
    "draft": draft,
    "scheduled": scheduled,
    "expired": expired,
    "unpublished": unpublished,
}
PAGE_STATES = STATES | {"private": private, "below-private": below_private}


@pytest.mark.parametrize("state", PAGE_STATES)
def test_hidden_pages_are_neither_answered_nor_served_at_their_address(
    db, clock, client, run_operation, state
):
    hidden = [
        PAGE_STATES[state](make, title="secret title", slug=f"hidden-{model.__name__.lower()}")
        for model, make in PAGE_FACTORIES.items()
        if model is not HomePage
    ]

    for page in hidden:
        answer = run_operation(page.operation, path=page.url)
        response = client.get(page.url)

        assert "secret" not in json.dumps(answer)
        if response.status_code == 200:
            assert response.templates[0].name == "wagtailcore/password_required.html"
        assert response.status_code in (200, 302, 404)
        assert b"secret title" not in response.content


@pytest.mark.parametrize("state", STATES)
def test_hidden_snippets_are_not_answered(db, clock, run_operation, state):
    for model, make in SNIPPET_FACTORIES.items():
        hidden = STATES[state](make)

        answer = run_operation(model.operation, id=id_of(hidden))

        assert answer == {model.operation: None}


# When the clock decides


@pytest.mark.parametrize("model", [*PAGE_FACTORIES, *SNIPPET_FACTORIES])
def test_content_is_visible_until_just_before_the_moment_it_expires(db, model):
    made = (PAGE_FACTORIES | SNIPPET_FACTORIES)[model]()
    model.objects.filter(pk=made.pk).update(expire_at=NOW)

    def is_visible(moment):
        return visible(model.objects.filter(pk=made.pk), at=moment).exists()

    assert is_visible(NOW - timedelta(microseconds=1))
    assert not is_visible(NOW)
    assert not is_visible(NOW + timedelta(microseconds=1))


@pytest.mark.parametrize("model", [*PAGE_FACTORIES, *SNIPPET_FACTORIES])
def test_content_appears_at_the_moment_it_is_approved_for(db, clock, run_operation, model):
    """Nobody has published it: the moment is enough."""
    make = (PAGE_FACTORIES | SNIPPET_FACTORIES)[model]
    made = make(live=False, go_live_at=DUE)
    made.get_latest_revision().publish()
    path = getattr(made, "url", None)

    clock.moment = DUE - timedelta(microseconds=1)
    before = run_operation(model.operation, path=path, id=id_of(made))
    clock.moment = DUE
    after = run_operation(model.operation, path=path, id=id_of(made))

    assert set(before.values()) == {None}
    assert [found["id"] for found in after.values()] == [id_of(made)]


@pytest.mark.parametrize("model", [*PAGE_FACTORIES, *SNIPPET_FACTORIES])
def test_changes_are_told_from_the_moment_they_are_approved_for(db, clock, run_operation, model):
    made = (PAGE_FACTORIES | SNIPPET_FACTORIES)[model]()
    path = getattr(made, "url", None)
    setattr(made, "title" if isinstance(made, Page) else "name", "changed")
    made.go_live_at = DUE
    made.save_revision().publish()

    clock.moment = DUE - timedelta(microseconds=1)
    before = run_operation(model.operation, path=path, id=id_of(made))
    clock.moment = DUE
    after = run_operation(model.operation, path=path, id=id_of(made))

    assert "changed" not in json.dumps(before)
    assert "changed" in json.dumps(after)


@pytest.mark.parametrize("model", [*PAGE_FACTORIES, *SNIPPET_FACTORIES])
def test_what_went_live_by_the_clock_expires_by_the_clock(db, clock, run_operation, model):
    make = (PAGE_FACTORIES | SNIPPET_FACTORIES)[model]
    made = make(live=False, go_live_at=DUE, expire_at=DUE + timedelta(hours=1))
    made.get_latest_revision().publish()
    path = getattr(made, "url", None)

    clock.moment = made.expire_at - timedelta(microseconds=1)
    before = run_operation(model.operation, path=path, id=id_of(made))
    clock.moment = made.expire_at
    after = run_operation(model.operation, path=path, id=id_of(made))

    assert None not in before.values()
    assert set(after.values()) == {None}


def test_page_is_gone_from_every_answer_at_the_moment_it_expires(db, clock, ask):
    page = factories.article_page(slug="short-lived")
    ArticlePage.objects.filter(pk=page.pk).update(expire_at=NOW)
    query = """{
        page(path: "/articles/short-lived/") { title }
        articles { totalCount nodes { title } edges { cursor } }
        articlesPage { children { totalCount nodes { title } } }
    }"""

    clock.moment = NOW - timedelta(microseconds=1)
    before = ask(query)
    clock.moment = NOW
    after = ask(query)

    assert before["page"] == {"title": "Article"}
    assert before["articles"]["totalCount"] == 1
    assert after == {
        "page": None,
        "articles": {"totalCount": 0, "nodes": [], "edges": []},
        "articlesPage": {"children": {"totalCount": 0, "nodes": []}},
    }


# Published content with changes that are not


@pytest.mark.parametrize("go_live_at", [None, DUE], ids=["draft", "scheduled"])
@pytest.mark.parametrize("model", [*PAGE_FACTORIES, *SNIPPET_FACTORIES])
def test_changes_that_are_not_published_yet_are_not_told(db, run_operation, model, go_live_at):
    made = (PAGE_FACTORIES | SNIPPET_FACTORIES)[model]()
    path = getattr(made, "url", None)
    before = run_operation(model.operation, path=path, id=id_of(made))

    setattr(made, "title" if isinstance(made, Page) else "name", "secret")
    made.slug = "secret"
    made.go_live_at = go_live_at
    revision = made.save_revision()
    if go_live_at:
        revision.publish()
    after = run_operation(model.operation, path=path, id=id_of(made))

    assert before == after
    assert None not in before.values()


# Lists around hidden content


@pytest.mark.parametrize("state", PAGE_STATES)
def test_hidden_pages_are_not_counted(db, clock, ask, state):
    public = factories.deliverable_category_page(title="Public")
    factories.deliverable_page(parent=public)
    hide = PAGE_STATES[state]
    hide(factories.article_page)
    hide(factories.forum_page)
    hide(factories.deliverable_page, parent=public)
    hide(factories.deliverable_category_page)

    counted = "totalCount pageInfo { hasNextPage }"
    data = ask(
        f"""{{
            articles(first: 1) {{ {counted} }}
            forums(first: 1) {{ {counted} }}
            deliverables(first: 1) {{ {counted} }}
            deliverablesPage {{ categories(first: 1) {{
                {counted}
                nodes {{
                    deliverables(first: 1) {{ {counted} }}
                    children(first: 1) {{ {counted} }}
                }}
            }} }}
        }}"""
    )

    none = {"totalCount": 0, "pageInfo": {"hasNextPage": False}}
    one = {"totalCount": 1, "pageInfo": {"hasNextPage": False}}
    assert data == {
        "articles": none,
        "forums": none,
        "deliverables": one,
        "deliverablesPage": {
            "categories": {**one, "nodes": [{"deliverables": one, "children": one}]}
        },
    }


@pytest.mark.parametrize("state", STATES)
def test_hidden_snippets_are_not_counted_and_filter_nothing(db, clock, ask, state):
    organisation = STATES[state](factories.organisation)
    person = STATES[state](factories.person)
    author = ArticleAuthor(person=person)
    factories.article_page(authors=[author])
    factories.person(name="Public", organisation=organisation)
    factories.forum_page(themes=[("theme", {"heading": "T", "organisations": [organisation]})])

    data = ask(
        """query ($person: ID!, $organisation: ID!) {
            people { totalCount }
            organisations { totalCount }
            articles(filter: {author: $person}) { totalCount }
            atOrganisation: people(filter: {organisation: $organisation}) { totalCount }
            forums(filter: {organisation: $organisation}) { totalCount }
        }""",
        person=id_of(person),
        organisation=id_of(organisation),
    )

    none = {"totalCount": 0}
    assert data == {
        "people": {"totalCount": 1},
        "organisations": none,
        "articles": none,
        "atOrganisation": none,
        "forums": none,
    }


@pytest.mark.parametrize("state", STATES)
def test_hidden_page_above_is_left_out_of_the_way_to_a_public_page(db, clock, ask, state):
    category = STATES[state](factories.deliverable_category_page, title="secret", slug="papers")
    factories.deliverable_page(parent=category, title="Public", slug="public")

    data = ask(
        """{ page(path: "/deliverables/papers/public/") {
            title
            parent { title }
            ancestors { title }
            ... on DeliverablePage { category { title } }
        } }"""
    )

    assert data == {
        "page": {
            "title": "Public",
            "parent": None,
            "ancestors": [{"title": "Home"}, {"title": "Deliverables"}],
            "category": None,
        }
    }


def test_site_whose_home_page_is_hidden_still_answers(db, ask):
    home = HomePage.objects.get()
    factories.charter_page()
    home.refresh_from_db()
    home.unpublish()

    data = ask('{ home { title } page(path: "/") { title } charter { title parent { title } } }')

    assert data == {"home": None, "page": None, "charter": {"title": "Charter", "parent": None}}


# Every kind of restriction


@pytest.mark.parametrize("restriction_type", ["password", "login", "groups"])
def test_page_under_any_restriction_is_hidden_also_from_who_may_read_it_in_a_browser(
    db, client, restriction_type
):
    page = factories.charter_page()
    PageViewRestriction.objects.create(
        page=page, restriction_type=restriction_type, password="open"
    )
    client.force_login(factories.user(is_superuser=True))

    answer = post_graphql(client, "{ charter { title } }").json()

    assert answer["data"] == {"charter": None}


def test_page_beside_a_restricted_one_whose_path_begins_alike_stays_visible(db, ask):
    """Tree paths are compared by their beginning; names of siblings must not matter."""
    private_page = factories.form_page(slug="members")
    PageViewRestriction.objects.create(page=private_page, restriction_type="login")
    factories.form_page(slug="members-area", title="Public")

    data = ask('{ page(path: "/members-area/") { title } }')

    assert data == {"page": {"title": "Public"}}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no plans")
def test_what_is_private_is_not_looked_up_for_each_row(db):
    """Or else PostgreSQL takes a plan for any values to be dear, and plans each statement anew."""
    plan = visible(Page.objects.all(), at=NOW).explain()

    assert "InitPlan" in plan
    assert "SubPlan" not in plan


def test_a_model_without_a_rule_is_shown_to_nobody(db):
    with pytest.raises(NoRule, match="Who may see a Locale is not decided"):
        visible(Locale.objects.all(), at=datetime.now(UTC))


@pytest.mark.parametrize("restricted", ["the page", "a section above it"])
@pytest.mark.parametrize("steps", [1, 2, 4])
def test_alias_of_what_is_private_is_private(db, ask, restricted, steps):
    """Also one that mirrors an alias, and what stands beneath an alias."""
    index = factories.articles_page(title="Private section", slug="private")
    page = factories.article_page(title="Private", slug="secret")
    mirrored: Page = index
    for step in range(steps):
        mirrored.refresh_from_db()  # how many pages stand beneath it
        mirrored = CreatePageAliasAction(
            mirrored, parent=index.get_parent(), update_slug=f"mirror-{step}", recursive=True
        ).execute()
    beneath = f"/mirror-{steps - 1}/secret/"

    before = ask("query ($path: String!) { page(path: $path) { title } }", path=beneath)
    place = page if restricted == "the page" else index
    PageViewRestriction.objects.create(page=place, restriction_type="login")
    after = ask("query ($path: String!) { page(path: $path) { title } }", path=beneath)

    assert before == {"page": {"title": "Private"}}
    assert after == {"page": None}
