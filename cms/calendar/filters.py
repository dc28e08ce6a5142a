"""Which part of the calendar someone looks at, as the address says it, and how it leads on."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page

from cms.admin.subjects import snippet_models_shown_to
from cms.calendar.entries import Entry
from cms.calendar.sources import kinds_of_entries
from cms.releases.models import Release
from pages import clock

__all__ = ["Shown", "people", "shown", "types"]

VIEWS = {"month": "Month", "week": "Week", "day": "Day", "list": "List"}
EARLIEST, LATEST = date(1990, 1, 1), date(2999, 12, 31)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    view: str
    day: date
    kind: str = ""
    type: str = ""
    person: str = ""

    # Its days

    @property
    def first(self) -> date:
        """Where it begins; a month is shown in whole weeks, each of which begins with Monday."""
        if self.view == "list":
            return self.day.replace(day=1)
        if self.view == "day":
            return self.day
        first = self.day.replace(day=1) if self.view == "month" else self.day
        return first - timedelta(days=first.weekday())

    @property
    def last(self) -> date:
        if self.view == "day":
            return self.day
        if self.view == "week":
            return self.first + timedelta(days=6)
        last = self.day.replace(day=calendar.monthrange(self.day.year, self.day.month)[1])
        return last if self.view == "list" else last + timedelta(days=6 - last.weekday())

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def start(self) -> datetime:
        return beginning_of(self.first)

    @property
    def end(self) -> datetime:
        return beginning_of(self.last + A_DAY)

    @property
    def title(self) -> str:
        if self.view == "day":
            return date_format(self.day, "l j F Y")
        if self.view == "week":
            return f"{date_format(self.first, 'j F')} to {date_format(self.last, 'j F Y')}"
        return date_format(self.day, "F Y")

    # Where it leads

    def url(self, **changes: Any) -> str:
        there = replace(self, **changes)
        asked = {
            "view": there.view,
            "date": there.day.isoformat(),
            "kind": there.kind,
            "type": there.type,
            "person": there.person,
        }
        query = {name: value for name, value in asked.items() if value}
        return f"{reverse('calendar')}?{urlencode(query)}"

    @property
    def previous_url(self) -> str:
        first = self.day.replace(day=1) if self.view in ("month", "list") else self.first
        return self.url(day=max(first - A_DAY, EARLIEST))

    @property
    def next_url(self) -> str:
        last = self.last if self.view in ("day", "week") else replace(self, view="list").last
        return self.url(day=min(last + A_DAY, LATEST))

    @property
    def today_url(self) -> str:
        return self.url(day=today())

    @property
    def views(self) -> list[tuple[str, str, bool]]:
        return [(label, self.url(view=view), view == self.view) for view, label in VIEWS.items()]

    @property
    def unfiltered_url(self) -> str:
        return self.url(kind="", type="", person="")

    @property
    def step(self) -> str:
        return "month" if self.view == "list" else self.view

    # What is in it

    def holds(self, entry: Entry) -> bool:
        return (
            entry.first_day <= self.last
            and entry.last_day >= self.first
            and self.kind in ("", entry.kind)
            and self.type in ("", type_of(entry))
            and (not self.person or self.person in map(str, entry.people))
        )


def type_of(entry: Entry) -> str:
    return entry.subject.model._meta.label_lower


def beginning_of(day: date) -> datetime:
    """The moment with which a day begins in the active zone; some days have no midnight."""
    return datetime.combine(day, time(), timezone.get_current_timezone())


def today() -> date:
    return timezone.localdate(clock.now())


# What can be asked for


def types(user: AbstractBaseUser) -> dict[str, str]:
    """Kinds of content by name, of those that this person may meet."""
    pages = [model for model in apps.get_models() if issubclass(model, Page) and model is not Page]
    releases = [Release] if user.has_perm("publishing.view_release") else []
    models = [*pages, *snippet_models_shown_to(user), *releases]
    names = {model._meta.label_lower: model._meta.verbose_name.capitalize() for model in models}
    return dict(sorted(names.items(), key=lambda each: each[1]))


def people(entries: Iterable[Entry]) -> dict[str, str]:
    """Names of those who work in the admin, and of others who are behind what is shown."""
    behind = {person for entry in entries for person in entry.people}
    working = Q(is_superuser=True) | Q(
        groups__permissions__codename="access_admin",
        groups__permissions__content_type__app_label="wagtailadmin",
    )
    users = get_user_model()._default_manager.filter(Q(pk__in=behind) | Q(working, is_active=True))
    names = {str(user.pk): get_user_display_name(user) for user in users.distinct()}
    return dict(sorted(names.items(), key=lambda each: each[1].lower()))


def shown(query: QueryDict, user: AbstractBaseUser) -> tuple[Shown, list[str]]:
    """What is asked for, and in words what of it cannot be shown."""
    problems = []
    view, kind, content_type, person = (
        query.get(name, "") for name in ("view", "kind", "type", "person")
    )
    if view not in VIEWS:
        problems += [f"There is no view “{view}”, so this is the month."] if view else []
        view = "month"
    day = day_of(query.get("date", ""))
    if day is None:
        problems.append("The address names no day that the calendar has, so this is today.")
        day = today()
    if kind and kind not in kinds_of_entries():
        problems.append("There is no such kind of entry, so all kinds are shown.")
        kind = ""
    if content_type and content_type not in types(user):
        problems.append("There is no such type of content, so all types are shown.")
        content_type = ""
    return Shown(view, day, kind, content_type, person), problems


def day_of(text: str) -> date | None:
    if not text:
        return today()
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and EARLIEST <= day <= LATEST else None
