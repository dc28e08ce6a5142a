"""Keeps schedulers, or workers, running side by side: one that is killed is replaced at once.

They are forked from a process that has loaded everything and does nothing itself, so that another
is there within milliseconds, where a new command would take more than a second to start.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress

from django.db import connections

from cms.scheduling.process.alarm import Alarm

__all__ = ["keep_running"]

logger = logging.getLogger(__name__)

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# One that ends sooner is likely to end again: the next one waits for so long.
SHORTEST_SECONDS = 0.5
SECONDS_TO_WAIT = 1.0


def keep_running(
    work: Callable[[Alarm], None],
    *,
    processes: int,
    lifelines: tuple[int, ...] = (),
    name: str = "scheduler",
) -> None:
    """Run ``work`` in so many processes until this one is told to stop, and then stop them.

    ``name`` is what the log calls one of them.

    Should this process itself be killed, or the other end of a lifeline closed, they end by
    themselves as soon as they have nothing to do.
    """
    for connection in connections.all():
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    gc.freeze()  # What is loaded stays shared between the processes.
    Supervisor(work, lifelines, name).run(processes)


class Supervisor:
    def __init__(
        self, work: Callable[[Alarm], None], lifelines: tuple[int, ...], name: str
    ) -> None:
        self.work = work
        self.name = name
        self.lifelines = lifelines
        self.alarm = Alarm(lifelines=lifelines)
        self.started: dict[int, float] = {}
        # Nothing is ever written to it: it closes with this process, whatever ends that.
        self.lifeline, self.own_end = os.pipe()

    def run(self, processes: int) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, lambda *_: self.stop())
        for _ in range(processes):
            self.start()
        while self.started:
            key, status = os.wait()
            lived = time.monotonic() - self.started.pop(key)
            # It learns of a closed lifeline here: of the children, the first to end tells it.
            self.alarm.sleep(0 if lived > SHORTEST_SECONDS else SECONDS_TO_WAIT)
            if self.start():
                logger.warning(
                    "Another takes the place of the %s that %s.", self.name, ended(status)
                )

    def start(self) -> bool:
        """Start another, unless this process is to end."""
        # A signal to stop is handled before, or once it is known which processes to stop.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        goes_on = not self.alarm.stopped
        if goes_on:
            key = os.fork()
            if key == 0:
                self.run_child()
            self.started[key] = time.monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        return goes_on

    def stop(self) -> None:
        self.alarm.stop()
        for key in self.started:
            with suppress(ProcessLookupError):  # It has ended, and was not forgotten yet.
                os.kill(key, signal.SIGTERM)

    def run_child(self) -> None:
        status = 1
        try:
            os.close(self.own_end)
            alarm = Alarm(lifelines=(self.lifeline, *self.lifelines))
            for number in STOP_SIGNALS:
                signal.signal(number, lambda *_: alarm.stop())
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
            self.work(alarm)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            # Nothing of what the other process has set up is taken down by this one.
            os._exit(status)


def ended(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"
