"""Sends what ``notifications.py`` has written; each scheduler does so when nothing is due."""

from __future__ import annotations

from datetime import timedelta

from django.core.mail import send_mail

from cms.mails.models import Notification
from cms.scheduling.process.retries import try_each
from pages import clock

__all__ = ["forget_sent", "send_notifications"]

GIVEN_UP_AFTER = timedelta(days=3)
KEPT_FOR = timedelta(days=30)


def send_notifications() -> None:
    """Send what is due, some of it: the schedule does not wait for a slow mail server."""
    waiting = Notification.objects.filter(sent_at=None, created_at__gt=clock.now() - GIVEN_UP_AFTER)
    try_each(waiting, send, note_as_sent, what="A notification")


def send(notification: Notification) -> None:
    send_mail(notification.subject, notification.text, None, [notification.recipient.email])


def note_as_sent(notification: Notification) -> None:
    Notification.objects.filter(pk=notification.pk).update(sent_at=clock.now())


def forget_sent() -> None:
    """An announcement of an expiry is kept as long as it could be made again."""
    Notification.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()
