"""How a leak of what ``secret_content`` hides is found in an answer."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from tests.cms.api.secret_content import HIDDEN

__all__ = ["secrets_in"]

NUMBER = re.compile(rb"(?<![0-9A-Za-z.-])\d+(?![0-9A-Za-z-])")
ENCODED = re.compile(rb'"([A-Za-z0-9_-]{6,}={0,2})"')


def secrets_in(told: bytes, hidden_ids: set[int]) -> set[str]:
    """Every mark of what is hidden, also where it is coded as cursors are."""
    found = set()
    for text in [told, *decoded(told)]:
        if HIDDEN.word.encode() in text.lower():
            found.add(HIDDEN.word)
        if f"{HIDDEN.year}-".encode() in text:
            found.add(str(HIDDEN.year))
        for number in {int(digits) for digits in NUMBER.findall(text)}:
            if number == HIDDEN.number or number in hidden_ids:
                found.add(str(number))
    return found


def decoded(told: bytes) -> Iterator[bytes]:
    for text in set(ENCODED.findall(told)):
        try:
            yield base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
        except binascii.Error:
            continue
