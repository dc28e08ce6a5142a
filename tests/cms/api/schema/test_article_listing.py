"""The list of articles: filters and orders that frontends may use."""

from datetime import UTC, datetime

import pytest

from tests import factories
from tests.api_ids import id_of
from tests.cms.api.schema.listed import titles

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def articles(pages_above):
    ada, ben = factories.person(name="Ada"), factories.person(name="Ben")
    made = {
        "Old": factories.article_page(title="Old", kind="news"),
        "Middle": factories.article_page(title="Middle", kind="spotlight"),
        "New": factories.article_page(title="New", kind="news"),
    }
    for day, page in enumerate(made.values(), start=1):
        page.first_published_at = datetime(2025, 1, day, 12, tzinfo=UTC)
        page.save()
    write(made["Old"], ada, tags=["edge"])
    write(made["New"], ada, ben, tags=["edge", "talks"])
    return {"ada": ada, "ben": ben, **made}


def write(page, *people, tags=()):
    for person in people:
        page.authors.create(person=person)
    page.tags.add(*tags)
    page.save()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", ["New", "Middle", "Old"]),
        ("orderBy: NEWEST_FIRST", ["New", "Middle", "Old"]),
        ("orderBy: OLDEST_FIRST", ["Old", "Middle", "New"]),
        ("orderBy: TITLE", ["Middle", "New", "Old"]),
        ("filter: {kind: [NEWS]}", ["New", "Old"]),
        ("filter: {kind: [NEWS, SPOTLIGHT]}", ["New", "Middle", "Old"]),
        ("filter: {kind: []}", []),
        ("filter: {kind: null}", ["New", "Middle", "Old"]),
        ('filter: {tags: ["talks"]}', ["New"]),
        ('filter: {tags: ["talks", "edge"]}', ["New", "Old"]),
        ('filter: {tags: ["nobody"]}', []),
        ('filter: {tags: ["\\u0000"]}', []),
        ('filter: {tags: ["talks", "edge\\u0000"]}', ["New"]),
        ('filter: {publishedFrom: "2025-01-02T12:00:00Z"}', ["New", "Middle"]),
        ('filter: {publishedBefore: "2025-01-02T12:00:00Z"}', ["Old"]),
        ('filter: {publishedFrom: "2025-01-02T12:30:00+00:30"}', ["New", "Middle"]),
        ('filter: {publishedFrom: "2025-01-02T12:00:00"}', ["New", "Middle"]),
        ('filter: {publishedFrom: "2025-01-02T12:00:01"}', ["New"]),
        ('filter: {publishedBefore: "2025-01-03"}', ["Middle", "Old"]),
        ('filter: {publishedFrom: "0001-01-01T00:00:00Z"}', ["New", "Middle", "Old"]),
        ('filter: {publishedFrom: "9999-12-31T23:59:59Z"}', []),
        ('filter: {kind: [NEWS], publishedFrom: "2025-01-02T00:00:00Z"}', ["New"]),
        ('locale: "en"', ["New", "Middle", "Old"]),
        ('locale: "fr"', ["New", "Middle", "Old"]),
        ('locale: "fr", fallback: false', []),
        ("orderBy: TITLE, first: 2", None),
    ],
)
def test_articles_are_filtered_and_ordered(ask, articles, arguments, expected):
    arguments = arguments or "first: 100"

    if expected is None:
        nodes = ask(f"{{ articles({arguments}) {{ nodes {{ title }} }} }}")["articles"]["nodes"]
        assert [node["title"] for node in nodes] == ["Middle", "New"]
    else:
        assert titles(ask, "articles", arguments) == expected


def test_articles_are_found_by_author(ask, articles):
    by_ada = titles(ask, "articles", f'filter: {{author: "{id_of(articles["ada"])}"}}')
    by_ben = titles(ask, "articles", f'filter: {{author: "{id_of(articles["ben"])}"}}')

    assert (by_ada, by_ben) == (["New", "Old"], ["New"])


def test_a_hidden_author_finds_nothing(ask, articles):
    articles["ada"].unpublish()

    assert titles(ask, "articles", f'filter: {{author: "{id_of(articles["ada"])}"}}') == []
