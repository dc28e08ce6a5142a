"""A draft may have gaps. Whoever is shown drafts sees a gap in its own place, and all the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import models
from django.urls import reverse
from modelcluster.models import get_all_child_relations
from wagtail.models import Page

from pages.models import DeliverablePage
from tests import factories
from tests.cms.api.http.documented_errors import check_errors
from tests.cms.perspective.spoilt_content import fields_of
from tests.cms.perspective.whole_answers import BROAD, TITLES, all_fields_of
from tests.filling import is_ours

TYPES = [*factories.PAGE_FACTORIES, *factories.SNIPPET_FACTORIES]


@pytest.fixture
def ask_for_drafts(db, client, settings):
    """The answer to who bears a token for all drafts."""
    settings.GRAPHQL_LIMITS = BROAD

    def ask(query: str) -> dict[str, Any]:
        text = factories.preview_token()
        return client.post(
            "/graphql",
            {"query": query},
            content_type="application/json",
            headers={"Authorization": f"Bearer {text}"},
        ).json()

    return ask


def leave_gaps(made: Any) -> None:
    """As a form does that is saved with nothing but a title."""
    for each in fields_of(type(made)):
        if each.name not in ("title", "name", "slug"):
            is_text = isinstance(each, models.CharField | models.TextField)
            setattr(
                made, each.attname, "" if is_text else None if each.null else each.get_default()
            )
    for relation in get_all_child_relations(type(made)):
        if is_ours(relation.related_model):
            rows = list(getattr(made, relation.get_accessor_name()).all())
            for row in rows:
                empty_row(row, relation)
            setattr(made, relation.get_accessor_name(), rows)
    made.save_revision(clean=False)


def empty_row(row: Any, relation: Any) -> None:
    for each in type(row)._meta.concrete_fields:
        if each is not relation.field and not each.primary_key and each.editable:
            empty = "" if isinstance(each, models.CharField | models.TextField) else None
            setattr(row, each.attname, empty)


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model.__name__)
def test_gap_in_a_draft_is_null_in_its_place_and_named(ask_for_drafts, model):
    made = (factories.PAGE_FACTORIES | factories.SNIPPET_FACTORIES)[model]()
    factories.article_page(title="Complete", slug="complete")
    name = "title" if isinstance(made, Page) else "name"
    setattr(made, name, "With gaps")
    leave_gaps(made)
    types: Any = [model]

    answer = ask_for_drafts(all_fields_of(*types))

    assert check_errors(answer.get("errors", [])) <= {"DRAFT_INCOMPLETE"}, answer["errors"]
    for error in answer.get("errors", []):
        assert value_at(error["path"], answer["data"]) is None
        assert error["message"].startswith("“With gaps” is not complete: it has no ")
    assert "With gaps" in json.dumps(answer["data"], ensure_ascii=False)
    assert "Complete" in {each["title"] for each in answer["data"]["articles"]["nodes"]}


def value_at(path: list[Any], data: Any) -> Any:
    for step in path:
        data = data[step]
    return data


def begun() -> DeliverablePage:
    made = factories.deliverable_page(title="Begun", slug="begun", live=False)
    made.kind, made.date = "", None
    made.save_revision(clean=False)
    return made


KINDS = "{ deliverables { nodes { title kind date } } }"


def test_list_of_drafts_has_those_with_gaps_and_says_what_they_lack(ask_for_drafts):
    factories.deliverable_page(title="Complete", slug="complete")
    begun()

    answer = ask_for_drafts(KINDS)

    nodes = answer["data"]["deliverables"]["nodes"]
    assert {"title": "Complete", "kind": "REPORT", "date": "2025-01-31"} in nodes
    assert {"title": "Begun", "kind": None, "date": None} in nodes
    assert sorted(error["message"] for error in answer["errors"]) == [
        "“Begun” is not complete: it has no DeliverablePage.date yet.",
        "“Begun” is not complete: it has no DeliverablePage.kind yet.",
    ]


def test_what_readers_see_keeps_its_promises(ask_for_drafts, client, caplog):
    """Nothing stands where a value is promised, and what is around it goes with it."""
    factories.deliverable_page(title="Imported", slug="imported")
    DeliverablePage.objects.update(kind="")

    answer = client.post("/graphql", {"query": KINDS}, content_type="application/json").json()

    assert answer["data"] is None
    assert check_errors(answer["errors"]) == {"INTERNAL_SERVER_ERROR"}
    assert client.post(
        "/graphql", {"query": f"{{{TITLES}}}"}, content_type="application/json"
    ).json()["data"]


def test_site_with_all_drafts_shows_a_page_with_gaps(db, sign_in, editor):
    made = begun()
    factories.deliverable_page(title="Complete", slug="complete")
    browser = sign_in(editor)

    for path in ("deliverables/category/begun/", "deliverables/category/"):
        answer = browser.get(f"{browser_address('drafts')}{path}")
        assert answer.status_code == 200
        assert made.title in answer.content.decode()


def browser_address(key: str) -> str:
    return reverse("as_of_show", kwargs={"key": key, "path": ""})
