"""Who approved a revision, as the audit log has it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from wagtail.log_actions import registry as log_registry
from wagtail.models import Revision

__all__ = ["approvers_of", "who_approved"]


def who_approved(subject: Any, revision: Revision, action: str) -> AbstractBaseUser | None:
    """Whose step the log has for a revision, or whoever wrote it."""
    # The log also keeps the steps of those whose accounts are deleted.
    return approvers_of(subject, [revision], action).get(revision.pk) or revision.user


def approvers_of(
    subject: Any, revisions: list[Revision], action: str
) -> dict[int, AbstractBaseUser]:
    """Whose step was the last that the log has for each revision, in one statement."""
    steps = log_registry.get_logs_for_instance(subject).filter(
        revision__in=revisions, action__startswith=action, user__isnull=False
    )
    in_order = steps.select_related("user").order_by("timestamp", "pk")
    return {step.revision_id: step.user for step in in_order}
