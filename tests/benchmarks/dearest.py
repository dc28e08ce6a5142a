"""The dearest operation that the limits allow, as far as drawing at random finds it.

Lists are asked for at several lengths, all as full as they may be, with a part of what hangs on
their items. Beside it stands the dearest operation of the contract, since times depend on the
machine.
"""

import json
import time
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from graphql import GraphQLField, get_named_type, is_leaf_type, is_union_type

from cms.api.schema.public import public_schema
from tests.benchmarks.contenders import OURS
from tests.cms.api.reading.plentiful_content import make_plenty
from tests.cms.api.schema_walk import needs_arguments

__all__ = ["print_costs"]

DRAWN = 600
# How many that looked dear are asked again, and how often.
AGAIN = 10
ROUNDS = 5
LISTS = (1, 2, 3, 5, 10)
LENGTHS = (10, 20, 50, 100)
DEPTHS = (0, 1, 2, 3)
# Of the fields that lead further, so that what is beneath some of them still fits.
FOLLOWED = 0.6
OK = 200
# The dearest of the contract.
REGISTERED = OURS.requests("page", 200)[0]


def print_costs() -> None:
    """Of both, as JSON, and how many were drawn and how many of those were answered."""
    make_plenty(settings.GRAPHQL_MAX_PAGE_SIZE)
    random = Random(1)
    answered = [cost for cost in (cost_of({"query": drawn(random)}) for _ in range(DRAWN)) if cost]
    looked_dear = sorted(answered, key=in_time)[-AGAIN:]
    dearest = max((least({"query": each["query"]}) for each in looked_dear), key=in_time)
    registered = least(REGISTERED)
    figures: dict[str, Any] = {"dearest": dearest, "registered": registered}
    for cost in figures.values():
        del cost["query"]
    print(json.dumps({**figures, "drawn": DRAWN, "answered": len(answered)}))


def in_time(cost: dict[str, Any]) -> float:
    return float(cost["cpu_ms"])


def least(body: dict[str, Any]) -> dict[str, Any]:
    """Of several times: what else the machine did makes an answer look dear, never cheap."""
    return min((cost for cost in (cost_of(body) for _ in range(ROUNDS)) if cost), key=in_time)


def drawn(random: Random) -> str:
    schema = public_schema()
    assert schema.query_type
    lists = {
        name: get_named_type(get_named_type(field.type).fields["nodes"].type)
        for name, field in schema.query_type.fields.items()
        if "first" in field.args and "since" not in field.args
    }
    length, depth = random.choice(LENGTHS), random.choice(DEPTHS)
    parts = []
    for number in range(random.choice(LISTS)):
        name = random.choice(sorted(lists))
        items = selection(lists[name], depth, random)
        parts.append(f"a{number}: {name}(first: {length}) {{ totalCount nodes {{ {items} }} }}")
    return f"{{ {' '.join(parts)} }}"


def selection(named: Any, depth: int, random: Random) -> str:
    """All values of a type, and a part of what hangs on it but for lists that are paged."""
    if is_union_type(named):
        return " ".join(
            f"... on {each.name} {{ {selection(each, depth, random)} }}"
            for each in public_schema().get_possible_types(named)
        )
    parts = ["__typename"]
    for name, field in named.fields.items():
        if is_leaf_type(get_named_type(field.type)):
            parts += [] if needs_arguments(field) else [name]
        elif is_followed(field) and depth and random.random() < FOLLOWED:
            parts.append(f"{name} {{ {selection(get_named_type(field.type), depth - 1, random)} }}")
    return " ".join(parts)


def is_followed(field: GraphQLField) -> bool:
    return "first" not in field.args and not needs_arguments(field)


def cost_of(body: dict[str, Any]) -> dict[str, Any] | None:
    """None for what the limits refuse."""
    client = Client(SERVER_NAME="localhost")
    reset_queries()  # Only so many are kept.
    with CaptureQueriesContext(connection) as ran:
        started = time.thread_time()
        response = client.post("/graphql", body, content_type="application/json", secure=True)
        used = time.thread_time() - started
    if response.status_code != OK:
        return None
    return {
        "query": body["query"],
        "cpu_ms": 1000 * used,
        "statements": len(ran),
        "cost": response.json()["extensions"]["cost"]["requested"],
        "bytes": len(response.content),
    }
