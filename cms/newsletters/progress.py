"""How far a mailing is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Count

from cms.newsletters.models import Delivery, DeliveryState, Mailing, MailingState
from cms.newsletters.steps import to_retry
from pages import clock

__all__ = ["Progress", "progress_of", "progress_of_all"]

NAMED = 100
# By then something is wrong with the worker.
LONG = timedelta(minutes=5)


@dataclass(frozen=True)
class Progress:
    mailing: Mailing
    # By ``DeliveryState``.
    counts: dict[Any, int]
    # Some of those that failed, with their subscribers.
    failed: list[Delivery]
    # Of those that failed, how many may be tried again.
    to_retry: int = 0

    @property
    def all(self) -> int:
        return sum(self.counts.values()) - self.counts.get(DeliveryState.LEFT_OUT, 0)

    @property
    def sent(self) -> int:
        return self.counts.get(DeliveryState.SENT, 0)

    @property
    def failures(self) -> int:
        return self.counts.get(DeliveryState.FAILED, 0)

    @property
    def in_doubt(self) -> int:
        return self.counts.get(DeliveryState.IN_DOUBT, 0)

    @property
    def left_out(self) -> int:
        return self.counts.get(DeliveryState.LEFT_OUT, 0)

    @property
    def pending(self) -> bool:
        return self.mailing.state in (MailingState.WAITING, MailingState.SENDING)

    @property
    def paused(self) -> bool:
        return self.mailing.state == MailingState.PAUSED

    @property
    def late(self) -> bool:
        due = self.mailing.due_at
        return self.pending and due is not None and clock.now() - due > LONG


def progress_of_all(mailings: Sequence[Mailing]) -> list[Progress]:
    """Of none of them which failed."""
    counts: dict[int, dict[Any, int]] = {each.pk: {} for each in mailings}
    counted = Delivery.objects.filter(mailing__in=counts).order_by()
    for key, state, count in counted.values_list("mailing", "state").annotate(Count("pk")):
        counts[key][state] = count
    return [Progress(each, counts[each.pk], failed=[]) for each in mailings]


def progress_of(mailing: Mailing) -> Progress:
    [progress] = progress_of_all([mailing])
    failed = mailing.deliveries.filter(state=DeliveryState.FAILED).select_related("subscriber")
    again = to_retry(mailing).count() if mailing.state == MailingState.DONE else 0
    return replace(progress, failed=list(failed.order_by("pk")[:NAMED]), to_retry=again)
