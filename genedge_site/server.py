"""Serves the site with granian: `python -m genedge_site.server`."""

import multiprocessing
import multiprocessing.connection
import subprocess
import sys
import time
from collections import deque
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any

from django.conf import settings
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from genedge_site import start_checks
from genedge_site.lifeline import SECONDS_TO_STOP, end_with_input
from genedge_site.listener import CONNECTIONS_PER_WORKER, allow_many_connections
from genedge_site.port import numeric_address, take_port
from genedge_site.settings.environment import choose_settings

__all__ = ["UNDER_LAUNCHER", "server"]

# Given by the launcher, which has taken the port, and with which the server is to end.
UNDER_LAUNCHER = "--under-launcher"

# A worker that dies as often in as many seconds will not do better: someone has to read why.
DEATHS_TOLERATED = 10
SECONDS_OF_DEATHS = 60


def run(*, under_launcher: bool) -> None:
    if under_launcher:
        end_with_input()
        serve()
        return
    port = take_port(settings.HOST, settings.PORT, settings.VAR_DIR)
    # The launcher has done so. In a process of its own, which takes its connections along.
    if subprocess.run([sys.executable, "-m", start_checks.__name__], check=False).returncode:
        sys.exit(1)
    serve()
    port.leave()


class Replacements(dict[int, float]):
    """When each worker was last replaced, of which granian ends the server if it is short ago.

    Two deaths in a row may be chance, or a system that is out of memory. So that is told only of
    a worker that has died again and again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.past: dict[int, deque[float]] = {}

    def __setitem__(self, worker: int, moment: float) -> None:
        self.past.setdefault(worker, deque(maxlen=DEATHS_TOLERATED)).append(moment)

    def clear(self) -> None:
        """Granian forgets all but those it is just replacing."""

    def get(self, worker: int, default: Any = None) -> Any:
        past = self.past.get(worker, deque())
        if len(past) < DEATHS_TOLERATED or past[0] < time.monotonic() - SECONDS_OF_DEATHS:
            return default
        return past[-1]


class Server(MPServer):
    """Two threads of granian wait for the end of each worker, and the one that is not told of it
    would take the worker to be running still: it would be said to have refused to stop."""

    def _spawn_worker(self, *args: Any, **options: Any) -> Any:
        worker: Any = super()._spawn_worker(*args, **options)
        worker.is_alive = partial(is_running, worker.inner)
        return worker


def is_running(process: BaseProcess) -> bool:
    """Whoever was told of its end."""
    return not multiprocessing.connection.wait([process.sentinel], timeout=0)


def server(application: str) -> Any:
    made = Server(
        application,
        address=numeric_address(settings.HOST),
        port=settings.PORT,
        interface=Interfaces.RSGI,
        workers=settings.WEB_CONCURRENCY,
        # A proxy speaks HTTP/2 with readers and HTTP/1 with us: one connection of HTTP/2 could hold
        # as much as hundreds, and its streams have no deadlines.
        http=HTTPModes.http1,
        # Also how long a connection is kept for its next request.
        http1_settings=HTTP1Settings(header_read_timeout=1000 * settings.PEER_TIMEOUT),
        websockets=False,
        backpressure=CONNECTIONS_PER_WORKER,
        # A worker that crashes is replaced, one that keeps crashing ends the server.
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
        log_level=LogLevels.warning,
    )
    made.respawned_wrks = Replacements()
    return made


def serve() -> None:
    # A forked worker would ignore a signal to stop until it has loaded the site.
    multiprocessing.set_start_method("spawn")
    allow_many_connections()
    server("genedge_site.worker:application").serve()


if __name__ == "__main__":
    choose_settings(default="genedge_site.settings.production")
    run(under_launcher=UNDER_LAUNCHER in sys.argv[1:])
