"""A site with an approved change to something of each type, and the ways in which it is spoilt.

What there is to spoil is found out from the models and from what their revisions hold, so that a
new type, field or block needs nothing here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from modelcluster.models import get_all_child_relations
from taggit.models import Tag
from wagtail.fields import StreamField
from wagtail.models import Page, Revision

from media.models import Document, Image
from pages.models import (
    ArticlePage,
    DeliverablePage,
    FormField,
    FormPage,
    Organisation,
    Person,
)
from tests import factories
from tests.cms.perspective.scheduled_content import at
from tests.filling import Filling, is_ours

__all__ = [
    "CHANGED",
    "CONTROL",
    "MOMENT",
    "Spoilt",
    "build_world",
    "fields_of",
    "spoilt",
    "spoilt_as_a_whole",
]

MOMENT = at(2)
CHANGED = "Changed"
CONTROL = "What goes live beside it"
NO_KEY = 7_999_999
TOO_BIG = 10**30
TOO_BIG_IN_DECIMALS = "1e30"
TOO_LONG = "x" * 3000
OBJECT = {"not": "what it should be"}
# Of those that every page has, which are tried with one type.
SHARED = ("title", "slug", "seo_title", "search_description", "expire_at", "go_live_at")


def build_world() -> dict[type[models.Model], Any]:
    """Something live of each type, with an approved change that nothing is wrong with."""
    organisation, person = factories.organisation(), factories.person()
    targets: dict[Any, list] = {
        Page: [factories.home_page()],
        Image: [factories.image()],
        Document: [factories.document()],
        Organisation: [organisation],
        Person: [person],
        Tag: [Tag.objects.create(name="word", slug="word")],
    }
    filling = Filling("word", targets)
    world: dict[type[models.Model], Any] = {}
    for model, make in (factories.PAGE_FACTORIES | factories.SNIPPET_FACTORIES).items():
        made = model.objects.first() or make()
        filling.fill(made)
        DeliverablePage.objects.update(document=None)  # It leads elsewhere, or is a file here.
        # A question has these only of some kinds, and a mail has somebody to go to.
        FormField.objects.update(consent_text="", condition_question="", condition_answers="")
        # Its questions are read while it is open.
        FormPage.objects.update(confirmation_text="", confirmation_subject="", is_open=True)
        world[model] = approve(model.objects.get(pk=made.pk), CHANGED)
    approve(factories.article_page(slug="control", live=False), CONTROL)
    return world


def approve(made: Any, title: str) -> Any:
    setattr(made, "title" if isinstance(made, Page) else "name", title)
    made.go_live_at = MOMENT
    revision = made.save_revision(clean=False)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=MOMENT)
    return made


@dataclass(frozen=True)
class Spoilt:
    """A revision's content with one thing wrong in it."""

    what: str
    content: Any
    is_whole: bool = False

    @property
    def is_extreme(self) -> bool:
        """A value of the right kind that a column has no room for, which PostgreSQL refuses."""
        value = self.what.rpartition(": ")[2]
        return value in (str(TOO_BIG)[:20], TOO_BIG_IN_DECIMALS, TOO_LONG[:20])


def spoilt_as_a_whole(content: dict[str, Any]) -> Iterator[Spoilt]:
    yield Spoilt("nothing in it", {}, is_whole=True)
    yield Spoilt("a list", [content], is_whole=True)
    yield Spoilt("a text", "content", is_whole=True)


def spoilt(model: type[models.Model], content: dict[str, Any]) -> Iterator[Spoilt]:
    """One field after the other, each in all ways that its kind allows."""
    for each in fields_of(model):
        if isinstance(each, StreamField):
            for what, stream in spoilt_streams(json.loads(content[each.name] or "[]")):
                yield Spoilt(f"{each.name}: {what}", {**content, each.name: stream})
        else:
            for value in spoilt_values(each):
                what = f"{each.name}: {str(value)[:20]}"
                yield Spoilt(what, {**content, each.name: value})
    for relation in get_all_child_relations(model):
        if is_ours(relation.related_model):
            yield from spoilt_rows(relation, content)


def fields_of(model: type[models.Model]) -> list[models.Field]:
    shared = SHARED if model is ArticlePage or not issubclass(model, Page) else ()
    return [
        each
        for each in model._meta.concrete_fields
        if not each.primary_key and (each.name in shared or (is_ours(each.model) and each.editable))
    ]


def spoilt_values(each: models.Field) -> Iterator[Any]:
    yield None
    yield OBJECT
    if isinstance(each, models.ForeignKey):
        yield from (NO_KEY, TOO_BIG, "nobody")
    elif isinstance(each, models.DateTimeField):
        yield from ("2099-13-45T09:00:00Z", "2099-06-02T09:00:00", "at nine")
    elif isinstance(each, models.DateField):
        yield "the day before"
    elif isinstance(each, models.IntegerField):
        yield from (TOO_BIG, "many")
    elif isinstance(each, models.DecimalField):
        yield from (TOO_BIG_IN_DECIMALS, "many")
    elif isinstance(each, models.BooleanField):
        yield "perhaps"
    elif each.choices:
        yield from ("no such choice", "")
    else:
        yield from (["a list"], "")
        if each.max_length:
            yield TOO_LONG
        if connection.vendor == "sqlite":  # PostgreSQL keeps these in no revision.
            yield from ("half of \ud83d", "with \0 in it")


def spoilt_rows(relation: Any, content: dict[str, Any]) -> Iterator[Spoilt]:
    name = relation.get_accessor_name()
    rows = content[name]
    for value in (None, "rows", [None], [OBJECT], OBJECT):
        yield Spoilt(f"{name}: {value}", {**content, name: value})
    for key in (TOO_BIG, "first"):
        yield Spoilt(f"{name}: {key}", {**content, name: [{**rows[0], "pk": key}, *rows[1:]]})
    for each in relation.related_model._meta.concrete_fields:
        if each.primary_key or each is relation.field:
            continue
        for value in spoilt_values(each):
            changed = [{**rows[0], each.name: value}, *rows[1:]]
            yield Spoilt(f"{name}.{each.name}: {str(value)[:20]}", {**content, name: changed})


# Blocks, in the form in which they are stored


def spoilt_streams(stream: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for what, value in (
        ("no JSON", "<p>As it was before it had blocks.</p>"),
        ("an object", json.dumps(OBJECT)),
        ("bare values", json.dumps([item["value"] for item in stream])),
        ("of numbers", "[7]"),
        ("with null", json.dumps([*stream, None])),
        ("of an unknown type", json.dumps([*stream, {"type": "unknown", "value": 7, "id": "x"}])),
    ):
        yield what, value
    for what, changed in changes_within(stream, ""):
        yield what, json.dumps(changed)


def changes_within(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every value within replaced, and every key left out; one at a time."""
    steps: Iterator[Any] = iter(())
    if isinstance(value, dict):
        steps = iter(value)
        for key in value:
            yield f"{path}/{key} left out", {each: v for each, v in value.items() if each != key}
    elif isinstance(value, list):
        steps = iter(range(len(value[:1])))  # Its items are alike.
        if value and isinstance(value[0], dict) and value[0].get("type") == "item":
            yield f"{path} as lists once were", [item["value"] for item in value]
    for step in steps:
        here = f"{path}/{step}"
        for other in others(value[step]):
            if step == "type":
                continue  # It would be another block, or none.
            yield f"{here} is {str(other)[:20]}", put(value, step, other)
        for what, changed in changes_within(value[step], here):
            yield what, put(value, step, changed)


def others(value: Any) -> list[Any]:
    found: list[Any] = [None, OBJECT]
    if isinstance(value, bool):
        return [*found, "perhaps"]
    if isinstance(value, int):
        return [*found, NO_KEY, TOO_BIG, str(value)]
    return [*found, 7] if isinstance(value, str) else [*found, "text"]


def put(value: Any, step: Any, other: Any) -> Any:
    changed = deepcopy(value)
    changed[step] = other
    return changed
