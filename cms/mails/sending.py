"""Sends what ``notifications.py`` has written; each scheduler does so when nothing is due."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.core.mail import send_mail
from django.db import transaction

from cms.mails.models import Notification
from cms.scheduling.backoff import backoff
from pages import clock

__all__ = ["forget_sent", "send_notifications"]

logger = logging.getLogger(__name__)

BATCH_SIZE = 20
FIRST_RETRY = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)
KEPT_FOR = timedelta(days=30)


def send_notifications() -> None:
    """Send what is due, some of it: the schedule does not wait for a slow mail server."""
    now = clock.now()
    due = Notification.objects.filter(
        sent_at=None, send_at__lte=now, created_at__gt=now - GIVEN_UP_AFTER
    )
    for key in list(due.order_by("send_at", "pk").values_list("pk", flat=True)[:BATCH_SIZE]):
        send(key)


@transaction.atomic
def send(key: int) -> None:
    """Under a lock, so that no two schedulers send it."""
    rows = Notification.objects.filter(pk=key, sent_at=None)
    notification = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if notification is None:
        return
    try:
        send_mail(notification.subject, notification.text, None, [notification.recipient.email])
    except Exception:
        attempts = notification.attempts + 1
        wait = backoff(attempts, first=FIRST_RETRY, longest=LONGEST_WAIT)
        rows.update(attempts=attempts, send_at=clock.now() + wait)
        logger.exception("“%s” could not be sent, and is tried again", notification)
    else:
        rows.update(sent_at=clock.now())


def forget_sent() -> None:
    """An announcement of an expiry is kept as long as it could be made again."""
    Notification.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()
