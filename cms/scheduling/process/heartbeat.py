"""Whether schedulers are at work: each says so every few seconds."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

from django.db.models import Max

from cms.scheduling.models import Heartbeat
from pages import clock

__all__ = ["Pulse", "last_beat", "silent"]

BETWEEN_BEATS = timedelta(seconds=10)
SILENT_AFTER = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(days=1)


class Pulse:
    """Of one scheduler."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.beaten_at: datetime | None = None

    def beat(self) -> None:
        now = clock.now()
        if self.beaten_at is not None and now - self.beaten_at < BETWEEN_BEATS:
            return
        if self.beaten_at is None:
            Heartbeat.objects.filter(beaten_at__lt=now - FORGOTTEN_AFTER).delete()
        Heartbeat.objects.update_or_create(name=self.name, defaults={"beaten_at": now})
        self.beaten_at = now


def last_beat() -> datetime | None:
    return Heartbeat.objects.aggregate(last=Max("beaten_at"))["last"]


def silent(beaten_at: datetime | None) -> bool:
    return beaten_at is None or clock.now() - beaten_at > SILENT_AFTER
