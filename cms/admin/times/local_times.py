"""Dates with times as editors enter them: in their own zone, and never at a time that is not one.

When clocks go forward an hour is skipped, and when they go back one comes twice. Django refuses
both. Here the field names the times on either side of what was skipped, and asks which one is meant
of what comes twice. Every form of the admin gets this field, in ``apps.py``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from wagtail.admin.widgets import AdminDateTimeInput

from cms.admin.times.time_zones import offset_at, zone_name
from pages import clock

__all__ = ["LocalDateTimeField", "LocalDateTimeInput", "occurrences"]

SHOWN = "%Y-%m-%d %H:%M"


def occurrences(local: datetime, zone: tzinfo) -> list[datetime]:
    """When clocks in a zone show a time: once, twice when they are put back, or never."""
    moments = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    shown = (moment for moment in moments if naive(moment, zone) == local)
    return sorted(shown)


def naive(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def as_entered(text: str) -> datetime | None:
    """A text in ISO 8601, with an offset or without."""
    try:
        return parse_datetime(text.strip())
    except ValueError:
        return None


def with_offset(moment: datetime) -> str:
    """As it can be entered where the time alone would not do: ``2026-10-25 02:30 +02:00``."""
    return f"{timezone.localtime(moment):{SHOWN}} {offset_at(moment).removeprefix('UTC')}"


class LocalDateTimeInput(AdminDateTimeInput):
    """Offers both meanings of a time that comes twice, below the input."""

    @classmethod
    def like(cls, other: AdminDateTimeInput) -> LocalDateTimeInput:
        return cls(
            attrs=other.attrs,
            format=other.format,
            js_overlay_parent_selector=other.js_overlay_parent_selector,
        )

    def value_from_datadict(self, data, files, name):
        text = super().value_from_datadict(data, files, name)
        offset = data.get(offset_name(name))
        local = as_entered(text or "")
        if not offset or local is None or not clock.is_near(local) or timezone.is_aware(local):
            return text
        if len(moments_of(local)) < 2:
            return text
        return f"{text} {offset}"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        entered = as_entered(widget["value"] or "")
        widget["offset_name"] = offset_name(name)
        if entered is None or not clock.is_near(entered):
            return context
        local, chosen = entered, None
        if timezone.is_aware(entered):
            local, chosen = naive(entered, timezone.get_current_timezone()), entered
            widget["value"] = f"{local:{SHOWN}}"
        moments = moments_of(local)
        if moments:
            widget["moment"] = chosen or moments[0]
        if len(moments) == 2:
            widget["occurrences"] = [
                {
                    "offset": with_offset(moment).rpartition(" ")[2],
                    "moment": moment,
                    "chosen": moment == chosen,
                }
                for moment in moments
            ]
        return context


def offset_name(name: str) -> str:
    return f"{name}-offset"


def moments_of(local: datetime) -> list[datetime]:
    return occurrences(local, timezone.get_current_timezone())


class LocalDateTimeField(forms.DateTimeField):
    """A date with a time in the zone of whoever enters it; its value is in UTC."""

    widget = LocalDateTimeInput

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        # Some panels bring Wagtail's own input.
        if type(self.widget) is AdminDateTimeInput:
            required = self.widget.is_required
            self.widget = LocalDateTimeInput.like(self.widget)
            self.widget.is_required = required

    def prepare_value(self, value):
        if isinstance(value, datetime) and timezone.is_aware(value):
            local = naive(value, timezone.get_current_timezone())
            if len(moments_of(local)) == 2:
                return with_offset(value)
        return super().prepare_value(value)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        entered = self.read(value)
        if not clock.is_near(entered):
            raise ValidationError(
                f"Enter a year from {clock.FIRST_YEAR} to {clock.LAST_YEAR}.", code="far_away"
            )
        if timezone.is_aware(entered):
            return entered.astimezone(UTC)
        moments = moments_of(entered)
        if not moments:
            raise ValidationError(skipped_in_words(entered), code="skipped")
        if len(moments) == 2:
            raise ValidationError(repeated_in_words(entered, moments), code="repeated")
        return moments[0]

    def read(self, value: Any) -> datetime:
        """What was entered; without an offset, unless one was entered too."""
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time())
        # Past Django's own interpretation of what has no offset.
        return as_entered(value) or super(forms.DateTimeField, self).to_python(value)


def skipped_in_words(local: datetime) -> str:
    zone = timezone.get_current_timezone()
    before, after = (
        local.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone) for fold in (1, 0)
    )
    return (
        f"{local:%H:%M} does not exist on {date_format(local, 'j F Y')} in {zone_name()}: "
        f"clocks go forward. Enter {before:{SHOWN}} ({offset_at(before)}) "
        f"or {after:{SHOWN}} ({offset_at(after)})."
    )


def repeated_in_words(local: datetime, moments: list[datetime]) -> str:
    first, second = map(with_offset, moments)
    return (
        f"{local:%H:%M} comes twice on {date_format(local, 'j F Y')} in {zone_name()}: "
        f"clocks go back. Choose one of the two below, or enter “{first}” for the first "
        f"or “{second}” for the second."
    )
