"""A supervisor of one scheduler that never lives for long, and that prints when it was started."""

import os
import signal
import sys
import time
from unittest.mock import patch

from django.db import connection

from cms.scheduling.process.alarm import Alarm
from cms.scheduling.process.supervisor import keep_running


def fails_at_once(alarm: Alarm) -> None:
    print(time.monotonic(), flush=True)
    raise RuntimeError("It fails at once.")


def is_killed_at_once(alarm: Alarm) -> None:
    print(time.monotonic(), flush=True)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # Whoever runs the tests may have it ignored.
    os.kill(os.getpid(), signal.SIGHUP)


def ends_soon(alarm: Alarm) -> None:
    print(time.monotonic(), flush=True)
    alarm.sleep(0.8)


def asks_the_database(alarm: Alarm) -> None:
    print(connection_to_the_database(), flush=True)
    alarm.sleep(0.8)


def connection_to_the_database() -> int:
    """What PostgreSQL calls it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


WORK = {
    "fails at once": fails_at_once,
    "is killed at once": is_killed_at_once,
    "ends soon": ends_soon,
    "asks the database": asks_the_database,
}


def supervise(name: str) -> None:
    keep_running(WORK[name], processes=1, lifelines=(sys.stdin.fileno(),))


def supervise_after_asking(name: str) -> None:
    """It has a connection of its own by then, from a pool as in production."""
    connection.settings_dict["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 2}
    print(connection_to_the_database(), flush=True)
    supervise(name)


def supervise_until_one_ends(name: str) -> None:
    """It is told to stop at the very moment when its scheduler ends."""
    wait = os.wait

    def wait_and_be_stopped() -> tuple[int, int]:
        ended = wait()
        os.kill(os.getpid(), signal.SIGTERM)
        return ended

    with patch("os.wait", wait_and_be_stopped):
        supervise(name)
