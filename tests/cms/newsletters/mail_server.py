"""A mail server on loopback that keeps what it is given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from email import message_from_bytes, policy
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP

__all__ = ["MailServer"]


class MailServer:
    """``refuse`` may answer an address with a line of SMTP, ``refuse_sender`` and ``refuse_mail``
    a sender and a mail. ``asked`` has each address that it was asked for; ``take`` is called with
    each mail.
    """

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.asked: list[str] = []
        self.refuse: Callable[[str], str | None] = lambda address: None
        self.refuse_sender: Callable[[str], str | None] = lambda address: None
        self.refuse_mail: Callable[[], str | None] = lambda: None
        self.take: Callable[[], None] = lambda: None
        self.loop = asyncio.new_event_loop()
        listening = self.loop.create_server(self.session, "127.0.0.1", 0)
        self.server = self.loop.run_until_complete(listening)
        self.port: int = self.server.sockets[0].getsockname()[1]
        self.thread = Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def session(self) -> SMTP:
        """Whoever signs in is refused."""
        return SMTP(self, loop=self.loop, auth_require_tls=False, auth_callback=lambda *_: False)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    def recipients(self) -> list[str]:
        return [mail["To"] for mail in self.mails]

    async def handle_MAIL(self, server, session, envelope, address, options):
        refused = self.refuse_sender(address)
        if refused:
            return refused
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked.append(address)
        refused = self.refuse(address)
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        refused = self.refuse_mail()
        if refused:
            return refused
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.take()
        return "250 OK"
