"""Tells whoever scheduled a change that it could not be made."""

from __future__ import annotations

from cms.mails.notifications import notify
from cms.perspective.objects import base_model
from cms.scheduling.failures import UNEXPECTED
from cms.scheduling.kinds import ScheduledKind
from cms.scheduling.models import FailedChange
from pages import clock

__all__ = ["tell_of_failure"]

FAILED = "mails.scheduled_change_failed"


def tell_of_failure(failure: FailedChange, kind: ScheduledKind) -> None:
    """Once; of what may pass by itself only after the second attempt."""
    may_pass = failure.reason == UNEXPECTED and failure.attempts == 1
    if may_pass or failure.mailed_at:
        return
    subject = base_model(failure.content_type.model_class())._base_manager.get(pk=failure.object_id)
    notify(
        [failure.scheduled_by],
        getattr(subject, "specific", subject),
        FAILED,
        says="{what} " + kind.words.did_not_go.lower(),
        moment=failure.due_at,
        why=f"It was scheduled to {kind.words.does} then, and could not:\n\n{failure.reason}\n\n"
        f"{kind.words.when_failed}\nIt is tried again until then.",
        also_unwanted=True,
    )
    failure.mailed_at = clock.now()
    failure.save(update_fields=["mailed_at"])
