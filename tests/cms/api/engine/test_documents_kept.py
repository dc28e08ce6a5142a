"""What a worker keeps of operations that were sent is bounded by the memory it takes."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from cms.api import operations
from cms.api.engine.collecting import Collector
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

KEPT = 300_000
# Each takes many times the memory that its characters let expect, or much of another kind.
DISTINCT: dict[str, Callable[[int], str]] = {
    "short fields": lambda n: f"{{ {'__typename ' * 99} b{n}: __typename }}",
    "short selections": lambda n: f"{{ {'... { __typename } ' * 50} b{n}: __typename }}",
    "values": lambda n: (
        f"{{ b{n}: articles(filter: {{ kind: [{'NEWS ' * 100}] }}) {{ totalCount }} }}"
    ),
    "comments": lambda n: "#\n" * 200 + f"{{ b{n}: __typename }}",
    "one long text": lambda n: f'{{ b{n}: page(path: "{"é" * 10_000}") {{ id }} }}',
    "objects": lambda n: (
        f"{{ b{n}: __typename {' '.join(f'a{m}:site{{id}}' for m in range(29))} }}"
    ),
    "types": lambda n: (
        f"{{ b{n}: home {{ ...A }} articles {{ nodes {{ ...A }} }} charter {{ ...A }} }} fragment A"
        " on PageInterface { id title slug path url firstPublishedAt lastPublishedAt }"
    ),
    "text of wide letters": lambda n: f'{{ b{n}: page(path: "{"🎈" * 5_000}") {{ id }} }}',
}


@pytest.fixture(autouse=True)
def small_cache(settings) -> Iterator[None]:
    factories.home_page()
    settings.GRAPHQL_DOCUMENT_CACHE_SIZE = KEPT
    operations.valid_documents.cache_clear()
    yield
    operations.valid_documents.cache_clear()


def send(client: Client, query: str) -> None:
    response = client.post("/graphql", {"query": query}, content_type="application/json")
    assert "errors" not in response.json(), response.content[:300]


def kept_of_seven(client: Client, text: Callable[[int], str], first: int) -> tuple[int, str]:
    """Return how many bytes seven documents left, and where the largest of them came from."""
    operations.valid_documents.cache_clear()
    operations.valid_documents()
    gc.collect()

    tracemalloc.start(5)
    for number in range(first, first + 7):
        send(client, text(number))
    gc.collect()
    kept = tracemalloc.take_snapshot()
    tracemalloc.stop()

    largest = kept.statistics("traceback")[:5]
    where = "\n".join(line for each in largest for line in [str(each), *each.traceback.format()])
    return sum(trace.size for trace in kept.traces), where


@pytest.mark.parametrize("kind", DISTINCT)
def test_documents_that_are_kept_take_no_more_memory_than_they_may(client, kind):
    text = DISTINCT[kind]
    for number in range(100, 103):  # What a process asks once and remembers does not count.
        send(client, text(number))

    # A table of the whole process that doubles just then (2.5 MB in one piece, once in some
    # thousand tests) is not kept of documents, and does so once: what is kept of them, always.
    size, where = min(kept_of_seven(client, text, first) for first in (1, 8))

    assert size < KEPT, where
    assert len(operations.valid_documents()) > 0


def test_what_is_sent_often_stays_while_others_come_and_go(client):
    often = "{ site { name } }"
    for number in range(30):
        send(client, DISTINCT["comments"](number))
        send(client, often)

    assert (often, True) in operations.valid_documents()


def test_document_larger_than_all_that_may_be_kept_is_answered_and_not_kept(client, settings):
    settings.GRAPHQL_DOCUMENT_CACHE_SIZE = 40_000
    operations.valid_documents.cache_clear()

    send(client, "{ site { name } }")
    send(client, DISTINCT["short fields"](1))

    assert len(operations.valid_documents()) == 1


def test_what_is_kept_of_a_document_keeps_nothing_that_variables_said(client):
    factories.article_page(title="First", slug="first")
    factories.article_page(title="Second", slug="second")
    query = """query ($path: String!, $tell: Boolean!) {
        page(path: $path) { title @include(if: $tell) slug @skip(if: $tell) }
    }"""

    def told(slug: str, *, tell: bool) -> dict:
        request = {"query": query, "variables": {"path": f"/articles/{slug}/", "tell": tell}}
        return client.post("/graphql", request, content_type="application/json").json()["data"]

    assert told("first", tell=True) == {"page": {"title": "First"}}
    assert told("second", tell=False) == {"page": {"slug": "second"}}
    assert told("second", tell=True) == {"page": {"title": "Second"}}
    assert told("first", tell=True) == {"page": {"title": "First"}}


def test_fields_are_collected_once_for_a_document_that_is_kept(client, monkeypatch):
    send(client, "{ site { name } }")
    monkeypatch.setattr(Collector, "collected_anew", None)

    send(client, "{ site { name } }")


def test_what_is_kept_of_a_document_keeps_no_price_of_other_variables(client):
    query = """query ($first: Int, $ids: [ID!]!) {
        articles(first: $first) { nodes { title } } nodes(ids: $ids) { id }
    }"""

    def cost(**variables) -> int:
        request = {"query": query, "variables": {"ids": [], **variables}}
        answer = client.post("/graphql", request, content_type="application/json").json()
        return answer["extensions"]["cost"]["requested"]

    one = cost(first=1)
    assert cost(first=3) - one == 2
    assert cost(first=1, ids=["a", "b"]) - one == 2
    assert cost(first=1) == one
