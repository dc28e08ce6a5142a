"""One mail to one address, and what the mail server said (RFC 5321), and of whom (RFC 3463).

A refusal is about the address only if the server says so. Else it may be about us: our sender, our
right to send by this server, our mail. Then each address would be answered alike.

- 4xx, at any point, is for now.
- An address is not there if its own ``RCPT`` is refused with 5.1.x (but 5.1.0, 5.1.7 and 5.1.8, by
  which servers refuse senders) or 5.2.1.
- It may be not there if that is refused with 550, 551 or 553, and neither a status nor words say
  why.
- This mail is refused to this address with 5.2.x, or 552 without a status, as of a full mailbox.
- All mails are refused where ``MAIL`` is, or what we sign in with.
- Any other 5xx, as 5.7.x, may be of either. Who reads what comes next knows: see ``sending``.

Each has the headers by which mail programs offer to unsubscribe with one click (RFC 2369,
RFC 8058), and a Message-ID that follows from the mailing and the subscriber.
"""

from __future__ import annotations

import logging
import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from enum import Enum, auto
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from cms.newsletters.composing import Mail
from cms.newsletters.models import Delivery
from cms.subscriptions.mails import address_of

__all__ = ["AllRefused", "Outcome", "Transport", "Verdict", "message_of"]

logger = logging.getLogger(__name__)

# Who has not signed in, or not as the server wants it (RFC 4954, 6).
NOT_SIGNED_IN = (530, 534, 535, 538)
# First in an answer, or at its end as qmail writes it: (#5.1.1).
ENHANCED_STATUS = re.compile(r"(?:^|#)5\.(\d{1,3})\.(\d{1,3})\b")
# RFC 3463, 3.2. Servers refuse senders with them, even where the recipient is named.
OF_SENDERS = (0, 7, 8)
MAILBOX_DISABLED = (2, 1)
# Of servers that write no status.
WORDS_ABOUT_US = re.compile(r"relay|rcpthosts|authentic|sender", re.IGNORECASE)
LONGEST_WORDS = 400
UNKNOWN_WHETHER = "The connection to the mail server ended while it was taking the mail."


class AllRefused(Exception):
    """What the mail server says of us, in its own words; it takes no mail until that is mended."""


class Verdict(Enum):
    TAKEN = auto()
    IN_DOUBT = auto()
    NOT_NOW = auto()
    NO_MAILBOX = auto()
    PERHAPS_NO_MAILBOX = auto()
    THIS_REFUSED = auto()
    PERHAPS_ALL_REFUSED = auto()
    ALL_REFUSED = auto()


# Of recipients (RFC 5321, 4.2.3), where the server says no more than that.
WITHOUT_STATUS = {
    **dict.fromkeys((550, 551, 553), Verdict.PERHAPS_NO_MAILBOX),
    552: Verdict.THIS_REFUSED,
}


@dataclass(frozen=True)
class Outcome:
    verdict: Verdict
    # What the mail server said, if it did not take the mail.
    words: str = ""


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
        """Whether the server is there, before a mail is marked: then nothing is in doubt.

        Raises ``AllRefused`` if it does not let us sign in.
        """
        server = getattr(self.connection, "connection", None)
        try:
            if server is not None and server.noop()[0] == 250:
                return True
            self.connection.close()
            self.connection.open()
        except smtplib.SMTPAuthenticationError as refused:
            logger.warning("The mail server does not let us sign in", exc_info=True)
            with suppress(OSError, smtplib.SMTPException):
                self.connection.close()
            self.connection = get_connection()
            if is_for_now(refused.smtp_code):
                return False
            raise AllRefused(in_words(refused.smtp_code, refused.smtp_error)) from refused
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
            return outcome_of(code, said, verdict_on_recipient)
        except smtplib.SMTPSenderRefused as refused:
            return outcome_of(refused.smtp_code, refused.smtp_error, verdict_on_sender)
        except smtplib.SMTPDataError as refused:
            return outcome_of(refused.smtp_code, refused.smtp_error, verdict_on_content)
        except (smtplib.SMTPException, OSError):
            logger.exception("A mail may or may not have been sent")
            self.connection = get_connection()
            return Outcome(Verdict.IN_DOUBT, UNKNOWN_WHETHER)
        return Outcome(Verdict.TAKEN)


def outcome_of(code: int, said: Any, judge: Callable[[int, str], Verdict]) -> Outcome:
    words = in_words(code, said)
    if is_for_now(code):
        return Outcome(Verdict.NOT_NOW, words)
    if code in NOT_SIGNED_IN:
        return Outcome(Verdict.ALL_REFUSED, words)
    return Outcome(judge(code, words.partition(" ")[2]), words)


def is_for_now(code: int) -> bool:
    return 400 <= code < 500


def in_words(code: int, said: Any) -> str:
    """On one line, and nothing that a database or a screen cannot take."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    words = " ".join(f"{code} {text}".split())
    return "".join(each for each in words if each.isprintable())[:LONGEST_WORDS]


def verdict_on_sender(code: int, words: str) -> Verdict:
    return Verdict.ALL_REFUSED


def verdict_on_recipient(code: int, words: str) -> Verdict:
    status = status_in(words)
    if status is None:
        if WORDS_ABOUT_US.search(words):
            return Verdict.PERHAPS_ALL_REFUSED
        return WITHOUT_STATUS.get(code, Verdict.PERHAPS_ALL_REFUSED)
    subject, detail = status
    if status == MAILBOX_DISABLED or (subject == 1 and detail not in OF_SENDERS):
        return Verdict.NO_MAILBOX
    return Verdict.THIS_REFUSED if subject == 2 else Verdict.PERHAPS_ALL_REFUSED


def verdict_on_content(code: int, words: str) -> Verdict:
    """The recipient was taken by then, yet some servers look only now whether it is there."""
    status = status_in(words)
    of_address = status is not None and status[0] in (1, 2) and status[1] not in OF_SENDERS
    return Verdict.THIS_REFUSED if of_address else Verdict.PERHAPS_ALL_REFUSED


def status_in(words: str) -> tuple[int, int] | None:
    found = ENHANCED_STATUS.search(words)
    return (int(found[1]), int(found[2])) if found else None
