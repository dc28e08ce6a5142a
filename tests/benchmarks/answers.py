"""What a contender answers, and how many SQL statements that takes. Runs within its settings."""

import json
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

__all__ = ["print_answers"]


def print_answers(path: str, requests: dict[str, dict[str, Any]]) -> None:
    client = Client(headers={"X-Forwarded-Proto": "https"}, SERVER_NAME="localhost")
    told = {}
    for operation, request in requests.items():
        for _ in range(2):  # What a process asks once and remembers is not the price of a request.
            with CaptureQueriesContext(connection) as captured:
                response = client.post(path, request, content_type="application/json")
            statements = len(captured)
        answer = response.json()
        if "errors" in answer:
            raise RuntimeError(f"{operation}: {answer['errors']}")
        told[operation] = {
            "answer": answer["data"],
            "bytes": len(response.content),
            "statements": statements,
        }
    print(json.dumps(told))
