"""What it costs to refuse documents that are made to hurt, beside answering the dearest operation.

Each is sent again and again to the server that readers use, one at a time. The documents are those
of the tests, which hold them to their status and code.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median
from typing import Any

from tests.benchmarks.server import processor_seconds, wait_until_idle
from tests.cms.api.engine.hostile_documents import HOSTILE

__all__ = ["ANSWERED", "DEMANDED_MS", "Refusal", "refusals"]

ROUNDS = 20
WARM_UP_ROUNDS = 40  # So many that every worker gets some.
DEMANDED_MS = 50
ANSWERED = "working_group, answered"
HEADERS = {
    "Host": "localhost",
    "Content-Type": "application/json",
    "Accept": "application/graphql-response+json",
    "X-Forwarded-Proto": "https",
}


@dataclass(frozen=True)
class Refusal:
    what: str
    median_ms: float
    worst_ms: float
    processor_ms: float

    @property
    def is_cheap(self) -> bool:
        """By what the server had to do; how long it took depends on what else the machine did."""
        return self.processor_ms < DEMANDED_MS


def refusals(port: int, session: int, answered: dict[str, Any]) -> Iterator[Refusal]:
    """The cost of an answer, and of refusing each hostile document; the dearest first."""
    for _ in range(WARM_UP_ROUNDS):
        send(port, answered)
    yield measured(ANSWERED, port, session, answered, 200)
    found = [
        measured(what, port, session, body, status) for what, (body, (status, _)) in HOSTILE.items()
    ]
    yield from sorted(found, key=lambda one: one.processor_ms, reverse=True)


def measured(what: str, port: int, session: int, body: Any, status: int) -> Refusal:
    wait_until_idle(session)
    before = processor_seconds(session)
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        told = send(port, body)
        times.append(1000 * (time.perf_counter() - started))
        if told != status:
            sys.exit(f"The server answered {told} instead of {status} to {what!r}.")
    used = processor_seconds(session) - before
    return Refusal(what, median(times), max(times), 1000 * used / ROUNDS)


def send(port: int, body: Any) -> int:
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    data = data.encode() if isinstance(data, str) else data
    with closing(HTTPConnection("127.0.0.1", port)) as client:
        with suppress(ConnectionError):  # It may have answered before it had all of a long body.
            client.request("POST", "/graphql", data, HEADERS)
        response = client.getresponse()
        response.read()
        return response.status
