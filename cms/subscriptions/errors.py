"""Why nobody was subscribed, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cms.admin.refusals.refusal import Refusal

__all__ = ["HasSubscribers", "SubscriptionError", "SubscriptionErrorCode"]


class SubscriptionErrorCode(Enum):
    """Why an address was not taken."""

    NOT_OFFERED = "NOT_OFFERED"
    CONSENT_REQUIRED = "CONSENT_REQUIRED"
    INVALID = "INVALID"
    LOOKS_AUTOMATED = "LOOKS_AUTOMATED"
    RATE_LIMITED = "RATE_LIMITED"


@dataclass(frozen=True)
class SubscriptionError:
    code: SubscriptionErrorCode
    message: str
    retry_after: int | None = None


class HasSubscribers(Refusal):
    """A site is not deleted while people wait for its newsletters."""

    code = "HAS_SUBSCRIBERS"

    def __init__(self, count: int):
        who = "1 person gets" if count == 1 else f"{count} people are on the list for"
        self.reasons = [f"{who} newsletters of this site: delete its subscribers before."]
        super().__init__(*self.reasons)
