"""Counts what did not succeed, and says when there was too much of it."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.db.models import F, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pages import clock

__all__ = [
    "COOL_OFF",
    "OF_ACCOUNT",
    "OF_ACCOUNT_AT_ADDRESS",
    "OF_ADDRESS",
    "Attempts",
    "account_key",
    "current",
    "mail_key",
    "too_many_attempts",
]

logger = logging.getLogger(__name__)

COOL_OFF = timedelta(minutes=15)

# Failures within that time. Who shares an office's address is not locked out by a colleague, nor an
# account everywhere by whoever knows its name, unless there are many.
OF_ACCOUNT_AT_ADDRESS = 5
OF_ADDRESS = 30
OF_ACCOUNT = 100

LONGEST_KEY = 255


def account_key(text: str | None) -> str:
    """The name of an account, or what else a password is tried for, alike however it is typed."""
    return (text or "").replace("\0", "").strip().casefold()[:LONGEST_KEY]


def mail_key(email: str | None) -> str:
    """What mails for a lost password are counted under, which are asked for by an address."""
    return account_key(f"mail for {account_key(email)}")


def current() -> Any:
    """Failures that count."""
    return AccessAttempt.objects.filter(attempt_time__gt=clock.now() - COOL_OFF)


class Attempts(AxesDatabaseHandler):
    """Stores as little as it needs: one row of an account at an address, for as long as it counts.

    Attempts that are under way at once have all been allowed before one of them is counted. The
    server makes one at a time in each of its processes, so that there are no more of them.
    """

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        of_account = Q(username=account_key((credentials or {}).get("username")))
        of_address = Q(ip_address=request.axes_ip_address)
        found = current().filter(of_account | of_address)
        failures = {
            name: Sum("failures_since_start", filter=which, default=0)
            for name, which in {
                "both": of_account & of_address,
                "address": of_address,
                "account": of_account,
            }.items()
        }
        counted = found.aggregate(**failures)
        return (
            counted["both"] >= OF_ACCOUNT_AT_ADDRESS
            or counted["address"] >= OF_ADDRESS
            or counted["account"] >= OF_ACCOUNT
        )

    def user_login_failed(
        self, sender: Any, credentials: dict, request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        # What is refused while locked does not make it longer: the time that was told is kept.
        if request is None or request.axes_locked_out:
            return
        account, address = account_key(credentials.get("username")), request.axes_ip_address
        self.count(account, address)
        logger.warning("Wrong password for “%s” from %s", account, address or "an unknown address")
        if self.is_locked(request, credentials):
            logger.warning("Too many wrong passwords: “%s” from %s has to wait", account, address)

    def count(self, account: str, address: str | None) -> None:
        AccessAttempt.objects.filter(attempt_time__lte=clock.now() - COOL_OFF).delete()
        attempt, _ = AccessAttempt.objects.get_or_create(
            username=account, ip_address=address, defaults={"failures_since_start": 0}
        )
        AccessAttempt.objects.filter(pk=attempt.pk).update(
            failures_since_start=F("failures_since_start") + 1, attempt_time=clock.now()
        )

    def forget(self, account: str | None, address: str | None) -> None:
        """Of this account at this address alone, so that nobody's own account clears an address."""
        AccessAttempt.objects.filter(username=account_key(account), ip_address=address).delete()

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        self.forget(user.get_username(), request.axes_ip_address)

    def user_logged_out(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        """That is of no account here."""

    def reset_attempts(self, *, username: str | None = None, **kwargs: Any) -> int:
        """What ``manage.py axes_reset_username`` and its kin ask for."""
        return super().reset_attempts(username=username and account_key(username), **kwargs)


def too_many_attempts(request: HttpRequest, *_: Any) -> HttpResponse:
    """The same for every name, whether or not there is an account of that name."""
    minutes = int(COOL_OFF.total_seconds() // 60)
    response = render(request, "admin/too_many_attempts.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(int(COOL_OFF.total_seconds()))
    response["Cache-Control"] = "no-store"
    return response
