"""The port of a site: it has it alone, from before it prepares until all of it is gone."""

from __future__ import annotations

import errno
import fcntl
import socket
import sys
import time
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

from genedge_site.lifeline import SECONDS_TO_STOP

__all__ = ["Port", "PortInUse", "free_address", "numeric_address", "take_port"]

SECONDS_BETWEEN_ATTEMPTS = 0.1
# What is left of a site that was killed has ended by then.
SECONDS_TO_WAIT = 3 * SECONDS_TO_STOP


class PortInUse(Exception):
    def __init__(self, port: int):
        super().__init__(f"Port {port} is in use: choose another, such as PORT={port % 65535 + 1}.")


class Port:
    """Taken from here on, also by whatever inherits the claim.

    Workers of a server share its port, so the system would let two sites share it that start at
    once. It gives nobody the UDP port of the same number twice, so that is the claim.
    """

    def __init__(self, host: str, port: int, folder: Path):
        self.trace = folder / f"port-{port}"
        self.address = free_address(host, port)
        self.claim = claim_of(self.address, port)
        self.running: TextIOWrapper | None = self.trace.open("w")
        fcntl.flock(self.running, fcntl.LOCK_EX)

    def about_to_be_left(self) -> None:
        """Whoever starts the site anew from here on waits until this one has ended."""
        if self.running is not None:
            self.running.close()
            self.running = None

    def leave(self) -> None:
        self.about_to_be_left()
        self.trace.unlink(missing_ok=True)
        self.claim.close()


def take_port(host: str, port: int, folder: Path) -> Port:
    """The port, or one sentence and the end.

    If the site that had it was killed, or is stopping, what is left of it is given time to end.
    """
    until = time.monotonic() + SECONDS_TO_WAIT
    told = False
    while True:
        try:
            return Port(host, port, folder)
        except PortInUse as problem:
            if not is_being_left(folder / f"port-{port}") or time.monotonic() > until:
                sys.exit(str(problem))
        if not told:
            print("Waiting for what is left of the site that ran before to end", flush=True)
            told = True
        time.sleep(SECONDS_BETWEEN_ATTEMPTS)


def is_being_left(trace: Path) -> bool:
    """Whether a site had the port, has not cleared up yet, and does not run any more."""
    with suppress(FileNotFoundError, BlockingIOError), trace.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def numeric_address(host: str) -> str:
    return str(first_address(host, 0)[1][0])


def first_address(host: str, port: int) -> tuple[socket.AddressFamily, tuple]:
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return family, address


def free_address(host: str, port: int) -> str:
    """The numeric address of the host, if this machine can listen there."""
    try:
        family, address = first_address(host, port)
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            # As the server does: an address that was only just left counts as free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(port) from None
        if error.errno == errno.EACCES:
            sys.exit(f"Port {port} is kept for the system: choose one from 1024 on.")
        sys.exit(f"HOST is {host!r}, where this machine cannot listen: set it to 127.0.0.1.")
    return str(address[0])


def claim_of(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    claim = socket.socket(family, socket.SOCK_DGRAM)
    try:
        claim.bind((address, port))
    except OSError:
        claim.close()
        raise PortInUse(port) from None
    return claim
