"""What the clock alone changes for readers, from several sources.

The perspective enumerates none of them: each kind of scheduled change registers itself here when
its app is ready.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from cms.perspective.changes import Change, NewRedirect

__all__ = ["PendingChange", "Source", "register_source", "sources"]

# When it is due, which object or address it is about, and what readers see from then on.
PendingChange = tuple[datetime, tuple[int, str], Change | NewRedirect]


class Source(ABC):
    """Something that changes what readers see once a moment has come."""

    @abstractmethod
    def due(self, moment: datetime) -> Iterable[PendingChange]:
        """What readers see from a moment on in the place of what is published; not in order."""

    @abstractmethod
    def go_live_moments(self) -> QuerySet | None:
        """When what this source brings is due, the first one first; in one column.

        None if visibility already follows the clock, so that nothing has to be laid over.
        """

    @abstractmethod
    def moments(self, after: datetime) -> Iterable[datetime | None]:
        """When, after a moment, the clock changes what readers see. Never too late."""


registered: list[Source] = []


def register_source(source: Source) -> None:
    """Of two changes at one moment, the one whose source was registered later is seen."""
    registered.append(source)


def sources() -> Iterator[Source]:
    yield from registered
