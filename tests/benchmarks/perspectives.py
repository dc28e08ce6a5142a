"""What a list costs while a hundred changes are pending, beside what it costs while none is."""

import json
import time
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Revision

from pages import clock
from pages.models import ArticlePage

__all__ = ["cost", "print_costs"]

PENDING = 100
ROUNDS = 10
LIST = "{ articles(first: 20) { totalCount nodes { title path standfirst } } }"


def print_costs() -> None:
    """Statements and milliseconds, as JSON."""
    now = cost()
    articles = ArticlePage.objects.order_by("pk")[:PENDING]
    revisions = [article.save_revision().pk for article in articles]
    approved = Revision.objects.filter(pk__in=revisions)
    approved.update(approved_go_live_at=clock.now())
    pending = cost()
    approved.update(approved_go_live_at=None)
    print(json.dumps({"now": now, "pending": pending}))


def cost(query: str = LIST) -> dict[str, Any]:
    """Of one answer, in this process: SQL statements, and milliseconds in the median."""
    client = Client(SERVER_NAME="localhost")
    ask(client, query)
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        ask(client, query)
        times.append(1000 * (time.perf_counter() - started))
    with CaptureQueriesContext(connection) as ran:
        ask(client, query)
    return {"statements": len(ran), "median_ms": median(times)}


def ask(client: Client, query: str) -> None:
    response = client.post(
        "/graphql", {"query": query}, content_type="application/json", secure=True
    )
    assert "errors" not in response.json()
