"""The addresses at which forms take files: ``/forms/files/{token}/{question}/{key}``.

They are read before a body is, and before there are models: how large it may be follows from them.
"""

from __future__ import annotations

from django.conf import settings

from cms.submissions.tokens import path_of_file_token
from pages import clock

__all__ = ["largest_body", "parts_of"]


def largest_body(path: str) -> int | None:
    """How many bytes may be sent there; None where nobody was told to send any."""
    token, _, _ = parts_of(path)
    told = path_of_file_token(token, at=clock.now())
    return None if told is None else settings.FORM_FILE_MAX_SIZE


def parts_of(path: str) -> tuple[str, str, str]:
    """The token, the key of the question and that of the file, as far as they are there."""
    token, question, key, *_ = [*path.split("/")[3:], "", "", ""]
    return token, question, key
