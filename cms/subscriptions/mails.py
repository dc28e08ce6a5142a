"""The mail that asks an address to confirm; sent by a scheduler, so that none is lost."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cms.scheduling.process.retries import try_each
from cms.subscriptions.joining import CONFIRM_WITHIN
from cms.subscriptions.models import Subscriber
from pages import clock

__all__ = ["address_of", "send_confirmations"]


def address_of(view: str, key: object) -> str:
    """Of a page of ours that a mail leads to."""
    return f"{settings.SITE_URL}{reverse(view, args=[key])}"


def send_confirmations() -> None:
    waiting = Subscriber.objects.exclude(mail_due_at=None)
    waiting.filter(asked_at__lte=clock.now() - CONFIRM_WITHIN).update(mail_due_at=None)
    try_each(
        waiting,
        send,
        note_as_sent,
        what="A mail that asks to confirm",
        due_at="mail_due_at",
        attempts="mail_attempts",
    )


def send(subscriber: Subscriber) -> None:
    confirmation_for(subscriber).send()


def note_as_sent(subscriber: Subscriber) -> None:
    Subscriber.objects.filter(pk=subscriber.pk).update(mail_due_at=None)


def confirmation_for(subscriber: Subscriber) -> EmailMessage:
    facts = {
        "site": settings.WAGTAIL_SITE_NAME,
        "consent": subscriber.consent_text,
        "address": address_of("confirm_subscription", subscriber.confirmation_key),
        "days": CONFIRM_WITHIN.days,
    }
    return EmailMessage(
        f"Confirm that you want newsletters of {settings.WAGTAIL_SITE_NAME}",
        render_to_string("subscriptions/confirmation.txt", facts),
        to=[subscriber.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
