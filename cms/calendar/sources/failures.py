"""What of the schedule failed, as entries tell it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cms.scheduling.failures import still_scheduled
from cms.scheduling.kinds import ScheduledKind
from cms.scheduling.models import FailedChange

__all__ = ["failures_of", "why"]


def failures_of(
    kind: ScheduledKind, start: datetime, end: datetime
) -> dict[tuple[int, str, datetime], FailedChange]:
    failures = still_scheduled().filter(action=kind.name, due_at__gte=start, due_at__lt=end)
    return {(each.content_type_id, each.object_id, each.due_at): each for each in failures}


def why(failure: FailedChange | None) -> dict[str, Any]:
    if failure is None:
        return {}
    return {"reasons": tuple(failure.reason.splitlines()), "retry_at": failure.retry_at}
