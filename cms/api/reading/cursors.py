"""Cursors as clients hold them: nobody can read what is in one, or make one.

A cursor marks a place between things that its bearer may not see, and holds keys of the database.
Each is encrypted and authenticated under a key that follows from the site's secret, by AES-SIV (RFC
5297), which needs no random number: so one place has one cursor, by which clients know pages of
lists again.
"""

from __future__ import annotations

import base64
import hmac
import json
from contextlib import suppress
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

__all__ = ["NotACursor", "opened", "sealed"]

PURPOSE = "cms.api.cursors"


class NotACursor(ValueError):
    """A text that was never given as a cursor, or under a secret that is not known any more."""


def sealed(values: list[Any]) -> str:
    plain = json.dumps(values, separators=(",", ":")).encode()
    encrypted = cipher_from(settings.SECRET_KEY).encrypt(plain, None)
    return base64.urlsafe_b64encode(encrypted).decode().rstrip("=")


def opened(cursor: str) -> list[Any]:
    """What was sealed. Raises ``NotACursor``."""
    try:
        encrypted = base64.b64decode(
            cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
    except ValueError as error:
        raise NotACursor(cursor) from error
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        with suppress(InvalidTag):
            return json.loads(cipher_from(secret).decrypt(encrypted, None))
    raise NotACursor(cursor)


@lru_cache(maxsize=8)
def cipher_from(secret: str) -> AESSIV:
    return AESSIV(hmac.digest(secret.encode(), PURPOSE.encode(), "sha512"))
