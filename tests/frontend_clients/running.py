"""Runs a program for Node that asks the API."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from django.conf import settings
from django.test import Client

from tests.conftest import post_graphql

__all__ = ["CONTRACT", "HERE", "run"]

HERE = Path(__file__).parent
CONTRACT = Path(settings.FRONTEND_CONTRACT)


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
