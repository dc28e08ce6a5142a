"""GraphQL clients that keep what they are told show what a plain request shows.

Each asks every registered operation, all into one cache, and then reads each again from the cache:
two things with one id, or a type that a client does not know of, would show as other content.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.conftest import answer_of, post_graphql
from tests.frontend_clients.running import CONTRACT, run

CLIENTS = ("apollo", "urql", "relay")

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]


@pytest.fixture(scope="module")
def plain(operations) -> dict[str, Any]:
    """What a plain POST of each operation shows."""
    return {
        each["name"]: without_typenames(
            answer_of(post_graphql(Client(), each["text"], each["variables"]))
        )
        for each in operations
    }


def without_typenames(answer: Any) -> Any:
    """Clients ask for these by themselves."""
    if isinstance(answer, list):
        return [without_typenames(each) for each in answer]
    if isinstance(answer, dict):
        return {key: without_typenames(each) for key, each in answer.items() if key != "__typename"}
    return answer


@pytest.fixture(scope="module")
def told(operations, node, tmp_path_factory) -> dict[str, dict[str, Any]]:
    """What each client showed and said, as it comes."""
    task = {
        "operations": operations,
        "possibleTypes": json.loads((CONTRACT / "possible_types.json").read_text()),
        "schema": (CONTRACT / "schema.graphql").read_text(),
    }
    return {
        client: run(client, node, {**task, "folder": str(tmp_path_factory.mktemp(client))})
        for client in CLIENTS
    }


@pytest.mark.parametrize("client", CLIENTS)
def test_client_shows_what_a_plain_request_shows(told, plain, client):
    shown = told[client]["shown"]

    assert {name: without_typenames(each["asked"]) for name, each in shown.items()} == plain


@pytest.mark.parametrize("client", CLIENTS)
def test_client_shows_the_same_from_what_it_kept_of_all_answers(told, plain, client):
    shown = told[client]["shown"]

    assert {name: without_typenames(each["kept"]) for name, each in shown.items()} == plain


def test_apollo_drops_what_it_does_not_know_the_types_of(operations, plain, node):
    """So that the tests above would show it."""
    shown = run("apollo", node, {"operations": operations, "possibleTypes": {}})["shown"]

    asked = {name: without_typenames(each["asked"]) for name, each in shown.items()}
    assert asked["working_group"] != plain["working_group"]
