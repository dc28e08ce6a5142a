"""Whatever path through the schema a reader takes, what is hidden stays hidden.

The schema is walked from every root field, over content in which every kind of object exists live
and in every hidden state, and everything live links to everything hidden. See ``secret_content``
for how that is made, and ``schema_walk`` for which operations there are: neither knows a type or a
field by name, so that a new one is covered without touching anything here.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from graphql import is_required_argument
from grapple.registry import registry
from wagtail.models import Page

from cms.api import operations
from cms.api.schema.changes import Cursor
from cms.api.schema.public import public_schema
from cms.database.statements import forget_statements
from cms.outbox import recording
from cms.outbox.models import ContentEvent, Position
from cms.perspective import visibility
from cms.perspective.objects import is_snippet
from pages import clock
from pages.models import DeliverableCategoryPage, Organisation, Person
from tests.api_ids import id_for, id_of
from tests.cms.api.schema_walk import (
    ONE_OF,
    Arguments,
    SchemaWalk,
    Step,
    field_of_key,
    needs_arguments,
)
from tests.cms.api.secret_content import ABOVE, HIDDEN, LIVE, World, build_world
from tests.cms.api.secrets_told import secrets_in

pytestmark = pytest.mark.django_db

LANGUAGES = [("en", "English"), ("de", "German")]
PAGE_SIZE = 1_000
# The walk is about what can be reached: limits are tested elsewhere, and here they give way.
BROAD = {
    "LANGUAGES": LANGUAGES,
    "WAGTAIL_CONTENT_LANGUAGES": LANGUAGES,
    "GRAPHQL_LIMITS": dict.fromkeys(settings.GRAPHQL_LIMITS, 10**15),
    "GRAPHQL_MAX_PAGE_SIZE": PAGE_SIZE,
    "GRAPHQL_MAX_BODY_SIZE": 10**7,
    "GRAPHQL_DOCUMENT_CACHE_SIZE": 10**9,
}
# The one field at the root that leads nowhere: `test_next_change` tells what it tells.
MOMENT = "nextChangeAt"
PAGES = "PageInterface"
EVER_SINCE = Cursor(Position(0, 0), clock.now()).text()
NOBODY, NO_PATH, NO_WORD = 7_999_999, "/nothing/", "nonesuch"
# Of what an argument takes the id; any other takes what its field leads to.
TAKEN_BY = {
    "author": Person,
    "speaker": Person,
    "organisation": Organisation,
    "categories": DeliverableCategoryPage,
    "category": DeliverableCategoryPage,
}
# First, for a few: of what is live, of what is hidden, and of both. The last two are mistyped:
# search takes the one for another, and must not take the other.
MISTYPED = [f"{LIVE.word}tga", f"{HIDDEN.word}tga"]
WORDS = [f"{LIVE.word}tag", f"{HIDDEN.word}tag", "shared", LIVE.word, HIDDEN.word, *MISTYPED]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """The content, made once for all tests here; each test undoes what it changes."""
    operations.valid_documents.cache_clear()
    with override_settings(**BROAD), django_db_blocker.unblock(), transaction.atomic():
        made = build_world("de")
        record_everything(made)
        # All is told since the site stood where it stands, and everything was there.
        ContentEvent.objects.all().delete()
        record_everything(made)
        yield made
        transaction.set_rollback(True)
    operations.valid_documents.cache_clear()


def record_everything(world: World) -> None:
    """As if all had been saved: the content was put into its state without saving it."""
    found = [*every(world.live), *every(world.hidden)]
    keys = [str(key) for key in Page._base_manager.values_list("pk", flat=True)]
    recording.record_pages(keys, keys)
    for made in found:
        if is_snippet(type(made)):
            recording.record_snippet(made, None)


@pytest.fixture(scope="module")
def walk(world: World) -> SchemaWalk:
    return SchemaWalk(
        public_schema(), things=things(world), values=tries_in(world), page_size=PAGE_SIZE
    )


def tries_in(world: World) -> Callable[[str, str, str, bool], list]:
    """What arguments are tried with: whatever names something that is live or hidden."""

    def of_types(returned: str, kinds) -> list[Any]:
        return [
            made
            for model, copies in kinds.items()
            for made in copies.values()
            if type_name_of(model) == returned
        ]

    def ids(returned: str, few: bool) -> list[str]:
        own = of_types(returned, world.live) + of_types(returned, world.hidden)
        a_few = [*some(world.live), *some(world.hidden)]
        found = own or [*a_few, *above_live(world.hidden)]
        if returned == PAGES:
            found = [made for made in found if isinstance(made, Page)]
        if few:
            found = [made for made in found if made in a_few]
        return [*map(id_of, found), *{id_for(type(made), NOBODY) for made in found}]

    def paths(few: bool) -> list[str]:
        found = [*some(world.live), *(some if few else every)(world.hidden)]
        pages = [page for page in found if isinstance(page, Page)]
        return [*sorted({world.path_of(p) for p in pages}), *map(world.moved_from, pages), NO_PATH]

    def values(name: str, type_name: str, returned: str, few: bool) -> list:
        if type_name == "ID":
            return ids(type_name_of(TAKEN_BY[name]) if name in TAKEN_BY else returned, few)
        if type_name == "String":
            known: dict[str, Callable[[], list]] = {
                "path": lambda: paths(few),
                "locale": lambda: [*world.languages, "xx"],
                "after": list,
                "before": list,
                "since": lambda: [EVER_SINCE],
            }
            words = WORDS[:3] if few else [*WORDS, NO_WORD]
            return known.get(name, lambda: words)()
        others: dict[str, list] = {
            "Int": [1, 3],
            "Float": [1.5],
            "Boolean": [True, False],
            "Date": ["2020-06-01", f"{HIDDEN.year}-06-01"],
            "DateTime": ["2020-06-01T00:00:00Z", f"{HIDDEN.year}-06-01T00:00:00Z"],
        }
        return others[type_name]

    return values


def every(kinds: dict[type, dict[str, Any]]) -> list[Any]:
    return [made for copies in kinds.values() for made in copies.values()]


def some(kinds: dict[type, dict[str, Any]]) -> list[Any]:
    """One copy of each kind in each language."""
    names = {"plain", "draft", *(f"draft {code}" for code, _ in LANGUAGES), *dict(LANGUAGES)}
    return [made for copies in kinds.values() for name, made in copies.items() if name in names]


def above_live(kinds: dict[type, dict[str, Any]]) -> list[Any]:
    """What is hidden but has something live beneath it."""
    return [
        made for copies in kinds.values() for name, made in copies.items() if name.startswith(ABOVE)
    ]


def type_name_of(model: type) -> str:
    return registry.models[model]._meta.name


def things(world: World) -> set[str]:
    """The types of what can be hidden."""
    return {type_name_of(model) for model in world.live} | {PAGES, "Node"}


class Reader:
    """Sends operations and keeps what the answers had in them."""

    def __init__(self, world: World):
        self.client = Client()
        self.hidden_ids = world.hidden_ids()
        self.answered: set[tuple[str, str]] = set()
        self.leaking: set[tuple[str, str]] = set()
        self.fruitful: set[str] = set()
        self.leaks: list[tuple[str, list[str]]] = []

    def send(self, text: str, variables: dict[str, Any], host: str = "testserver") -> bytes:
        response = self.client.post(
            "/graphql",
            json.dumps({"query": text, "variables": variables}),
            content_type="application/json",
            headers={"host": host},
        )
        answer = json.loads(response.content)
        assert "errors" not in answer, (text[:500], variables, answer["errors"][:3])
        assert response.status_code == 200
        self.note_fruit(answer["data"])
        told = response.content + repr(dict(response.headers)).encode()
        secrets = secrets_in(told, self.hidden_ids)
        if secrets:
            self.leaks.append((f"{variables} {text[:300]}", sorted(secrets)))
        self.look_at(answer["data"], bool(secrets))
        return response.content

    def note_fruit(self, data: dict[str, Any]) -> None:
        """Note which root fields led to anything, which an empty list does not."""
        for key, value in data.items():
            if value and not (isinstance(value, dict) and value.get("totalCount") == 0):
                self.fruitful.add(field_of_key(key))

    def look_at(self, value: Any, wary: bool) -> bool:
        """Note which fields had a value and which had a secret under them; True for a secret."""
        if isinstance(value, list):
            return True in [self.look_at(item, wary) for item in value]
        if not isinstance(value, dict) or "__typename" not in value:  # Of a scalar, whole.
            return wary and bool(secrets_in(json.dumps(value).encode(), self.hidden_ids))
        found = False
        type_name = value["__typename"]
        for key, child in value.items():
            if child is None or child == []:
                continue
            place = (type_name, field_of_key(key))
            self.answered.add(place)
            if (wary or isinstance(child, dict | list)) and self.look_at(child, wary):
                self.leaking.add(place)
                found = True
        if "totalCount" in value and "nodes" in value and "pageInfo" in value:
            info = value["pageInfo"]
            more = info["hasNextPage"] or info["hasPreviousPage"]
            assert more == (value["totalCount"] > len(value["nodes"])), value
        return found


def walked(
    reader: Reader, world: World, walk: SchemaWalk, *, all_arguments: bool = True
) -> dict[str, bytes]:
    """Send every operation; on the sites of each state those that begin without arguments."""
    answers = {}
    for operation in walk.operations(all_arguments=all_arguments):
        hosts = ["testserver"]
        if operation.edge.on is walk.root and not operation.variables:
            hosts += world.hosts
        for host in hosts:
            key = f"{host} {operation.variables} {operation.text}"
            answers[key] = reader.send(operation.text, operation.variables, host)
    return answers


@pytest.fixture(scope="module")
def reader(world: World) -> Reader:
    return Reader(world)


@pytest.fixture(scope="module")
def answers(reader: Reader, world: World, walk: SchemaWalk) -> dict[str, bytes]:
    """What the walk is told, asked once for all tests here."""
    return walked(reader, world, walk)


def test_no_path_through_the_schema_reaches_what_is_hidden(answers, reader):
    assert reader.leaks == []


def test_the_walk_sees_a_value_in_every_field_of_every_type(answers, reader, walk):
    every = {(each.name, field) for each in walk.object_types() for field in each.fields}

    assert every - reader.answered == {("Query", MOMENT)}
    assert set(walk.root.fields) - reader.fruitful == {MOMENT}


@pytest.mark.decided_in_python
def test_answers_are_the_same_when_what_is_hidden_does_not_exist(answers, world, walk):
    """No count, order, place in a list or end of one depends on what is hidden."""
    world.forget_hidden()
    found = Reader(world)

    again = walked(found, world, walk)

    assert [key for key in answers if told(answers[key]) != told(again[key])] == []


def told(answer: bytes) -> bytes:
    """An answer but for how far the log was read, and for when a file went from a page."""
    return re.sub(rb'"(cursor|at)":"[^"]*"', b"", answer) if b'"changes__' in answer else answer


def test_what_is_hidden_is_answered_as_what_does_not_exist(world, walk, reader):
    pages = [page for page in every(world.hidden) if isinstance(page, Page)]
    live_paths = {world.path_of(page) for page in every(world.live) if isinstance(page, Page)}
    nothing = {
        **{id_of(made): id_for(type(made), NOBODY) for made in every(world.hidden)},
        **dict.fromkeys({world.path_of(page) for page in pages} - live_paths, NO_PATH),
        **dict.fromkeys(map(world.moved_from, pages), NO_PATH),
        **dict.fromkeys((f"{HIDDEN.word}tag", HIDDEN.word), NO_WORD),
    }

    def in_place_of(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: in_place_of(item) for key, item in value.items()}
        if isinstance(value, list):
            return [in_place_of(item) for item in value]
        return nothing.get(value, value)

    asked, told_apart = 0, []
    for text, variable, value in questions_at_root(walk):
        counterpart = in_place_of(value)
        if counterpart != value:
            asked += 1
            answer = reader.send(text, {variable: value})
            if answer != reader.send(text, {variable: counterpart}):
                told_apart.append((text, value))

    assert told_apart == []
    assert asked > len(pages)


def questions_at_root(walk: SchemaWalk) -> Iterator[tuple[str, str, Any]]:
    """For each argument of each root field, a text with a variable, and each value to try."""
    for step in walk.steps_from(walk.root):
        facts = Arguments(walk).facts(step.target)
        for name, argument in step.field.args.items():
            is_enough = is_required_argument(argument) or name in ONE_OF
            if needs_arguments(step.field) and not is_enough:
                continue
            asked = f"{step.name}({name}: ${name}) {{ {facts} }}"
            text = f"query(${name}: {argument.type}) {{ __typename {asked} }}"
            for value in walk.tries(name, argument.type, step, few=False):
                yield text, name, value


@pytest.mark.decided_in_python  # What the walk is worth.
def test_the_walk_would_meet_the_secret_at_every_edge(world, walk, monkeypatch, request):
    """With everything visible, each edge that can lead to something hidden does."""
    rule = visibility.visible
    for module in [*sys.modules.values()]:
        if getattr(module, "visible", None) is rule:
            monkeypatch.setattr(module, "visible", lambda queryset, *, at: queryset)
    forget_statements()
    request.addfinalizer(forget_statements)
    found = Reader(world)

    walked(found, world, walk, all_arguments=False)

    edges = {
        (walk.declared_on(step).name, step.name) for step in walk.edges() if can_hide(walk, step)
    }
    met = {(walk.declared_on(step).name, step.name) for step in walk.edges() if met_at(found, step)}
    assert edges - met == set()


def met_at(found: Reader, step: Step) -> bool:
    return (step.on.name, step.name) in found.leaking


def can_hide(walk: SchemaWalk, step: Step, above: tuple[str, ...] = ()) -> bool:
    """Whether a field leads to something that can be hidden, or to a part that does."""
    target = step.target
    if target.name in walk.things or target.name == "RichText":
        return True
    if target.name in above:
        return False
    return any(
        can_hide(walk, below, (*above, target.name))
        for each in walk.concrete(target)
        for below in walk.steps_from(each)
    )
