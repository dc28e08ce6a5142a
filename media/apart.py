"""Opens a file in a process of its own, which may die of it, within limits of memory and time.

What is asked of it is a program: it calls ``told``, and then ``answer``. Both sides send a line of
JSON, and a file.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

__all__ = ["answer", "ask", "told"]

# What a picture of as many pixels as are taken needs at most, whatever its kind.
MEMORY = 1_000_000_000
SECONDS = 30

# Several at once would take several times the memory.
one_at_a_time = Lock()


def ask(program: ModuleType, content: bytes, **words: Any) -> tuple[dict[str, Any], bytes] | None:
    """What the program answers; None if it was ended at a limit, or by a fault of a decoder."""
    words |= {"memory": MEMORY, "seconds": SECONDS}
    with one_at_a_time:
        try:
            ended = subprocess.run(
                [sys.executable, "-m", program.__name__],
                input=json.dumps(words).encode() + b"\n" + content,
                capture_output=True,
                cwd=Path(__file__).parents[1],
                timeout=2 * SECONDS,
                check=True,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return None
    line, _, kept = ended.stdout.partition(b"\n")
    return json.loads(line), kept


def told() -> tuple[dict[str, Any], bytes]:
    """In the program: what it was told, from now on within its limits, and the file."""
    words = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_AS, (words["memory"], words["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (words["seconds"], words["seconds"]))
    return words, sys.stdin.buffer.read()


def answer(words: dict[str, Any], content: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(words).encode() + b"\n" + content)
