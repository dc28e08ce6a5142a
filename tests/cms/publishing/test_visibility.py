"""Nothing that is not public is told on any path.

The questions are drawn from the schema and the content from the models, so that a new type or field
is covered without a change here. Everything hidden carries the word ``secret`` in every text, and
everything public points to it in every way its fields allow.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import models
from django.test import Client
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from cms.api.schema import public_schema
from cms.publishing.visibility import visible
from media.models import Document, Image
from pages.models import ArticleAuthor, ArticlePage, HomePage, Navigation, SiteSettings
from tests import factories
from tests.conftest import post_graphql
from tests.factories import PAGE_FACTORIES, SNIPPET_FACTORIES
from tests.filling import Filling, is_ours

NOW = datetime.fromisoformat("2026-01-15T12:00:00+00:00")  # where the ``clock`` fixture stands


# Ways to be hidden


def draft(make: Callable[..., Any], **fields: Any) -> Any:
    return make(live=False, **fields)


def scheduled(make: Callable[..., Any], **fields: Any) -> Any:
    """Approved, to go live later."""
    made = make(live=False, go_live_at=datetime(2099, 1, 1, tzinfo=UTC), **fields)
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


# A site with secrets


def hide_everything(hide_page: Callable[..., Any], hide_snippet: Callable[..., Any]) -> list[Any]:
    """A site in which everything public points to everything hidden; returns what is hidden."""
    collection = Collection.get_first_root_node().add_child(name="secret")
    inner = collection.add_child(name="secret")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    hidden_files: list[Any] = [
        made
        for where in (collection, inner)
        for made in (
            factories.image("secret title", collection=where, credit="secret credit"),
            factories.document("secret title", collection=where, credit="secret credit"),
        )
    ]
    public = [make() for make in PAGE_FACTORIES.values()]
    public += [make() for make in SNIPPET_FACTORIES.values()]
    hidden_pages = [
        hide_page(make, title=f"secret {model.__name__}", slug=f"secret-{model.__name__.lower()}")
        for model, make in PAGE_FACTORIES.items()
    ]
    hidden_snippets = [
        hide_snippet(make, name=f"secret {model.__name__}")
        for model, make in SNIPPET_FACTORIES.items()
    ]
    hidden = [*hidden_files, *hidden_snippets, *hidden_pages]
    site = Site.objects.get(is_default_site=True)
    site.root_page = HomePage.objects.first()  # the public one
    site.save()
    public += [model.objects.create(site=site) for model in (SiteSettings, Navigation)]
    for page in hidden_pages:
        Redirect.objects.create(old_path=f"/moved-{page.pk}", redirect_page=page)
    secret_tag, public_tag = (Tag.objects.create(name=name) for name in ("secret", "public"))
    for word, tag, filled in (
        ("secret", secret_tag, [*hidden_snippets, *hidden_pages]),
        ("public", public_tag, public),
    ):
        targets = targets_among([*hidden, tag])
        for made in filled:
            Filling(f"{word} {type(made).__name__}", targets).fill(made)
    return hidden


def targets_among(objects: list[Any]) -> dict[type[models.Model], list]:
    return {
        model: [made for made in objects if isinstance(made, model)]
        for model in (Page, Image, Document, Tag, *SNIPPET_FACTORIES)
    }


# Asking everything


class Questions:
    """A query for each root field, which follows every field as far as types do not repeat."""

    def __init__(self) -> None:
        self.schema: Any = public_schema()

    def all(self) -> Iterator[tuple[str, str | None]]:
        """Each query, with the name of the variable it needs."""
        for name, field in self.schema.query_type.fields.items():
            asked = f"{name}{self.arguments(field)} {self.selection(field.type, ())}"
            needed = [name for name, arg in field.args.items() if is_required_argument(arg)]
            if needed:
                (variable,) = needed
                yield f"query (${variable}: {field.args[variable].type}) {{ {asked} }}", variable
            else:
                yield f"{{ {asked} }}", None

    def arguments(self, field: GraphQLField) -> str:
        given = [f"{n}: ${n}" for n, arg in field.args.items() if is_required_argument(arg)]
        given += ["first: 50"] * ("first" in field.args)
        return f"({', '.join(given)})" if given else ""

    def selection(self, field_type: Any, above: tuple[str, ...]) -> str:
        named = get_named_type(field_type)
        if is_leaf_type(named):
            return ""
        names = {named.name, *(each.name for each in getattr(named, "interfaces", ()))}
        deeper = not names & set(above)
        path = (*above, *names)
        parts = ["__typename"]
        if not isinstance(named, GraphQLUnionType):
            parts += self.fields(named, path, deeper=deeper)
        if isinstance(named, GraphQLInterfaceType | GraphQLUnionType) and deeper:
            for possible in self.schema.get_possible_types(named):
                inner = self.fields(possible, (*path, possible.name), alias=possible.name)
                parts.append(f"... on {possible.name} {{ {' '.join(inner)} }}")
        return f"{{ {' '.join(parts)} }}"

    def fields(
        self, named: Any, path: tuple[str, ...], *, deeper: bool = True, alias: str = ""
    ) -> list[str]:
        parts = []
        for name, field in named.fields.items():
            label = f"{alias}_{name}: {name}" if alias else name
            if is_leaf_type(get_named_type(field.type)):
                parts.append(label)
            elif deeper:
                parts.append(f"{label}{self.arguments(field)} {self.selection(field.type, path)}")
        return parts


@pytest.fixture
def ask_everything(client: Client, settings) -> Callable[..., dict[str, Any]]:
    """Ask all that can be asked, also for what is hidden, by its path and its id."""
    settings.GRAPHQL_LIMITS = dict.fromkeys(settings.GRAPHQL_LIMITS, 10**6)
    settings.GRAPHQL_MAX_BODY_SIZE = 10**7

    def ask(hidden: list[Any]) -> dict[str, Any]:
        root = Site.objects.get(is_default_site=True).root_page.url_path
        pages = [made for made in hidden if isinstance(made, Page)]
        paths = [page.url_path.removeprefix(root) for page in pages]
        paths += [f"/moved-{page.pk}" for page in pages]
        values = {"path": ["/", *paths], "id": ["1", *(str(made.pk) for made in hidden)]}
        answers = {}
        for query, variable in Questions().all():
            for value in values[variable] if variable else [None]:
                response = post_graphql(client, query, {variable: value} if variable else {})
                answer = response.json()
                assert "errors" not in answer, json.dumps(answer["errors"], indent=2)[:2000]
                answers[f"{query[:40]} {value}"] = answer["data"]
        return answers

    return ask


def words_of(answers: dict[str, Any]) -> set[str]:
    """Every text of the answers that tells a secret, with the question that was asked."""
    found = set()

    def look(value: Any, question: str) -> None:
        if isinstance(value, dict):
            for each in value.values():
                look(each, question)
        elif isinstance(value, list):
            for each in value:
                look(each, question)
        elif isinstance(value, str) and "secret" in value.lower():
            found.add(f"{question} … → {value}")

    for question, answer in answers.items():
        look(answer, question)
    return found


@pytest.mark.parametrize("state", PAGE_STATES)
def test_nothing_hidden_is_told_on_any_path(db, clock, ask_everything, state):
    hidden = hide_everything(PAGE_STATES[state], STATES.get(state, draft))

    answers = ask_everything(hidden)

    assert words_of(answers) == set()


def test_all_of_it_is_told_once_it_is_public(db, clock, ask_everything):
    """The same questions about the same content: proof that the test above could have failed."""
    hidden = hide_everything(expired, expired)

    clock.moment = NOW - timedelta(microseconds=1)
    CollectionViewRestriction.objects.all().delete()
    told = "\n".join(words_of(ask_everything(hidden)))

    untold = [word for made in hidden for word in words_in(made) if word not in told]
    assert untold == []


def words_in(made: Any) -> list[str]:
    """The secret of every text field of an object; its address where it has one."""
    if isinstance(made, Image):
        return ["secret title", "secret credit"]
    if isinstance(made, Document):
        return ["secret title", "secret credit", f"/documents/{made.pk}/"]
    words = [
        f"secret {type(made).__name__} {field.name}"[: field.max_length]
        for field in made._meta.concrete_fields
        if is_ours(field.model)
        and type(field) in (models.CharField, models.TextField)
        and not field.choices
    ]
    return [*words, f"/{made.slug}/"] if isinstance(made, Page) else words


@pytest.mark.parametrize("state", PAGE_STATES)
def test_hidden_pages_are_not_served_at_their_address(db, clock, client, state):
    hidden = [
        PAGE_STATES[state](make, title="secret title", slug=f"hidden-{model.__name__.lower()}")
        for model, make in PAGE_FACTORIES.items()
        if model is not HomePage
    ]

    for page in hidden:
        response = client.get(page.url)
        if response.status_code == 200:
            assert response.templates[0].name == "wagtailcore/password_required.html"
        assert response.status_code in (200, 302, 404)
        assert b"secret title" not in response.content


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


@pytest.mark.parametrize("go_live_at", [None, datetime(2099, 1, 1, tzinfo=UTC)])
def test_changes_that_are_not_published_yet_are_not_told(db, clock, ask_everything, go_live_at):
    page = factories.article_page(title="Public", slug="public")
    person = factories.person(name="Public")

    for made, name in ((page, "title"), (person, "name")):
        setattr(made, name, "secret")
        made.go_live_at = go_live_at
        revision = made.save_revision()
        if go_live_at:
            revision.publish()
    answers = ask_everything([page, person])

    assert words_of(answers) == set()
    assert '"Public"' in json.dumps(answers)


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

    data = ask(
        """{
            articles { totalCount }
            forums { totalCount }
            publishedDeliverables { totalCount }
            deliverables { categories {
                totalCount
                nodes { deliverables { totalCount } children { totalCount } }
            } }
        }"""
    )

    one = {"totalCount": 1}
    assert data == {
        "articles": {"totalCount": 0},
        "forums": {"totalCount": 0},
        "publishedDeliverables": one,
        "deliverables": {
            "categories": {"totalCount": 1, "nodes": [{"deliverables": one, "children": one}]}
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
        person=person.pk,
        organisation=organisation.pk,
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
    home = factories.home_page()
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
