"""A supervisor of one scheduler that never lives for long, and that prints when it was started."""

import os
import signal
import sys
import time
from unittest.mock import patch

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


WORK = {
    "fails at once": fails_at_once,
    "is killed at once": is_killed_at_once,
    "ends soon": ends_soon,
}


def supervise(name: str) -> None:
    keep_running(WORK[name], processes=1, lifelines=(sys.stdin.fileno(),))


def supervise_until_one_ends(name: str) -> None:
    """It is told to stop at the very moment when its scheduler ends."""
    wait = os.wait

    def wait_and_be_stopped() -> tuple[int, int]:
        ended = wait()
        os.kill(os.getpid(), signal.SIGTERM)
        return ended

    with patch("os.wait", wait_and_be_stopped):
        supervise(name)
