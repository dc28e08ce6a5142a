"""Node, and the operations that clients are given."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import Page

from pages.models import ArticlePage, DeliverableCategoryPage, Organisation, Person
from tests import factories
from tests.api_ids import id_of
from tests.frontend_clients.running import CONTRACT, HERE
from tests.operation_variables import operation_variables


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
    """Every registered query, for each page and thing of the content that it shows."""
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
        if "\nmutation " in text:
            continue  # Clients keep nothing of what they send.
        names = operation_variables(text)
        tries: list[dict[str, str]] = [{}]
        if "path" in names:
            tries = [{"path": path} for path in paths.get(file.stem, ["/nowhere/"])]
        elif "id" in names:
            tries = [{"id": each} for each in ids[file.stem]]
        for variables in tries:
            name = " ".join([file.stem, *variables.values()])
            yield {"name": name, "text": text, "variables": variables}
