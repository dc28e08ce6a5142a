"""Loads a server with requests from outside, by wrk (https://github.com/wg/wrk)."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

__all__ = ["SCRIPT", "load", "stop_without_wrk"]

SCRIPT = Path(__file__).with_name("load.lua")


def stop_without_wrk() -> None:
    if shutil.which("wrk") is None:
        sys.exit("There is no wrk here, which makes the load: install it (apt install wrk).")


def load(url: str, requests: list[dict], *, connections: int, seconds: int) -> dict[str, Any]:
    """Send the requests in turn for so many seconds, and tell how it went."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as bodies:
        bodies.writelines(json.dumps(request) + "\n" for request in requests)
        bodies.flush()
        command = ["wrk", "--threads=1", f"--connections={connections}", f"--duration={seconds}s"]
        command += ["--timeout=20s", f"--script={SCRIPT}", url, "--", bodies.name]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(output.splitlines()[-1])
