"""Why an answer was not taken: a code for programs, a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["FormError", "FormErrorCode"]


class FormErrorCode(StrEnum):
    """Why a form did not take what was sent. From `UNKNOWN_QUESTION` on it is one answer."""

    FORM_NOT_OPEN = "FORM_NOT_OPEN"
    START_AGAIN = "START_AGAIN"
    TOO_FAST = "TOO_FAST"
    LOOKS_AUTOMATED = "LOOKS_AUTOMATED"
    RATE_LIMITED = "RATE_LIMITED"
    KEY_REFUSED = "KEY_REFUSED"
    KEY_REUSED = "KEY_REUSED"
    UNKNOWN_QUESTION = "UNKNOWN_QUESTION"
    ANSWERED_TWICE = "ANSWERED_TWICE"
    REQUIRED = "REQUIRED"
    CONSENT_REQUIRED = "CONSENT_REQUIRED"
    INVALID = "INVALID"
    NOT_A_CHOICE = "NOT_A_CHOICE"
    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    TOO_SMALL = "TOO_SMALL"
    TOO_LARGE = "TOO_LARGE"
    TOO_FEW_CHOICES = "TOO_FEW_CHOICES"
    TOO_MANY_CHOICES = "TOO_MANY_CHOICES"
    TOO_EARLY = "TOO_EARLY"
    TOO_LATE = "TOO_LATE"
    FILE_REFUSED = "FILE_REFUSED"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FILE_NOT_FOUND = "FILE_NOT_FOUND"
    TOO_FEW_FILES = "TOO_FEW_FILES"
    TOO_MANY_FILES = "TOO_MANY_FILES"


@dataclass(frozen=True)
class FormError:
    code: FormErrorCode
    message: str
    # The key of the question, if it is about one.
    clean_name: str | None = None
    # Seconds until it is worth another try.
    retry_after: int | None = None
