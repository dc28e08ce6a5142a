"""Answers have an end: in bytes, objects, statements and texts read, whatever was asked."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.api_ids import id_of
from tests.cms.api.http.documented_errors import check_errors
from tests.cms.api.reading.plentiful_content import make_plenty
from tests.operation_variables import operation_variables

pytestmark = pytest.mark.django_db

ARTICLES = 3
PARAGRAPHS = 8
CHARACTERS = 5_000
OPERATIONS = sorted((Path(settings.FRONTEND_CONTRACT) / "operations").glob("*.graphql"))


@pytest.fixture(scope="module", autouse=True)
def long_articles(undone) -> Iterator[None]:
    """Each text has a letter of two bytes and quotes, which JSON writes with a backslash."""
    with undone():
        text = "<p>ä " + "x" * CHARACTERS + '"' * 100 + "</p>"
        body = [("paragraphs", {"text": text})] * PARAGRAPHS
        for number in range(ARTICLES):
            factories.article_page(slug=f"long-{number}", body=body)
        yield


def repeated(field: str, times: int) -> str:
    """A selection of one field so many times; ``NUMBER`` in it is counted."""
    aliases = (f"a{number}: {field}".replace("NUMBER", str(number)) for number in range(times))
    return f"{{ {' '.join(aliases)} }}"


def texts(aliases: int) -> str:
    """All texts so many times: of a few hundred characters that ask, megabytes are answered."""
    text = f"text {repeated('html', aliases)}"
    return f"{{ articles {{ nodes {{ body {{ ... on ArticleParagraphs {{ {text} }} }} }} }} }}"


def post(client: Client, query: str) -> Any:
    return client.post("/graphql", {"query": query}, content_type="application/json")


def stopped_by(response: Any) -> str:
    """What an answer that was stopped names; it has nothing else in it."""
    answer = response.json()
    assert (response.status_code, set(answer)) == (422, {"errors"}), response.content[:500]
    assert check_errors(answer["errors"]) == {"LIMIT_EXCEEDED"}
    (error,) = answer["errors"]
    assert "Ask for fewer" in error["message"]
    assert f"{error['extensions']['allowed']:,}" in error["message"]
    return error["extensions"]["limit"]


@pytest.fixture
def limited(settings):
    def to(**numbers: int) -> None:
        settings.GRAPHQL_LIMITS = settings.GRAPHQL_LIMITS | numbers

    return to


# Bytes


def test_answer_has_as_many_bytes_as_are_allowed_and_not_one_more(client, limited):
    whole = post(client, texts(2))
    size = len(whole.content)
    assert whole.status_code == 200
    assert size > 2 * ARTICLES * PARAGRAPHS * CHARACTERS

    limited(bytes=size)
    assert post(client, texts(2)).content == whole.content
    limited(bytes=size - 1)
    assert stopped_by(post(client, texts(2))) == "bytes"


def test_making_an_answer_that_is_too_long_takes_little_memory(client, limited):
    limited(bytes=200_000)
    post(client, texts(29))

    tracemalloc.start()
    refused = post(client, texts(29))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert stopped_by(refused) == "bytes"
    assert most < 29 * ARTICLES * PARAGRAPHS * CHARACTERS / 2


SHORT = {
    "errors": repeated('person(id: "nobody") { id }', 9),
    "numbers": repeated("articles { totalCount }", 9),
}


@pytest.mark.parametrize("what", SHORT)
def test_what_is_not_text_counts_too(client, limited, what):
    size = len(post(client, SHORT[what]).content)

    limited(bytes=size - 1)

    assert stopped_by(post(client, SHORT[what])) == "bytes"


def test_names_are_known_to_be_too_long_before_anything_is_read(client, limited):
    query = f"{{ articles(first: 100) {{ nodes {{ {'x' * 1_000}: title }} }} }}"
    limited(bytes=100_000)

    with CaptureQueriesContext(connection) as captured:
        response = post(client, query)

    (error,) = response.json()["errors"]
    assert response.status_code == 422
    assert error["extensions"]["limit"] == "bytes of names"
    assert error["extensions"]["requested"] > 100 * 1_000
    assert all("wagtailcore_site" in query["sql"] for query in captured.captured_queries)


# What is made and read for it


def test_answer_has_as_many_objects_as_its_cost_may_be_however_long_lists_are(client, limited):
    """Lists without `first` are taken to have five items, and these have eight."""
    query = "{ articles(first: 3) { nodes { body { __typename } } } }"
    requested = post(client, query).json()["extensions"]["cost"]["requested"]
    assert requested == 1 + 3 * (1 + 5)

    limited(cost=1 + 3 * (1 + PARAGRAPHS))
    assert post(client, query).status_code == 200
    limited(cost=3 * (1 + PARAGRAPHS))
    assert stopped_by(post(client, query)) == "cost"


def test_so_many_characters_of_long_texts_are_read_and_no_more(client, limited):
    query = "{ articles { nodes { body { __typename } } } }"

    limited(characters_read=ARTICLES * PARAGRAPHS * CHARACTERS * 2)
    assert post(client, query).status_code == 200
    limited(characters_read=ARTICLES * PARAGRAPHS * CHARACTERS)
    assert stopped_by(post(client, query)) == "characters read"
    assert post(client, "{ articles { nodes { title } } }").status_code == 200


@pytest.mark.parametrize(
    "field",
    [
        'page(path: "/NUMBER/") { id }',
        'route(path: "/NUMBER/") { status }',
        "people { totalCount }",
    ],
    ids=["in a resolver", "in a resolver, by Django", "in a loader"],
)
def test_so_many_statements_run_and_no_more(client, limited, field):
    query, asked = repeated(field, 9), []
    post(client, query)

    def noted(execute, sql, *arguments):
        asked.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(noted):
        assert post(client, query).status_code == 200
    # The first finds the site, before the operation runs.
    asked = [sql for sql in asked if sql.startswith("SELECT")][1:]
    assert len(asked) >= 9

    limited(statements=len(asked))
    assert post(client, query).status_code == 200
    limited(statements=len(asked) - 1)
    assert stopped_by(post(client, query)) == "statements"


def test_next_change_is_worked_out_once_however_often_it_is_asked_for(client, statements):
    once, often = repeated("nextChangeAt", 1), repeated("nextChangeAt", 9)
    post(client, once)
    with CaptureQueriesContext(connection) as captured:
        post(client, once)

    with statements(len(captured)):
        assert post(client, often).status_code == 200


# What the contract promises


@pytest.fixture(scope="module")
def plenty(undone) -> Iterator[list[str]]:
    """A hundred of everything, and the paths of the first page of each type."""
    with undone():
        yield make_plenty(settings.GRAPHQL_MAX_PAGE_SIZE).paths()


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: file.stem)
def test_operations_of_the_contract_need_half_of_each_limit_with_their_lists_full(
    client, limited, file, plenty
):
    text = file.read_text()
    limited(**{name: number // 2 for name, number in settings.GRAPHQL_LIMITS.items()})
    largest = settings.GRAPHQL_MAX_PAGE_SIZE
    names = operation_variables(text)
    variables: dict[str, Any] = {"first": largest} if "first" in names else {}

    for path in plenty if "path" in names else [""]:
        known: dict[str, Any] = {
            "path": path,
            "answers": [],
            "idempotencyKey": "",
            "token": "",
            "email": "",
            "consent": False,
        } | variables
        if "id" in names:
            model: Any = apps.get_model("pages", file.stem)
            known["id"] = id_of(model.objects.first())
        response = client.post(
            "/graphql",
            json.dumps({"query": text, "variables": {n: known[n] for n in names if n in known}}),
            content_type="application/json",
        )
        assert response.status_code == 200, response.content[:500]
