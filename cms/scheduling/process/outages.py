"""What a process does while the database cannot be used: it waits, and says so once."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import Error

from cms.database.outage import reason
from cms.scheduling.backoff import backoff

__all__ = ["Outage"]

logger = logging.getLogger(__name__)

FIRST_ATTEMPT_AFTER = timedelta(seconds=0.5)
LONGEST_WAIT = timedelta(seconds=30)


class Outage:
    """Of the database; told at its beginning and at its end."""

    def __init__(self) -> None:
        self.attempts = 0

    def begin_or_go_on(self, error: Error) -> None:
        if self.attempts == 0:
            logger.warning(
                "The database cannot be used. It is tried until it can: %s", reason(error)
            )
        self.attempts += 1

    def end(self) -> None:
        if self.attempts:
            logger.warning("The database can be used again.")
        self.attempts = 0

    def seconds_to_next_attempt(self) -> float:
        wait = backoff(self.attempts, first=FIRST_ATTEMPT_AFTER, longest=LONGEST_WAIT)
        return wait.total_seconds()
