"""Waits until something is due, the schedule changes, or someone says to stop."""

from __future__ import annotations

import os
import select
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from cms.scheduling.triggers import CHANNEL

__all__ = ["Alarm"]

# Longest waits: where the database tells of changes, and where it has to be asked for them.
SECONDS_WHEN_TOLD = 5.0
SECONDS_TO_ASK_AGAIN = 1.0


class Alarm:
    """PostgreSQL notifies it of changes, on a connection of its own; see the migrations.

    It stops when the other end of one of ``lifelines``, which are pipes, is closed.
    """

    def __init__(self, *, lifelines: tuple[int, ...] = ()) -> None:
        self.stopped = False
        self.lifelines = lifelines
        self.wake_reader, self.wake_writer = os.pipe()
        self.listener: psycopg.Connection[Any] | None = None
        # A pooler would give the connection to others as soon as it listens.
        keeps_sessions = settings.DATABASE_KEEPS_SESSIONS
        self.listens = connection.vendor == "postgresql" and keeps_sessions

    def stop(self) -> None:
        """May be called from a signal handler."""
        self.stopped = True
        os.write(self.wake_writer, b"!")

    def set(self) -> None:
        """Hear of what changes from here on: to be called before looking at what is due."""
        if self.listens and self.listener is None:
            with connection.wrap_database_errors:
                self.listener = psycopg.connect(
                    **connection.get_connection_params(), autocommit=True
                )
                self.listener.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> None:
        longest = SECONDS_WHEN_TOLD if self.listens else SECONDS_TO_ASK_AGAIN
        self.sleep(min(seconds, longest))
        if self.listener is not None:
            with connection.wrap_database_errors:
                for _notification in self.listener.notifies(timeout=0):
                    pass

    def sleep(self, seconds: float) -> None:
        """Wait without asking anything of the database, unless it says something by itself."""
        heard: list[Any] = [self.wake_reader, *self.lifelines]
        if self.listener is not None:
            heard.append(self.listener.fileno())
        if not self.stopped:
            ringing, _, _ = select.select(heard, [], [], max(seconds, 0))
            self.stopped |= not set(self.lifelines).isdisjoint(ringing)

    def lose_connection(self) -> None:
        if self.listener is not None:
            self.listener.close()
            self.listener = None
