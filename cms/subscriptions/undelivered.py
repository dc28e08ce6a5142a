"""What became of mails that were not delivered: nobody writes to those addresses again."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.functions import Lower

from cms.subscriptions.joining import enter
from cms.subscriptions.models import Subscriber, SubscriberState

__all__ = ["record"]


def record(addresses: Iterable[str], state: SubscriberState) -> int:
    """On the lists of all sites; how many of the addresses are on one."""
    wanted = {each.lower() for each in addresses}
    rows = Subscriber.objects.alias(lower=Lower("email")).filter(lower__in=wanted)
    found = list(rows.select_for_update())
    for subscriber in found:
        # Whoever has complained stays known as that.
        if subscriber.state not in (state, SubscriberState.COMPLAINED):
            enter(subscriber, state)
    return len({each.email.lower() for each in found})
