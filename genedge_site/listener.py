"""What the server does about peers that are slow, and about many of them."""

import os
import resource
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = ["CONNECTIONS_PER_WORKER", "allow_many_connections", "give_up_peers_that_stall"]

# A connection that waits holds a few kilobytes, and no thread; one that is read from a quarter of a
# megabyte at most. Further ones wait to be accepted.
CONNECTIONS_PER_WORKER = 1024


def allow_many_connections() -> None:
    """Each takes up to two of the files that a process may have open, 1024 on many systems."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS_PER_WORKER + 512
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


def give_up_peers_that_stall(port: int, *, seconds: int) -> None:
    """Have the kernel end connections whose peer takes nothing of what was sent for so long.

    Accepted connections inherit it from the socket they came by, which the server keeps to itself:
    it is looked for among the open files of this process.
    """
    if sys.platform != "linux":
        return
    found = [*listening_at(port)]
    for listener in found:
        with listener:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * seconds)
    if not found:
        raise RuntimeError(f"This process does not listen at port {port}.")


def listening_at(port: int) -> Iterator[socket.socket]:
    for file in Path("/proc/self/fd").iterdir():
        try:
            candidate = socket.socket(fileno=os.dup(int(file.name)))
        except OSError:  # It is no socket, or the one that listed the folder.
            continue
        if (
            candidate.family in {socket.AF_INET, socket.AF_INET6}
            and candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            and candidate.getsockname()[1] == port
        ):
            yield candidate
        else:
            candidate.close()
