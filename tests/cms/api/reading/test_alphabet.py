"""From A to Z means the same on both databases, also where a list goes on from a cursor."""

import random
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.functions import Collate
from taggit.models import Tag
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page

from cms.database.collation import COLLATION, alphabetical
from tests import factories
from tests.api_ids import id_of

NAMES = [
    *(" blank", "_line", "-dash", "“quoted”", "(group)", "@home", "$ign"),
    *("1st", "2nd", "10th", "a", "A", "à", "Å", "ab", "Ada", "ada lovelace", "Adam", "æon", "af"),
    *("Café", "cafe", "caffè", "d'Arc", "Darc", "de Vries", "Devries", "ﬁne", "fine", "Fjord"),
    *("Łukasz", "Lukasz", "Müller", "Muller", "Mullet", "Ñandú", "øre", "Ore", "résumé", "resume"),
    *("Résumé", "Straße", "Strasse", "Zoë", "Zoe", "αβγ", "Борис", "борис", "日本", "한국"),
]
ORDERED = [
    *(" blank", "_line", "-dash", "“quoted”", "(group)", "@home", "$ign"),
    *("10th", "1st", "2nd", "a", "A", "à", "Å", "ab", "Ada", "ada lovelace", "Adam", "æon", "af"),
]


def test_the_order_is_that_of_the_alphabet():
    mixed = random.Random(1).sample(NAMES, len(NAMES))

    found = alphabetical(mixed)

    assert found[: len(ORDERED)] == ORDERED
    for one, other in (
        ("cafe", "Café"),
        ("Café", "caffè"),
        ("Muller", "Müller"),
        ("Müller", "Mullet"),
    ):
        assert found.index(one) < found.index(other)
    assert found.index("resume") < found.index("résumé") < found.index("Résumé")
    assert found[-5:] == ["αβγ", "борис", "Борис", "한국", "日本"]


def test_both_databases_have_it(db):
    Tag.objects.bulk_create(Tag(name=name, slug=place) for place, name in enumerate(NAMES))

    found = Tag.objects.order_by(Collate("name", COLLATION)).values_list("name", flat=True)

    assert list(found) == alphabetical(NAMES)


@pytest.mark.parametrize(("order", "turned"), [("NAME", 1), ("NAME_REVERSED", -1)])
@pytest.mark.parametrize("size", [1, 4, 7])
def test_a_list_goes_on_from_its_cursor(db, ask, order, turned, size):
    factories.home_page()
    for name in random.Random(2).sample(NAMES, 24):
        factories.person(name=name)
    query = f"""query ($a: String) {{ people(first: {size}, after: $a, orderBy: {order}) {{
        nodes {{ name }} pageInfo {{ hasNextPage endCursor }} }} }}"""

    found, after = [], None
    while True:
        part = ask(query, a=after)["people"]
        found += [person["name"] for person in part["nodes"]]
        after = part["pageInfo"]["endCursor"]
        if not part["pageInfo"]["hasNextPage"]:
            break

    assert found == alphabetical(found)[::turned]
    assert len(found) == 24


def test_a_list_is_ordered_from_the_perspective_of_a_moment_too(db, ask, clock):
    clock.set("2099-01-15T12:00:00+00:00")
    for title in ("zoo", "Äpfel", "Birnen"):
        factories.article_page(title=title)
    article = factories.article_page(title="Zoo")
    article.title = "apfel"
    article.go_live_at = clock.moment.replace(hour=13)
    article.save_revision().publish()
    query = "{ articles(orderBy: TITLE) { nodes { title } } }"

    clock.set("2099-01-15T13:00:00+00:00")

    titles = [node["title"] for node in ask(query)["articles"]["nodes"]]
    assert titles == ["apfel", "Äpfel", "Birnen", "zoo"]


# Tags


def test_tags_are_in_order_and_do_not_differ_by_case_alone(db, ask):
    article = factories.article_page(live=False)
    article.tags.add("edge", "Äther", "Zeit", "apple")
    article.save_revision().publish()
    other = factories.article_page(live=False)
    other.tags.add("EDGE", "zeit")
    other.save_revision().publish()

    query = "query ($id: ID!) { node(id: $id) { ... on ArticlePage { tags } } }"
    assert ask(query, id=id_of(article))["node"]["tags"] == ["apple", "Äther", "edge", "Zeit"]
    assert ask(query, id=id_of(other))["node"]["tags"] == ["edge", "Zeit"]
    assert Tag.objects.count() == 4
    names = [tag["name"] for tag in ask("{ tags { nodes { name } } }")["tags"]["nodes"]]
    assert names == ["apple", "Äther", "edge", "Zeit"]


# Pages that mirror others


def alias_of_draft():
    draft = factories.article_page(title="Draft", live=False)
    alias = CreatePageAliasAction(draft, update_slug="mirror").execute()
    return draft, alias


FIRST = "{ articles(orderBy: NEWEST_FIRST) { nodes { path firstPublishedAt } } }"


def test_a_page_that_mirrors_another_tells_when_it_was_first_published(db, ask):
    draft, _ = alias_of_draft()

    draft.get_latest_revision().publish()

    nodes = ask(FIRST)["articles"]["nodes"]
    assert len(nodes) == 2
    assert nodes[0]["firstPublishedAt"] == nodes[1]["firstPublishedAt"] is not None


def test_it_does_so_from_the_second_of_a_scheduled_publication_on(db, ask, clock):
    clock.set("2099-01-15T12:00:00+00:00")
    draft, _ = alias_of_draft()
    draft.go_live_at = clock.moment.replace(hour=13)
    draft.save_revision().publish()

    clock.set("2099-01-15T13:00:00+00:00")

    moments = [node["firstPublishedAt"] for node in ask(FIRST)["articles"]["nodes"]]
    assert moments == ["2099-01-15T13:00:00+00:00"] * 2


def test_those_that_are_there_already_get_their_moment(db):
    draft, alias = alias_of_draft()
    draft.get_latest_revision().publish()
    Page.objects.filter(pk=alias.pk).update(first_published_at=None)

    module = import_module("pages.migrations.0004_first_publication_of_aliases")
    module.fill(apps, connection.schema_editor())

    alias.refresh_from_db()
    assert alias.first_published_at == alias.last_published_at is not None
