"""Vega, in a JavaScript engine in a process of its own, which is begun when a chart is wanted.

A text that the engine cannot take ends its whole process, without an exception: that must not be
one that answers readers. Nor does that process know any secret of the site.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import select
import subprocess
import sys
from pathlib import Path
from threading import Lock

__all__ = ["NotDrawn", "draw", "end"]

logger = logging.getLogger(__name__)

PROCESS = Path(__file__).with_name("engine_process.py")
# Beginning takes a second on most machines, and a chart a tenth of one.
SECONDS = 20


class NotDrawn(Exception):
    """The engine ended, or took too long. What it says is for the log."""


one_at_a_time = Lock()
running: list[subprocess.Popen[bytes]] = []


def draw(specification: str) -> str:
    """As SVG. Raises ``NotDrawn``."""
    with one_at_a_time:
        try:
            answer = asked(specification)
        except NotDrawn:
            end()
            raise
    if "svg" not in answer:
        raise NotDrawn(answer.get("problem", ""))
    return answer["svg"]


def asked(specification: str) -> dict[str, str]:
    process = process_running()
    assert process.stdin is not None  # noqa: S101 - it is begun with pipes
    assert process.stdout is not None  # noqa: S101
    try:
        process.stdin.write(specification.encode() + b"\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], SECONDS)
        line = process.stdout.readline() if ready else b""
    except OSError as problem:
        raise NotDrawn("The engine ended while it was asked.") from problem
    if not line:
        raise NotDrawn("The engine ended." if ready else f"It took more than {SECONDS} seconds.")
    return json.loads(line)


def process_running() -> subprocess.Popen[bytes]:
    if running and running[0].poll() is not None:
        end()
    if not running:
        process = subprocess.Popen(
            [sys.executable, str(PROCESS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
        )
        running.append(process)
    return running[0]


def end() -> None:
    for process in running:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    logger.debug("The engine had ended with something unread.")
    running.clear()


atexit.register(end)
