"""Ends a process when the one that it works for is gone, whatever ended that."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable

__all__ = ["SECONDS_TO_STOP", "end_with_input", "end_with_parent"]

# What is under way may take so long, in a worker; what holds workers allows them twice as long.
SECONDS_TO_STOP = 10


def end_with_input() -> None:
    """Stop when standard input ends: whoever started this process holds its other end."""

    def input_ends() -> None:
        while os.read(0, 1024):
            pass

    stop_after(input_ends, 2 * SECONDS_TO_STOP)


def end_with_parent() -> None:
    """Stop when the process that started this one with ``multiprocessing`` is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        stop_after(parent.join, SECONDS_TO_STOP)


def stop_after(wait: Callable[[], None], seconds_to_stop: float) -> None:
    def watch() -> None:
        wait()
        # As if told to: what is under way is finished, if that does not take too long.
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(seconds_to_stop)
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
