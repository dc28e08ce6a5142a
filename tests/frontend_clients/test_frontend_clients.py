"""GraphQL clients that keep what they are told show what a plain request shows.

Each asks every registered operation, all into one cache, and then reads each again from the cache:
two things with one id, or a type that a client does not know of, would show as other content.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page

from pages.models import ArticlePage, DeliverableCategoryPage, Organisation, Person
from tests import factories
from tests.api_ids import id_of
from tests.conftest import answer_of, post_graphql
from tests.operation_variables import operation_variables

HERE = Path(__file__).parent
CONTRACT = Path(settings.FRONTEND_CONTRACT)
CLIENTS = ("apollo", "urql", "relay")

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def node() -> str:
    """Node as it was installed with the other tools."""
    found = shutil.which("node", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if found and (HERE / "node_modules").is_dir():
        return found
    if os.environ.get("REQUIRE_CLIENTS"):
        pytest.fail("The clients are not installed: `make clients` does that.")
    pytest.skip("The clients are not installed: `make clients` does that.")


@pytest.fixture(scope="module")
def operations(undone, node) -> Iterator[list[dict[str, Any]]]:
    """Every registered operation, for each page and thing of the content that it shows."""
    with undone():
        call_command("load_starter_content", stdout=StringIO())
        add_to_starter_content()
        yield [*operations_for(paths_by_operation())]


def add_to_starter_content() -> None:
    """What a new site has not: pictures, published deliverables, and a copy of an article."""
    article = ArticlePage.objects.get()
    article.header_image, article.header_image_alt_text = factories.image(), "A picture"
    article.save_revision().publish()
    copy = article.copy(update_attrs={"slug": "copy", "title": "Copy"})
    next(each for each in copy.body if each.block_type == "heading").value["heading"] = "Copied"
    copy.save_revision().publish()
    category = DeliverableCategoryPage.objects.first()
    factories.deliverable_page(parent=category, document=factories.document(), link_url="")


def paths_by_operation() -> dict[str, list[str]]:
    paths: dict[str, list[str]] = {}
    for page in Page.objects.live().filter(depth__gt=1).specific():
        path = "/" + page.url_path.split("/", 2)[2]
        paths.setdefault(getattr(page, "operation", ""), []).append(path)
    return paths


def operations_for(paths: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    ids = {
        model.operation: [id_of(each) for each in model.objects.filter(live=True)]
        for model in (Person, Organisation)
    }
    for file in sorted((CONTRACT / "operations").glob("*.graphql")):
        text = file.read_text()
        names = operation_variables(text)
        tries: list[dict[str, str]] = [{}]
        if "path" in names:
            tries = [{"path": path} for path in paths.get(file.stem, ["/nowhere/"])]
        elif "id" in names:
            tries = [{"id": each} for each in ids[file.stem]]
        for variables in tries:
            name = " ".join([file.stem, *variables.values()])
            yield {"name": name, "text": text, "variables": variables}


def run(client: str, node: str, task: dict[str, Any]) -> dict[str, Any]:
    """Have a client do a task, answering what it asks; what it showed, and said to developers."""
    with Popen([node, f"{client}.mjs"], cwd=HERE, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        message = task
        while True:
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            assert line, f"{client} ended without an answer: see what it wrote."
            told = json.loads(line)
            if "shown" in told:
                return told
            asked = told["ask"]
            message = post_graphql(Client(), asked["query"], asked.get("variables")).json()


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
