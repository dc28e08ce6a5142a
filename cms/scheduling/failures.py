"""Scheduled changes that could not be made: why, and when they are tried again."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet

from cms.scheduling.backoff import backoff
from cms.scheduling.kinds import DueChange, kind_named, kinds
from cms.scheduling.models import FailedChange
from cms.scheduling.signals import change_failed
from pages import clock
from pages.lifecycle.checks import NotPublishable

__all__ = ["UNEXPECTED", "forget_unscheduled", "record_failure", "still_scheduled"]

logger = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
UNEXPECTED = "Something went wrong in the system. Whoever runs it finds the reason in its log."


def record_failure(change: DueChange, subject: Any, error: Exception) -> FailedChange:
    """In the caller's transaction, as are the mails that are written about it."""
    kind = kind_named(change.kind)
    failures = kind.failures_of(change)
    failures.exclude(due_at=change.due_at).delete()
    failure = failures.first() or FailedChange(
        action=change.kind,
        content_type_id=change.content_type_id,
        object_id=change.object_id,
        revision_id=change.revision_id,
        due_at=change.due_at,
        scheduled_by=kind.who_scheduled(change, subject),
    )
    failure.attempts += 1
    failure.title = str(subject)
    failure.reason = reason_for(error)
    failure.failed_at = clock.now()
    failure.retry_at = failure.failed_at + backoff(
        failure.attempts, first=FIRST_RETRY, longest=LONGEST_WAIT
    )
    failure.save()
    expected = isinstance(error, ValidationError)
    logger.error(
        "Attempt %s failed. %s. %s",
        failure.attempts,
        failure,
        failure.reason,
        exc_info=None if expected else error,
    )
    tell(kind, failure)
    return failure


def tell(kind: Any, failure: FailedChange) -> None:
    """A mail that cannot be written is no reason to forget why the change failed."""
    try:
        with transaction.atomic():
            change_failed.send(sender=type(kind), failure=failure, kind=kind)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Nobody could be told: %s", failure)


def reason_for(error: Exception) -> str:
    """What editors are told; of what they cannot mend only that it went wrong."""
    if isinstance(error, NotPublishable):
        return "\n".join(error.lines())
    if isinstance(error, ValidationError):
        return "\n".join(error.messages)
    return UNEXPECTED


def still_scheduled() -> QuerySet:
    """The failures of what is scheduled as it was when it failed."""
    wanted = Q(pk__in=[])
    for kind in kinds():
        wanted |= kind.still_scheduled()
    return FailedChange.objects.filter(wanted)


def forget_unscheduled() -> None:
    FailedChange.objects.exclude(pk__in=still_scheduled().values("pk")).delete()
