"""Ids: each names one thing of the whole site, and finds it again as readers see it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from graphql import GraphQLObjectType, get_named_type
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    PageViewRestriction,
    Revision,
    Site,
)

from cms.api.schema.finding import finders
from cms.api.schema.public import public_schema
from media.models import Image
from pages.models import (
    ArticleAuthor,
    ArticlePage,
    FormField,
    Navigation,
    Person,
    SiteSettings,
)
from tests import factories
from tests.api_ids import id_beneath, id_for, id_of, id_of_row
from tests.cms.perspective.scheduled_content import publish_due
from tests.conftest import answer_of, post_graphql

pytestmark = pytest.mark.django_db

# What is on the pages that the fixture makes, with the id of each thing there.
EVERYTHING = """{
  site {
    __typename id
    settings { __typename id socialLinks { __typename id } }
    navigation { __typename id header { __typename id children { __typename id } } }
  }
  people { nodes { __typename id } }
  organisations { nodes { __typename id } }
  articles { nodes {
    __typename id
    headerImage { image { __typename id } }
    authors { __typename id person { __typename id } }
    body {
      ... on ArticleHeading { __typename id }
      ... on ArticleParagraphs { __typename id }
    }
  } }
  deliverables { nodes { __typename id document { __typename id } } }
  survey { __typename id questions { __typename id options { __typename id } } }
  home { __typename id children { nodes { __typename id
    ... on FormPage { formFields { __typename id label } }
  } } }
  route(path: "/moved/") { redirect { __typename id } }
}"""
FIND = "query ($id: ID!) { node(id: $id) { __typename id } }"
FIND_ALL = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.fixture
def article():
    picture = factories.image()
    page = factories.article_page(
        title="Original",
        slug="original",
        header_image=picture,
        header_image_alt_text="A picture",
        body=[
            ("heading", {"heading": "The beginning"}),
            ("paragraphs", {"text": "<p>Text of the original.</p>"}),
        ],
    )
    write(page, factories.person(name="Ada Rossi"), factories.person(name="Bo Chen"))
    return page


def write(page, *people):
    page.authors = [ArticleAuthor(person=person) for person in people]
    page.save()
    return page.authors.all()


@pytest.fixture
def everything(article):
    """One of each kind of thing, in each place that has a way of its own."""
    site = Site.objects.get()
    factories.survey_page()
    factories.deliverable_page(document=factories.document(), link_url="")
    factories.form_page(
        is_open=True, form_fields=[FormField(label="Name", field_type="singleline")]
    )
    links = [("link", {"text": "Videos", "page": None, "url": "https://example.org/"})]
    child = {"text": "One", "page": article, "url": ""}
    header = [("item", {**child, "children": [child]})]
    SiteSettings.objects.create(site=site, name="Group", social_links=links)
    Navigation.objects.create(site=site, header=header)
    Redirect.add_redirect("/moved/", article)


def things_in(answer: Any) -> list[tuple[str, str]]:
    """The type and id of whatever has one, as often as it is answered."""
    if isinstance(answer, list):
        return [thing for each in answer for thing in things_in(each)]
    if not isinstance(answer, dict):
        return []
    own = [(answer["__typename"], answer["id"])] if "id" in answer else []
    return own + [thing for each in answer.values() for thing in things_in(each)]


def find(ask, identifier: str) -> Any:
    return ask(FIND, id=identifier)["node"]


# Each thing has one


def test_whatever_has_an_id_is_a_node_and_no_other_field_has_that_name():
    types = [
        each for each in public_schema().type_map.values() if isinstance(each, GraphQLObjectType)
    ]

    with_id = {each.name for each in types if "id" in each.fields}
    nodes = {each.name for each in types if "Node" in {one.name for one in each.interfaces}}

    assert with_id == nodes
    assert {str(each.fields["id"].type) for each in types if "id" in each.fields} == {"ID!"}
    told_by = {
        f"{each.name}.{name}"
        for each in types
        for name, field in each.fields.items()
        if get_named_type(field.type).name == "ID" and name != "id"
    }
    assert told_by == {"ContentChange.nodeId"}


def test_no_two_things_have_one_id(everything, ask):
    things = set(things_in(ask(EVERYTHING)))

    assert len({identifier for _, identifier in things}) == len(things)
    assert len({typename for typename, _ in things}) >= 20


def test_whatever_was_answered_is_found_by_its_id(everything, ask, statements):
    things = sorted(set(things_in(ask(EVERYTHING))))
    ids = [identifier for _, identifier in things]

    found = ask(FIND_ALL, ids=ids)["nodes"]

    assert found == [{"__typename": typename, "id": each} for typename, each in things]
    for thing in found:
        assert find(ask, thing["id"]) == thing


def test_many_are_found_in_as_many_statements_as_one(article, ask, statements):
    pages = [factories.article_page() for _ in range(8)]
    rows, blocks = [*article.authors.all()], [*article.body]
    kinds = [
        [id_of(page) for page in pages],
        [id_of(row.person) for row in rows],
        [id_of_row(row) for row in rows],
        [id_beneath(article, "body", block.id) for block in blocks],
    ]
    few, many = [kind[0] for kind in kinds], [each for kind in kinds for each in kind]
    text = """query ($ids: [ID!]!) { nodes(ids: $ids) {
        id ... on ArticlePage { standfirst authors { id } } ... on Person { name } } }"""
    ask(text, ids=few)
    ask(text, ids=many)

    with statements(7):
        ask(text, ids=few)
    with statements(7):
        found = ask(text, ids=many)["nodes"]

    assert [each["id"] for each in found] == many


def test_a_page_is_found_by_its_id_as_by_its_path(article, ask):
    text = "{{ page({}) {{ __typename title path ... on ArticlePage {{ kind }} }} }}"

    by_id = ask(text.format(f'id: "{id_of(article)}"'))

    assert by_id == ask(text.format('path: "/articles/original/"'))
    assert by_id["page"]["title"] == "Original"


@pytest.mark.parametrize("arguments", ["", '(path: "/", id: "{}")', '(locale: "en")'])
def test_a_page_is_asked_for_by_a_path_or_an_id(client, arguments):
    home = factories.home_page()

    arguments = arguments.replace("{}", id_of(home))
    answer = post_graphql(client, f"{{ page{arguments} {{ id }} }}").json()

    assert answer["data"] == {"page": None}
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["BAD_USER_INPUT"]
    assert "one of the two" in answer["errors"][0]["message"]


# Copies


def ids_of(ask, page) -> set[str]:
    text = """query ($id: ID!) { page(id: $id) { ... on ArticlePage {
        __typename id
        authors { __typename id }
        body { ... on ArticleHeading { __typename id } ... on ArticleParagraphs { __typename id } }
    } } }"""
    things = things_in(ask(text, id=id_of(page)))
    assert len(things) == 5
    return {identifier for _, identifier in things}


def copied(page):
    return page.copy(update_attrs={"slug": "copy", "title": "Copy"})


def mirrored(page):
    return CreatePageAliasAction(page, update_slug="alias").execute()


def translated(page):
    german = Locale.objects.create(language_code="de")
    made = page.copy_for_translation(german, copy_parents=True)
    made.save_revision().publish()
    return made


@pytest.mark.parametrize("copy", [copied, mirrored, translated])
def test_a_copy_shares_no_id_with_the_original(article, ask, settings, copy):
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES = [("en", "English"), ("de", "German")]
    made = copy(article)

    assert [block.id for block in made.body] == [block.id for block in article.body]
    assert ids_of(ask, made) & ids_of(ask, article) == set()


def test_a_copy_shows_its_own_text_to_those_who_keep_answers_by_id(article, ask):
    copy = copied(article)
    copy.body[1].value["text"].source = "<p>Text of the copy.</p>"
    copy.save_revision().publish()
    text = """{ articles { nodes { id title body {
        ... on ArticleParagraphs { id text { text } } } } } }"""

    kept: dict[str, str] = {}
    for page in ask(text)["articles"]["nodes"]:
        for block in page["body"]:
            if block:
                kept.setdefault(block["id"], block["text"]["text"])

    assert sorted(kept.values()) == ["Text of the copy.", "Text of the original."]


# While things change


def test_ids_stay_the_same_when_a_version_goes_live(article, ask, clock):
    clock.set("2099-01-15T12:00:00+00:00")
    before = ids_of(ask, article)
    article.authors = [
        ArticleAuthor(person=factories.person(name="New")),
        *article.authors.all(),
    ]
    article.go_live_at = at("2099-01-16T12:00:00")
    article.save_revision().publish()
    text = '{ page(path: "/articles/original/") { ... on ArticlePage { authors { id } } } }'
    before_due = ask(text)
    clock.set("2099-01-16T12:00:01+00:00")

    while_due = ask(text)
    publish_due(clock.moment, nullcontext)
    permanent = ask(text)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert while_due["page"]["authors"] != before_due["page"]["authors"]
    again = ArticlePage.objects.get().get_latest_revision_as_object()
    again.go_live_at = None
    again.save_revision().publish()

    assert while_due == permanent == ask(text)
    authors = [each["id"] for each in permanent["page"]["authors"]]
    assert len(set(authors)) == 3
    assert len(set(authors) & before) == 2


def test_a_row_whose_siblings_move_keeps_its_id(article, ask):
    before = {
        row["person"]["name"]: row["id"]
        for row in ask("{ articles { nodes { authors { id person { name } } } } }")["articles"][
            "nodes"
        ][0]["authors"]
    }

    rows = [*article.authors.all()][::-1]
    for place, row in enumerate(rows):
        row.sort_order = place
    article.authors = rows
    article.save_revision().publish()
    (node,) = ask("{ articles { nodes { authors { id person { name } } } } }")["articles"]["nodes"]

    assert {row["person"]["name"]: row["id"] for row in node["authors"]} == before
    assert [row["person"]["name"] for row in node["authors"]] == ["Bo Chen", "Ada Rossi"]


def test_imported_blocks_without_a_key_or_with_one_twice_have_ids_of_their_own(article, ask):
    block = {"type": "heading", "value": {"heading": "Same"}}
    keys: list[dict] = [{}, {"id": "a/b%2F"}, {"id": "a/b%2F"}, {"id": "~0"}, {"id": "\u00e9"}]
    ArticlePage.objects.update(body=json.dumps([{**block, **key} for key in keys]))

    text = "{ articles { nodes { body { ... on ArticleHeading { __typename id } } } } }"
    things = things_in(ask(text))

    assert len(set(things)) == len(keys)
    found = ask(FIND_ALL, ids=[identifier for _, identifier in things])["nodes"]
    assert [(each["__typename"], each["id"]) for each in found] == things


# Only what readers may see


def hidden_things() -> dict[str, str]:
    """The ids of what exists and is hidden, by why."""
    draft = factories.article_page(
        live=False, title="Draft", body=[("heading", {"heading": "Secret"})]
    )
    (author,) = write(draft, factories.person(live=False))
    private = factories.charter_page()
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    closed = factories.form_page(
        is_open=False, form_fields=[FormField(label="Name", field_type="singleline")]
    )
    collection = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    redirect = Redirect.add_redirect("/to-the-draft/", draft)
    elsewhere = Site.objects.create(
        hostname="other.example.org", root_page=factories.home_page(slug="other")
    )
    return {
        "a draft": id_of(draft),
        "a block of a draft": id_beneath(draft, "body", draft.body[0].id),
        "a row of a draft": id_of_row(author),
        "a person's draft": id_of(author.person),
        "a private page": id_of(private),
        "a block of a private page": id_beneath(private, "objectives", private.objectives[0].id),
        "a question of a closed form": id_of_row(closed.form_fields.get()),
        "a picture of a private collection": id_of(factories.image(collection=collection)),
        "a redirect to a draft": id_for(Redirect, f":{redirect.old_path}"),
        "another site": id_of(elsewhere),
        "the settings of another site": id_for(SiteSettings, elsewhere.pk),
        "nobody": id_for(Person, 999_999),
        "nothing on a page": id_beneath(closed.get_parent(), "header_image", "x"),
    }


def test_what_is_hidden_is_found_as_little_as_what_does_not_exist(article, ask):
    hidden = hidden_things()
    del hidden["nothing on a page"]

    found = ask(FIND_ALL, ids=[*hidden.values()])["nodes"]

    told = {name for name, each in zip(hidden, found, strict=True) if each is not None}
    assert told == set()


def read(identifier: str) -> str:
    return urlsafe_b64decode(identifier + "=" * (-len(identifier) % 4)).decode()


def test_a_row_does_not_tell_who_the_hidden_person_is(article, ask):
    other = factories.article_page()
    hidden = factories.person(name="Hidden", live=False)
    rows = [row for page in (article, other) for row in write(page, hidden)]

    keys = {read(id_of_row(row)).rpartition("/")[2] for row in rows}

    assert len(keys) == 2
    assert str(hidden.pk) not in keys


def test_things_are_found_as_the_perspective_of_the_request_shows_them(article, ask, clock):
    clock.set("2099-01-15T12:00:00+00:00")
    later = factories.article_page(live=False, title="Later", go_live_at=at("2099-01-16T12:00:00"))
    later.save_revision().publish()
    draft = factories.article_page(live=False, title="Draft")
    draft.save_revision()
    token = factories.preview_token(page=draft)
    text = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ArticlePage { title } } }"
    ids = [id_of(later), id_of(draft)]

    def titles(**headers):
        response = Client().post(
            "/graphql",
            {"query": text, "variables": {"ids": ids}},
            content_type="application/json",
            headers=headers,
        )
        return [node and node["title"] for node in answer_of(response)["nodes"]]

    assert titles() == [None, None]
    assert titles(authorization=f"Bearer {token}") == [None, "Draft"]
    clock.set("2099-01-16T12:00:00+00:00")
    assert titles() == ["Later", None]


# What is no id


def spelt(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


NO_IDS = {
    "nothing": "",
    "a number": "1",
    "words": "no id",
    "a letter beyond ASCII": "UGFnZTox\u00e9",
    "padded": "UGFnZTox==",
    "with a line": "UGFnZTox\n",
    "of no text": urlsafe_b64encode(b"Page:\xff").decode(),
    "without a kind": spelt("1"),
    "of an unknown kind": spelt("User:1"),
    "of a kind nobody may see": spelt("Rendition:1"),
    "without a key": spelt("Page:"),
    "with a key in other words": spelt("Page:01"),
    "with a key in other digits": spelt("Page:\u0661"),
    "with a key beyond all": spelt("Page:" + "9" * 19),
    "with a field and no key": spelt("Page:1/body"),
    "of half a character": urlsafe_b64encode(b"Page:1/body/\xed\xa0\x80").decode().rstrip("="),
    "of a depth beyond all": spelt("Page:1" + "/body/x" * 5_000),
}


@pytest.mark.parametrize(
    "field", ["node(id: $id)", "nodes(ids: [$id])", "page(id: $id)", "person(id: $id)"]
)
@pytest.mark.parametrize("identifier", NO_IDS.values(), ids=NO_IDS)
def test_what_this_api_never_gave_is_a_bad_argument(client, field, identifier):
    query = f"query ($id: ID!) {{ {field} {{ __typename }} }}"

    answer = post_graphql(client, query, {"id": identifier}).json()

    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"].startswith(("This is no id of this API.", "This is the id of"))


@pytest.mark.parametrize("place", ["seo/x", "title/x", "parent/x", "page_ptr/x", "body/x/text/y"])
def test_a_place_that_holds_no_blocks_or_rows_is_a_bad_argument(article, client, place):
    place = place.replace("body/x", f"body/{article.body[1].id}")
    identifier = id_beneath(article, *place.split("/"))

    answer = post_graphql(client, FIND, {"id": identifier}).json()

    assert answer["data"] == {"node": None}
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "field",
    [
        "person(id: $id) { id }",
        "organisation(id: $id) { id }",
        "articles(filter: {author: $id}) { totalCount }",
        "people(filter: {organisation: $id}) { totalCount }",
        "forums(filter: {organisation: $id}) { totalCount }",
        "deliverables(filter: {category: $id}) { totalCount }",
    ],
)
def test_the_id_of_something_else_is_a_bad_argument(db, client, field):
    factories.home_page()

    answer = post_graphql(client, f"query ($id: ID!) {{ {field} }}", {"id": id_for(Image, 1)})

    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"].startswith("This is the id of something else: give that of a")


def test_many_redirects_are_found_in_one_statement(article, ask, statements):
    names = [f"/moved-{number}" for number in range(10)]
    for name in names:
        Redirect.add_redirect(name, article)
    ids = [id_for(Redirect, f":{name}") for name in names]
    ask(FIND_ALL, ids=ids)

    with statements(3):
        found = ask(FIND_ALL, ids=ids)["nodes"]

    assert [each["id"] for each in found] == ids


@pytest.mark.parametrize("path", ["/a\0b", "http://[", "x" * 3_000, ""])
def test_a_redirect_is_null_at_a_path_that_cannot_be(db, ask, path):
    factories.home_page()

    assert find(ask, id_for(Redirect, f":{path}")) is None


@pytest.mark.parametrize("number", [2**31, 10**18 - 1], ids=["the next", "the last"])
def test_a_number_beyond_those_of_the_database_is_the_key_of_nothing(article, ask, number):
    ids = [spelt(f"{kind}:{number}") for kind in sorted(finders()) if kind != "Redirect"]
    lists = """query ($page: ID!, $person: ID!, $organisation: ID!, $category: ID!) {
        page(id: $page) { id }
        person(id: $person) { id }
        organisation(id: $organisation) { id }
        articles(filter: {author: $person}) { totalCount }
        people(filter: {organisation: $organisation}) { totalCount }
        search(query: "gateways", filter: {categories: [$category]}) { totalCount }
    }"""
    kinds = {"page": "Page", "person": "Person", "organisation": "Organisation", "category": "Page"}

    found = ask(FIND_ALL, ids=ids)["nodes"]
    listed = ask(lists, **{name: spelt(f"{kind}:{number}") for name, kind in kinds.items()})

    assert found == [None] * len(ids)
    assert {each and each["totalCount"] for each in listed.values()} == {None, 0}


def test_so_many_are_found_at_once_and_no_more(db, client):
    factories.home_page()
    ids = [id_for(Person, 10_000 + number) for number in range(101)]

    accepted = post_graphql(client, FIND_ALL, {"ids": ids[1:]}).json()
    refused = post_graphql(client, FIND_ALL, {"ids": ids}).json()

    assert accepted["data"] == {"nodes": [None] * 100}
    assert accepted["extensions"]["cost"]["requested"] == 100
    assert refused["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("page", ["UGFnZTo5OTk5OTk", "999999"])
def test_a_token_for_a_page_that_there_is_not_is_refused(admin_user, page):
    with pytest.raises(CommandError, match=f"There is no page with the id {page}"):
        call_command("create_preview_token", "Test", by=admin_user.username, page=page)


def test_a_token_for_something_else_than_a_page_is_refused(admin_user):
    with pytest.raises(CommandError, match="give that of a page"):
        call_command("create_preview_token", "Test", by=admin_user.username, page=id_for(Person, 1))
