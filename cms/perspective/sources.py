"""What the clock alone changes for readers, from several sources.

The perspective enumerates none of them: each kind of scheduled change registers itself here when
its app is ready.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet

from cms.perspective.audience import Audience
from cms.perspective.changes import Change, NewRedirect

__all__ = ["PendingChange", "Source", "in_order", "register_source", "sources"]

Due = TypeVar("Due")

# When it is due, which object or address it is about, and what readers see from then on.
PendingChange = tuple[datetime, tuple[int, str], Change | NewRedirect]


class Source(ABC):
    """Something that changes what readers see once a moment has come."""

    @abstractmethod
    def due(self, moment: datetime) -> Iterable[PendingChange]:
        """What readers see from a moment on in the place of what is published.

        In any order, but of one moment in that in which it is made permanent.
        """

    @abstractmethod
    def go_live_moments(self) -> QuerySet | None:
        """When what this source brings is due, the first one first; in one column.

        None if visibility already follows the clock, so that nothing has to be laid over.
        """

    @abstractmethod
    def moments(self, after: datetime, audience: Audience) -> Iterable[datetime | None]:
        """When, after a moment, the clock changes what these readers see. Never too late."""

    @abstractmethod
    def past_moments(self, until: datetime, audience: Audience) -> Iterable[datetime | None]:
        """When, up to a moment, the clock changed what they see, and it is not permanent yet."""


registered: list[Source] = []


def register_source(source: Source) -> None:
    """Of what changes at one moment, its changes come after those of sources registered before."""
    registered.append(source)


def sources() -> Iterator[Source]:
    yield from registered


def in_order(due: Iterable[Due], moment_of: Callable[[Due], datetime]) -> list[Due]:
    """What is due, source by source, in the order in which it takes effect.

    By moment; of one moment by source, and in the order in which a source gives it. Of two changes
    to one object the last is what readers see, and what the scheduler writes last: both ask here.
    """
    return sorted(due, key=moment_of)
