"""The server that readers use, started for a while, and what it costs the processor."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

__all__ = ["processor_seconds", "serving", "wait_until_idle"]

SECONDS_TO_START = 60
SECONDS_TO_STOP = 60
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[int]:
    """Serve while the block runs; gives the number of the server's session of processes."""
    command = [sys.executable, "-m", "genedge_site.server"]
    server = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        wait_for(server, int(environment["PORT"]))
        yield server.pid
    finally:
        server.terminate()
        server.wait(SECONDS_TO_STOP)


def wait_for(server: subprocess.Popen, port: int) -> None:
    """Until a worker answers, whatever it says: the port is open long before."""
    for _ in range(SECONDS_TO_START):
        time.sleep(1)
        if server.poll() is not None:
            raise RuntimeError("The server did not start: the reason is above.")
        client = HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_START)
        with suppress(OSError, HTTPException), closing(client):
            client.request("HEAD", "/", headers={"Host": "localhost"})
            client.getresponse()
            return
    raise RuntimeError(f"The server did not start within {SECONDS_TO_START} seconds.")


def wait_until_idle(session: int) -> None:
    """Until the server has done with requests whose sender has gone away."""
    before, now = -1.0, processor_seconds(session)
    while now - before > 0.02:
        time.sleep(0.5)
        before, now = now, processor_seconds(session)


def processor_seconds(session: int) -> float:
    """What all processes of a session have used of the processor until now, as /proc tells."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The program's name stands in brackets and may hold anything; numbers follow it.
            fields = file.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # It has just ended.
        if int(fields[3]) == session:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_PER_SECOND
