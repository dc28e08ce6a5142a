"""Where an account is locked out by what was tried for it, until when, and how to forget that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.models import AbstractUser
from django.db.models import Q

from cms.admin.sign_in.attempts import (
    COOL_OFF,
    OF_ACCOUNT,
    OF_ACCOUNT_AT_ADDRESS,
    OF_ADDRESS,
    account_key,
    current,
    mail_key,
)

__all__ = ["LockOut", "LockedAddress", "forget_failures", "keys_of", "lock_out_of"]


@dataclass(frozen=True)
class LockedAddress:
    address: str | None
    until: datetime

    def __str__(self) -> str:
        return self.address or "an unknown address"


@dataclass(frozen=True)
class LockOut:
    everywhere: datetime | None
    at: tuple[LockedAddress, ...]

    def __bool__(self) -> bool:
        return bool(self.everywhere or self.at)


def keys_of(account: AbstractUser) -> set[str]:
    """What is counted of an account: passwords for its name, and mails for a lost password."""
    mails = {mail_key(account.email)} if account.email else set()
    return {account_key(account.username), *mails}


def lock_out_of(account: AbstractUser) -> LockOut:
    """An address counts that others have helped to lock, but not one that they locked alone.

    What is tried at a locked address is not written down: nobody knows who is kept out there.
    """
    own = current().filter(username__in=keys_of(account)).order_by("ip_address")
    own_at = grouped(own, by="ip_address")
    there = Q(ip_address=None) | Q(ip_address__in=own_at.keys() - {None})
    all_at = grouped(current().filter(there), by="ip_address")
    ends = {
        address: latest(
            end_for_a_key(tried, OF_ACCOUNT_AT_ADDRESS), end_of(all_at[address], OF_ADDRESS)
        )
        for address, tried in own_at.items()
    }
    at = [LockedAddress(address, end) for address, end in ends.items() if end]
    return LockOut(end_for_a_key(own, OF_ACCOUNT), tuple(at))


def grouped(attempts: Iterable[AccessAttempt], *, by: str) -> dict[Any, list[AccessAttempt]]:
    found = defaultdict(list)
    for each in attempts:
        found[getattr(each, by)].append(each)
    return found


def latest(*moments: datetime | None) -> datetime | None:
    return max(filter(None, moments), default=None)


def end_for_a_key(attempts: Iterable[AccessAttempt], limit: int) -> datetime | None:
    return latest(*(end_of(tried, limit) for tried in grouped(attempts, by="username").values()))


def end_of(attempts: Iterable[AccessAttempt], limit: int) -> datetime | None:
    """When fewer failures count than the limit; None if that is so already."""
    counted = sorted(attempts, key=lambda each: each.attempt_time)
    left, end = sum(each.failures_since_start for each in counted), None
    for each in counted:
        if left < limit:
            break
        left -= each.failures_since_start
        end = each.attempt_time + COOL_OFF
    return end


def forget_failures(account: AbstractUser) -> None:
    AccessAttempt.objects.filter(username__in=keys_of(account)).delete()
