"""Addresses are deleted that were never confirmed, and of those who have left."""

from __future__ import annotations

from datetime import timedelta

from cms.subscriptions.joining import CONFIRM_WITHIN
from cms.subscriptions.models import Subscriber, SubscriberState
from pages import clock

__all__ = ["LEFT_KEPT_FOR", "delete_what_is_over"]

# So that staff can answer someone who asks why no newsletter comes.
LEFT_KEPT_FOR = timedelta(days=30)


def delete_what_is_over() -> None:
    """Those whose mails come back, or who complained, stay, so that nobody writes to them again."""
    now = clock.now()
    asked = Subscriber.objects.filter(state=SubscriberState.ASKED)
    asked.filter(asked_at__lte=now - CONFIRM_WITHIN).delete()
    left = Subscriber.objects.filter(state=SubscriberState.LEFT)
    # One who has asked anew may still confirm.
    left.filter(changed_at__lte=now - LEFT_KEPT_FOR, asked_at__lte=now - CONFIRM_WITHIN).delete()
