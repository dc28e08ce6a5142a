"""One mail to one address, and what the mail server said (RFC 5321).

Each has the headers by which mail programs offer to unsubscribe with one click (RFC 2369,
RFC 8058), and a Message-ID that follows from the mailing and the subscriber.
"""

from __future__ import annotations

import logging
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from cms.newsletters.composing import Mail
from cms.newsletters.models import Delivery, DeliveryState
from cms.subscriptions.mails import address_of

__all__ = ["Outcome", "Transport", "message_of"]

logger = logging.getLogger(__name__)

# What servers say of an address that is not there: 550, 551, 553 (RFC 5321, 4.2.3).
NO_MAILBOX = (550, 551, 553)
UNKNOWN_WHETHER = "The connection to the mail server ended while it was taking the mail."


@dataclass(frozen=True)
class Outcome:
    # One of ``DeliveryState``.
    state: Any
    problem: str = ""
    has_no_mailbox: bool = False


def message_of(mail: Mail, recipient: str, *, leave: str, reference: str) -> EmailMultiAlternatives:
    own = mail.for_address(leave)
    domain = urlsplit(settings.SITE_URL).hostname
    name, sender = parseaddr(settings.NEWSLETTER_FROM_EMAIL or settings.DEFAULT_FROM_EMAIL)
    message = EmailMultiAlternatives(
        own.subject,
        own.text,
        formataddr((name, sender)) if name else sender,
        [recipient],
        headers={
            "Message-ID": f"<newsletter.{reference}@{domain}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-ID": f"<newsletters.{domain}>",
        },
    )
    message.attach_alternative(own.html, "text/html")
    return message


class Transport:
    """A connection to the mail server for many mails."""

    def __init__(self) -> None:
        self.connection: Any = get_connection()

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError, smtplib.SMTPException):
            self.connection.close()

    def is_ready(self) -> bool:
        """Whether the server is there, before a mail is marked: then nothing is in doubt."""
        server = getattr(self.connection, "connection", None)
        try:
            if server is not None and server.noop()[0] == 250:
                return True
            self.connection.close()
            self.connection.open()
        except (OSError, smtplib.SMTPException):
            logger.warning("The mail server cannot be reached", exc_info=True)
            # Closing what is broken fails as well; the next attempt begins with another.
            self.connection = get_connection()
            return False
        return True

    def send(self, mail: Mail, delivery: Delivery) -> Outcome:
        subscriber = delivery.subscriber
        message = message_of(
            mail,
            subscriber.email,
            leave=address_of("leave_subscription", subscriber.leaving_key),
            reference=f"{delivery.mailing_id}.{delivery.pk}",
        )
        message.connection = self.connection
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            return refused_with(code, said)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
            return refused_with(refused.smtp_code, refused.smtp_error, of_address=False)
        except (smtplib.SMTPException, OSError):
            logger.exception("A mail may or may not have been sent")
            self.connection = get_connection()
            return Outcome(DeliveryState.IN_DOUBT, UNKNOWN_WHETHER)
        return Outcome(DeliveryState.SENT)


def refused_with(code: int, said: Any, *, of_address: bool = True) -> Outcome:
    """4xx may pass; 5xx does not."""
    words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    problem = f"The mail server refused it: {code} {words}"[:500]
    if 400 <= code < 500:
        return Outcome(DeliveryState.WAITING, problem)
    return Outcome(DeliveryState.FAILED, problem, of_address and code in NO_MAILBOX)
