"""Who approved a revision, as the audit log has it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from wagtail.log_actions import registry as log_registry
from wagtail.models import Revision

__all__ = ["CARRIED_OVER", "approvers_of", "who_approved"]

# A newer edit was taken into what is approved: that stays approved by who did it.
CARRIED_OVER = "publishing.carry_over"


def who_approved(subject: Any, revision: Revision, action: str) -> AbstractBaseUser | None:
    """Whose step the log has for a revision, or whoever wrote it."""
    # The log also keeps the steps of those whose accounts are deleted.
    return approvers_of(subject, [revision], action).get(revision.pk) or revision.user


def approvers_of(
    subject: Any, revisions: list[Revision], action: str
) -> dict[int, AbstractBaseUser]:
    """Whose step was the last that the log has for each revision; in a statement or two."""
    of_action = Q(action__startswith=action, user__isnull=False)
    steps = log_registry.get_logs_for_instance(subject).filter(
        of_action | Q(action=CARRIED_OVER), revision__in=revisions
    )
    carried, found = {}, {}
    for step in steps.select_related("user").order_by("timestamp", "pk"):
        if step.action == CARRIED_OVER:
            carried[step.revision_id] = step.data.get("approved_by")
        else:
            found[step.revision_id] = step.user
    users = get_user_model().objects.in_bulk(filter(None, carried.values()))
    return found | {key: users[user] for key, user in carried.items() if user in users}
