"""What a scheduler does for as long as it runs."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime

from django.db import Error, connection

from cms.scheduling.due import next_moment
from cms.scheduling.durable import make_due_changes
from cms.scheduling.process.alarm import Alarm
from cms.scheduling.process.heartbeat import Pulse
from cms.scheduling.process.outages import Outage
from cms.scheduling.signals import scheduler_idle
from pages import clock

__all__ = ["run", "use_the_time"]

logger = logging.getLogger(__name__)

# What another scheduler, or an editor, is working on is looked at again after this.
SECONDS_FOR_OTHERS = 1.0


def run(alarm: Alarm) -> None:
    """Make what is due permanent, and wait for the next, until the alarm is stopped."""
    logger.info("The scheduler runs.")
    outage, pulse = Outage(), Pulse()

    def should_continue() -> bool:
        pulse.beat()
        return not alarm.stopped

    while not alarm.stopped:
        try:
            alarm.set()
            pulse.beat()
            make_due_changes(should_continue=should_continue)
            use_the_time()
            seconds = seconds_until(next_moment())
            outage.end()
            alarm.wait(seconds)
        except Error as error:
            outage.begin_or_go_on(error)
            lose_connections(alarm)
            alarm.sleep(outage.seconds_to_next_attempt())
    alarm.lose_connection()


def use_the_time() -> None:
    """Let others do what is not urgent. Their mistakes are not to hold up the schedule."""
    for receiver, error in scheduler_idle.send_robust(sender=None):
        if isinstance(error, Error):
            raise error  # Of the database, which is seen to.
        if isinstance(error, Exception):
            logger.error("%s failed", receiver, exc_info=error)


def seconds_until(moment: datetime | None) -> float:
    if moment is None:
        return float("inf")
    seconds = (moment - clock.now()).total_seconds()
    return seconds if seconds > 0 else SECONDS_FOR_OTHERS


def lose_connections(alarm: Alarm) -> None:
    with suppress(Error):
        connection.close()
    alarm.lose_connection()
