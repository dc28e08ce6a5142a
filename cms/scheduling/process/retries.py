"""What fails for reasons elsewhere is tried again, after longer and longer waits."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from cms.scheduling.backoff import backoff
from pages import clock

__all__ = ["try_each"]

logger = logging.getLogger(__name__)

BATCH_SIZE = 20
FIRST_RETRY = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


def try_each(
    waiting: QuerySet[Any],
    attempt: Callable[[Any], object],
    done: Callable[[Any], object],
    *,
    what: str,
    due_at: str = "send_at",
    attempts: str = "attempts",
    first: timedelta = FIRST_RETRY,
    longest: timedelta = LONGEST_WAIT,
) -> None:
    """Some of the rows that are due, those due the longest first, so that nobody waits for all.

    ``done`` has to take a row from those that wait, or its moment. The log calls one ``what``, as
    neither names nor addresses belong there; ``due_at`` and ``attempts`` name the fields with the
    moment and with how often it failed.
    """
    due = waiting.filter(**{f"{due_at}__lte": clock.now()}).order_by(due_at, "pk")
    for key in list(due.values_list("pk", flat=True)[:BATCH_SIZE]):
        # Under a lock, so that no two processes try it.
        with transaction.atomic():
            rows = due.filter(pk=key)
            row = rows.select_for_update(skip_locked=True, of=("self",)).first()
            if row is None:
                continue
            try:
                attempt(row)
            except Exception:
                failed = getattr(row, attempts) + 1
                wait = backoff(failed, first=first, longest=longest)
                rows.update(**{attempts: failed, due_at: clock.now() + wait})
                logger.exception("%s could not be sent, and is tried again", what)
            else:
                done(row)
