"""Where the calendar's entries come from.

A source yields the entries between two moments, each as one person may see them, in a number of SQL
statements that does not depend on how many there are. A further sort of entry is one more source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from cms.calendar.entries import Entry
from cms.calendar.sources.completed import completed
from cms.calendar.sources.expiries import expiries
from cms.calendar.sources.forms import FORMS, forms
from cms.calendar.sources.forums import FORUMS, forums
from cms.calendar.sources.go_lives import go_lives
from cms.calendar.sources.others import others
from cms.calendar.sources.releases import releases
from cms.scheduling.kinds import kinds

__all__ = ["entries_between", "kinds_of_entries"]

SOURCES: tuple[Callable[[AbstractBaseUser, datetime, datetime], Iterable[Entry]], ...] = (
    go_lives,
    expiries,
    completed,
    releases,
    others,
    forums,
    forms,
)


def entries_between(user: AbstractBaseUser, start: datetime, end: datetime) -> list[Entry]:
    """What happens from one moment until before another, as far as someone may see it."""
    found = [entry for source in SOURCES for entry in source(user, start, end)]
    return sorted(found, key=lambda entry: (entry.at, entry.kind, entry.subject.title))


def kinds_of_entries() -> dict[str, str]:
    """What a filter calls the kinds of entries, by their names in addresses."""
    return dict([*((kind.slug, kind.words.plural) for kind in kinds()), FORUMS, FORMS])
