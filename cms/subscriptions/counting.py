"""How many ask to join within an hour: of a site, and from one address."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from cms.submissions.counting import count, hashed, seconds_until_free

__all__ = ["count_request", "seconds_to_wait"]


def seconds_to_wait(site: int, client_address: str | None, *, at: datetime) -> int | None:
    return seconds_until_free(limits(site, client_address), at=at)


def count_request(site: int, client_address: str | None, *, at: datetime) -> None:
    count(limits(site, client_address), at=at)


def limits(site: int, client_address: str | None) -> dict[str, int]:
    """Those whose address is not told are counted together."""
    return {
        hashed("subscribers", str(site)): settings.SUBSCRIPTIONS_PER_HOUR,
        hashed(
            "subscribers from", str(site), client_address or ""
        ): settings.SUBSCRIPTIONS_PER_ADDRESS_PER_HOUR,
    }
