"""What an answer costs follows from what is asked, never from how many items there are.

The operations are made from the schema, and the content from its models, so that a new list is
covered without touching anything here: see ``schema_walk`` and ``plentiful_content``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.sql.compiler import SQLCompiler
from django.test import Client, override_settings
from grapple.registry import registry
from wagtail.contrib.redirects.models import Redirect

from cms.api import operations
from cms.api.schema.public import public_schema
from tests.api_ids import id_of
from tests.cms.api.reading.plentiful_content import Plenty, make_plenty
from tests.cms.api.schema_walk import (
    Operation,
    SchemaWalk,
    Step,
    field_of_key,
    is_abstract,
    is_connection,
    is_wrapping,
)

pytestmark = [pytest.mark.django_db, pytest.mark.decided_in_python]

AMOUNTS = (6, 12)
PAGE_SIZE = 1_000
# What is asked here is more than one operation may ask for. Limits are tested elsewhere.
BROAD = {
    "GRAPHQL_LIMITS": dict.fromkeys(settings.GRAPHQL_LIMITS, 10**15),
    "GRAPHQL_MAX_PAGE_SIZE": PAGE_SIZE,
    "GRAPHQL_MAX_BODY_SIZE": 10**7,
    "GRAPHQL_DOCUMENT_CACHE_SIZE": 10**9,
}
# Every page that is made has it in its title.
WORD_OF_TITLES = "title"
Place = tuple[str, str]  # a type and its field
# Holds nothing unless it goes on from before: ``test_changes`` counts what that costs.
BEGUN_WITH_A_CURSOR = "ContentChange"


@dataclass
class Answered:
    """How the operations were answered when there was an amount of everything."""

    statements: dict[str, list[str]] = field(default_factory=dict)
    items: Counter[Place] = field(default_factory=Counter)
    built: list[type[models.Model]] = field(default_factory=list)


@pytest.fixture(scope="module")
def answered(django_db_setup, django_db_blocker) -> Iterator[dict[int, Answered]]:
    operations.valid_documents.cache_clear()
    with override_settings(**BROAD), django_db_blocker.unblock():
        answers_with(AMOUNTS[0])  # What a process asks once and remembers does not count.
        yield {amount: answers_with(amount) for amount in AMOUNTS}
    operations.valid_documents.cache_clear()


def answers_with(amount: int) -> Answered:
    """Make so much content, ask everything, and leave nothing behind."""
    answered = Answered()
    with transaction.atomic():
        walk = walk_over(make_plenty(amount))
        client, lists = Client(), lists_of(walk)
        with statements_built(answered.built):
            for operation in worth_asking(walk):
                ask(client, operation, lists, answered)
        transaction.set_rollback(True)
    return answered


def walk_over(plenty: Plenty) -> SchemaWalk:
    firsts = {registry.models[model]._meta.name: made[0] for model, made in plenty.made.items()}

    def values(name: str, type_name: str, returned: str, few: bool) -> list:
        if name == "query":
            return [WORD_OF_TITLES]
        if type_name != "ID":
            return plenty.paths()
        found = [firsts[returned]] if returned in firsts else firsts.values()
        return [id_of(made) for made in found]

    return SchemaWalk(
        public_schema(),
        things={*firsts, "PageInterface", "Node"},
        values=values,
        page_size=PAGE_SIZE,
    )


def worth_asking(walk: SchemaWalk) -> Iterator[Operation]:
    """Fields of lists apart; then each list and the first that leads to each type, with everything.

    In this order it shows when what was kept for one field is taken for more than that.
    """
    yield from walk.items_apart()
    led_to = set()
    for operation in walk.operations(all_arguments=False):
        step = operation.edge
        # What a connection holds was asked for with it, but for what only some types have.
        asked_for = is_wrapping(step.on) and not is_abstract(step.target)
        if step.target.name.startswith(BEGUN_WITH_A_CURSOR):
            continue
        if not asked_for and (is_list(step) or step.target.name not in led_to):
            led_to.add(step.target.name)
            yield operation


def is_list(step: Step) -> bool:
    return str(step.field.type).startswith("[") or is_connection(step)


def lists_of(walk: SchemaWalk) -> dict[Place, Place]:
    """Where lists stand: the fields of each type, and where they are declared."""
    return {
        (each.name, name): (walk.declared_on(step).name, name)
        for each in walk.object_types()
        for name, found in each.fields.items()
        if is_list(step := Step(each, name, found))
        and not each.name.startswith(BEGUN_WITH_A_CURSOR)
    }


def ask(
    client: Client, operation: Operation, lists: dict[Place, Place], answered: Answered
) -> None:
    ran: list[str] = []

    def noted(execute, sql, *arguments):
        ran.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(noted):
        response = client.post(
            "/graphql",
            json.dumps({"query": operation.text, "variables": operation.variables}),
            content_type="application/json",
        )
    answer = response.json()
    assert "errors" not in answer, (operation.text, answer["errors"][:3])
    answered.statements[operation.text] = ran
    met: Counter[Place] = Counter()
    for place, items in items_in(answer["data"]):
        met[lists[place]] += items
    answered.items |= met


# Lists to a program, and to GraphQL one value.
SCALARS = {"jsonLd", "portableText", "vegaLite"}


def items_in(value: Any) -> Iterator[tuple[Place, int]]:
    """Every list in an answer: where it stands and how many items it has."""
    if isinstance(value, list):
        for item in value:
            yield from items_in(item)
    elif isinstance(value, dict):
        for key, child in value.items():
            if field_of_key(key) in SCALARS:
                continue
            items = child.get("nodes") if isinstance(child, dict) else child
            if isinstance(items, list):
                yield (value["__typename"], field_of_key(key)), len(items)
            yield from items_in(child)


@contextmanager
def statements_built(built: list[type[models.Model]]) -> Iterator[None]:
    """Notes of which models Django builds statements."""
    build = SQLCompiler.as_sql

    def noted(compiler, *arguments, **named):
        built.append(compiler.query.model)
        return build(compiler, *arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLCompiler, "as_sql", noted)
        yield


@pytest.mark.parametrize("amount", AMOUNTS[1:])
def test_no_more_statements_run_however_many_items_there_are(answered, amount):
    """Fewer, where a page of a list of all pages ends before it comes to each type."""
    few = answered[AMOUNTS[0]].statements

    added = []
    for text, ran in answered[amount].statements.items():
        if len(ran) > len(few[text]):
            more = "\n".join(
                f"{times} times: {sql}"
                for sql, times in (Counter(ran) - Counter(few[text])).items()
            )
            added.append(f"{len(ran)} statements instead of {len(few[text])}: {text}\n{more}")

    assert not added, "\n\n".join(added)


# What is found by ids is as many as they are: `test_node` asks for more of it. The sources of a
# picture are in one row, three at most. There are no more facets of a search than there are types,
# kinds and years, and no more corrections than words: `tests/cms/search` counts with many tags.
FEW = {
    ("Query", "nodes"),
    ("ImageRendition", "sources"),
    "SearchFacets",
    ("SearchResultConnection", "corrections"),
}


@pytest.mark.parametrize("amount", AMOUNTS)
def test_every_list_was_asked_for_with_so_many_items(answered, amount):
    walk = SchemaWalk(public_schema(), things=set(), values=lambda *_: [], page_size=PAGE_SIZE)
    items = answered[amount].items

    lists = {place for place in lists_of(walk).values() if place not in FEW and place[0] not in FEW}
    assert {place: items[place] for place in lists if items[place] < amount} == {}


def test_no_statement_is_built_twice(answered):
    """But for those about redirects, which only follow where no page was found."""
    assert set().union(*(each.built for each in answered.values())) <= {Redirect}
