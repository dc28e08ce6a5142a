"""Serves the site with granian: `python -m genedge_site.server`."""

import errno
import multiprocessing
import os
import socket
import sys

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from genedge_site.settings.environment import choose_settings

__all__ = ["free_address"]

# Requests that a worker process answers at a time. Each may hold a database connection, so this is
# less than the connections a pool has by default.
THREADS_PER_WORKER = min(8, 2 * (os.cpu_count() or 1) + 1)
SECONDS_TO_STOP = 10


def free_address(host: str, port: int) -> str:
    """The numeric address of the host, if this machine can listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as listener:
            # As the server does: an address that was only just left counts as free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(f"Port {port} is in use: choose another, such as PORT={port % 65535 + 1}.")
        if error.errno == errno.EACCES:
            sys.exit(f"Port {port} is kept for the system: choose one from 1024 on.")
        sys.exit(f"HOST is {host!r}, where this machine cannot listen: set it to 127.0.0.1.")
    return str(address[0])


def serve() -> None:
    # A forked worker would ignore a signal to stop until it has loaded the site.
    multiprocessing.set_start_method("spawn")
    Granian(
        "genedge_site.worker:application",
        address=free_address(settings.HOST, settings.PORT),
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=settings.WEB_CONCURRENCY,
        blocking_threads=THREADS_PER_WORKER,
        # A worker that crashes is replaced, one that keeps crashing ends the server.
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    choose_settings(default="genedge_site.settings.production")
    serve()
