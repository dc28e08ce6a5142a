"""Timing tokens: who sends an answer has begun with the form a while before.

A token is of one form and kept nowhere. It says when it was given, signed, so that a program has
to come twice and wait in between, and cannot store tokens for later.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core import signing

from cms.submissions.errors import FormError, FormErrorCode

__all__ = ["VALID_FOR", "file_token_for", "path_of_file_token", "problem_of_token", "token_for"]

SALT = "cms.submissions.tokens"
FILES = "cms.submissions.tokens.files"
# Nobody reads a form and answers it sooner.
FASTEST = timedelta(seconds=2)
VALID_FOR = timedelta(hours=24)
REFUSED = "This token is of another form, or too old: ask for one with startForm, and send again."
TOO_FAST = "That was faster than people are: send it again in a moment."


def token_for(form: int, *, at: datetime) -> str:
    return signing.dumps([form, int(at.timestamp())], salt=SALT)


def problem_of_token(token: str, form: int, *, at: datetime) -> FormError | None:
    try:
        of_form, seconds = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return FormError(FormErrorCode.START_AGAIN, REFUSED)
    begun = datetime.fromtimestamp(seconds, UTC)
    if of_form != form or at - begun > VALID_FOR:
        return FormError(FormErrorCode.START_AGAIN, REFUSED)
    if at - begun < FASTEST:
        return FormError(FormErrorCode.TOO_FAST, TOO_FAST, retry_after=2)
    return None


def file_token_for(path: str, *, at: datetime) -> str:
    """To send files to a form with: it tells the form's path, and is a part of an address."""
    return signing.dumps([path, int(at.timestamp())], salt=FILES)


def path_of_file_token(token: str, *, at: datetime) -> str | None:
    try:
        path, seconds = signing.loads(token, salt=FILES)
    except signing.BadSignature:
        return None
    return path if at - datetime.fromtimestamp(seconds, UTC) <= VALID_FOR else None
