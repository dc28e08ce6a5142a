"""What a worker does for as long as it runs."""

from __future__ import annotations

import logging
import os
from datetime import datetime, timedelta

from django.db import Error, connection

from cms.scheduling.process.alarm import Alarm
from cms.scheduling.process.outages import Outage
from cms.worker.kinds import WORK, ShouldContinue
from pages import clock

__all__ = ["run", "work_off"]

logger = logging.getLogger(__name__)

SECONDS_TO_ASK_AGAIN = 1.0
# For what no signal told of: changed settings, files from elsewhere.
BETWEEN_LOOKS = timedelta(minutes=10)
# Readers and editors come first.
NICENESS = 10


def run(alarm: Alarm) -> None:
    """Do what is due, and wait for more, until the alarm is stopped."""
    os.nice(NICENESS)
    logger.info("The worker runs.")
    outage = Outage()
    looked_at: datetime | None = None
    while not alarm.stopped:
        try:
            if looked_at is None or clock.now() - looked_at > BETWEEN_LOOKS:
                for work in WORK:
                    if work.look:
                        work.look()
                looked_at = clock.now()
            work_off(lambda: not alarm.stopped)
            outage.end()
            alarm.sleep(SECONDS_TO_ASK_AGAIN)
        except Error as error:
            outage.begin_or_go_on(error)
            connection.close()
            alarm.sleep(outage.seconds_to_next_attempt())


def work_off(should_continue: ShouldContinue = lambda: True) -> None:
    """Do all that is due, a piece of each kind in turn."""
    found = True
    while found:
        found = False
        for work in WORK:
            if should_continue() and work.do_next(should_continue):
                found = True
