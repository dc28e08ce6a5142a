"""What mail servers report of a mail after they took it: bounces (RFC 3464), complaints (RFC 5965).

Anybody can send one, so it counts only for whoever's mail it gives back: that one has the address
under which its reader leaves, which nobody else is told.
"""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from email.message import Message
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from cms.subscriptions.joining import enter
from cms.subscriptions.models import Subscriber, SubscriberState

__all__ = ["NotRecorded", "record_report"]

# `5.1.1` is an address that is not there. These tell nothing about the address: a full mailbox, a
# mail that is too large, a rule that the mail broke (RFC 3463).
OF_THE_MAIL = ("5.2.2", "5.2.3", "5.3.", "5.6.", "5.7.")
PERMANENT = "5."
# `not-spam` takes an earlier complaint back.
COMPLAINTS = ("abuse", "fraud", "virus", "other", "opt-out")
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class NotRecorded(ValueError):
    """Why nobody was taken off the list."""


class Report(NamedTuple):
    state: Any
    leaving_key: UUID


def record_report(content: bytes) -> None:
    """Take whom it is about off the list. Raises ``NotRecorded``."""
    report = read(content)
    with transaction.atomic():
        found = Subscriber.objects.select_for_update().filter(leaving_key=report.leaving_key)
        subscriber = found.first()
        if subscriber is None:
            raise NotRecorded("The mail that it gives back went to nobody on our lists.")
        # Who has left is forgotten in time; who complained, never.
        is_complaint = report.state == SubscriberState.COMPLAINED
        if is_complaint or subscriber.state == SubscriberState.SUBSCRIBED:
            enter(subscriber, report.state)


def read(content: bytes) -> Report:
    """Of the mail that is given back, parts are parts as well: those before it count."""
    every = [*email.message_from_bytes(content).walk()]
    parts: dict[str, Any] = {part.get_content_type(): part for part in reversed(every)}
    if "message/feedback-report" in parts:
        state = state_of_complaint(parts["message/feedback-report"])
    elif "message/delivery-status" in parts:
        state = state_of_bounce(parts["message/delivery-status"])
    else:
        raise NotRecorded("This is no report of a mail server.")
    return Report(state, key_in(parts))


def state_of_complaint(part: Message) -> Any:
    if field(part.get_payload(0), "Feedback-Type").lower() not in COMPLAINTS:
        raise NotRecorded("It reports no complaint.")
    return SubscriberState.COMPLAINED


def state_of_bounce(part: Message) -> Any:
    """Each group of its fields, which is parsed as a message, is about one recipient."""
    for recipient in part.walk():
        status = field(recipient, "Status")
        failed = field(recipient, "Action").lower() == "failed"
        if failed and status.startswith(PERMANENT) and not status.startswith(OF_THE_MAIL):
            return SubscriberState.BOUNCED
    raise NotRecorded("The address may still be there: nothing in it says that it is not.")


def key_in(parts: dict[str, Any]) -> UUID:
    """Of the mail that it gives back, whole or its headers alone."""
    for kind, headers_of in HEADERS.items():
        if kind in parts:
            found = KEY.search(field(headers_of(parts[kind]), "List-Unsubscribe"))
            if found:
                return UUID(found[0])
    raise NotRecorded("It does not give back a newsletter of ours.")


HEADERS: dict[str, Callable[[Any], Any]] = {
    "message/rfc822": lambda part: part.get_payload(0),
    "text/rfc822-headers": lambda part: email.message_from_bytes(part.get_payload(decode=True)),
}


def field(of: Any, name: str) -> str:
    return str(of[name] or "").strip()
