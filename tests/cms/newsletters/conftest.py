from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cms.newsletters.mail_server import MailServer


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    """Mails of the test go to it."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = False
    yield server
    server.stop()
