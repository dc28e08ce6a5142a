"""Joining takes two steps, so that nobody is subscribed by someone else; leaving takes one.

Whether an address is on the list is told to nobody: joining is answered alike for all, and all
that differs is which mail is sent.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import IntegrityError, transaction

from cms.subscriptions.counting import count_request, seconds_to_wait
from cms.subscriptions.errors import SubscriptionError, SubscriptionErrorCode
from cms.subscriptions.models import Subscriber, SubscriberState
from pages import clock

__all__ = ["CONFIRM_WITHIN", "Request", "confirm", "join", "leave", "leaving", "to_confirm"]

CONFIRM_WITHIN = timedelta(days=7)
# Nobody's mailbox is filled by others who enter its address.
BETWEEN_MAILS = timedelta(minutes=10)
LONGEST = 254
NO_CONSENT = SubscriptionError(
    SubscriptionErrorCode.CONSENT_REQUIRED, "Nobody is subscribed without their consent."
)
INVALID = SubscriptionError(
    SubscriptionErrorCode.INVALID, "That is no e-mail address: correct it, and send it again."
)
AUTOMATED = SubscriptionError(
    SubscriptionErrorCode.LOOKS_AUTOMATED,
    "A field that people do not see was filled in: empty it, and send again.",
)
TOO_MANY = "Too many people subscribed just now. Try again later."


@dataclass(frozen=True)
class Request:
    """What someone sent. ``site`` is the key of the site."""

    site: int
    email: str
    language: str
    consent_text: str
    consents: bool
    honeypot: str
    client_address: str | None


def join(request: Request, *, at: datetime) -> SubscriptionError | None:
    """Have a mail sent that asks to confirm, unless one was just sent, or it is on the list."""
    email = request.email.strip()
    if request.honeypot:
        return AUTOMATED
    if not is_address(email):
        return INVALID
    if not request.consents:
        return NO_CONSENT
    with transaction.atomic():
        wait = seconds_to_wait(request.site, request.client_address, at=at)
        if wait is not None:
            return SubscriptionError(SubscriptionErrorCode.RATE_LIMITED, TOO_MANY, wait)
        count_request(request.site, request.client_address, at=at)
        ask_to_confirm(locked(request, email, at), request, at)
    return None


def is_address(email: str) -> bool:
    try:
        EmailValidator()(email)
    except ValidationError:
        return False
    return len(email) <= LONGEST and email.isascii() and email.isprintable()


def locked(request: Request, email: str, at: datetime) -> Subscriber:
    """The one with this address, however it is written, in a row that nobody else changes."""
    rows = Subscriber.objects.select_for_update().filter(site=request.site, email__iexact=email)
    found = rows.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Subscriber.objects.create(
                site_id=request.site,
                email=email,
                language=request.language,
                consent_text=request.consent_text,
                asked_at=at - BETWEEN_MAILS,  # The first mail is due at once.
                changed_at=at,
            )
    except IntegrityError:  # Someone else was faster.
        return rows.get()


def ask_to_confirm(subscriber: Subscriber, request: Request, at: datetime) -> None:
    """Who complained gets no mail, whoever enters their address; who is on the list needs none."""
    settled = (SubscriberState.SUBSCRIBED, SubscriberState.COMPLAINED)
    if subscriber.state in settled or at - subscriber.asked_at < BETWEEN_MAILS:
        return
    subscriber.language = request.language
    subscriber.consent_text = request.consent_text
    subscriber.asked_at = at
    subscriber.confirmation_key = uuid.uuid4()
    subscriber.mail_due_at = at
    subscriber.mail_attempts = 0
    subscriber.save()


def to_confirm(key: uuid.UUID) -> Subscriber | None:
    """Whom a link in a mail still asks to confirm, or who has."""
    since = clock.now() - CONFIRM_WITHIN
    return Subscriber.objects.filter(confirmation_key=key, asked_at__gt=since).first()


@transaction.atomic
def confirm(key: uuid.UUID) -> Subscriber | None:
    """Doing it twice changes nothing. Who has left since needs a new link."""
    found = to_confirm(key)
    if found is None:
        return None
    subscriber = Subscriber.objects.select_for_update().get(pk=found.pk)
    if subscriber.state == SubscriberState.SUBSCRIBED:
        return subscriber
    if subscriber.confirmed_at and subscriber.confirmed_at >= subscriber.asked_at:
        return None
    now = clock.now()
    enter(subscriber, SubscriberState.SUBSCRIBED, confirmed_at=now)
    return subscriber


def leaving(key: uuid.UUID) -> Subscriber | None:
    return Subscriber.objects.filter(leaving_key=key).first()


@transaction.atomic
def leave(key: uuid.UUID) -> Subscriber | None:
    """At once. Whose mails come back, or who has complained, stays known as that."""
    subscriber = Subscriber.objects.select_for_update().filter(leaving_key=key).first()
    if subscriber and subscriber.state in (SubscriberState.ASKED, SubscriberState.SUBSCRIBED):
        enter(subscriber, SubscriberState.LEFT)
    return subscriber


def enter(subscriber: Subscriber, state: Any, **fields: datetime) -> None:
    """Whatever mail was to ask for a confirmation is not wanted any more."""
    for name, value in {**fields, "state": state, "changed_at": clock.now()}.items():
        setattr(subscriber, name, value)
    subscriber.mail_due_at = None
    subscriber.save()
