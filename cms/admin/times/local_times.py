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
from django.utils.formats import date_format
from wagtail.admin.widgets import AdminDateTimeInput

from cms.admin.times.notes import (
    SHOWN,
    as_entered,
    known_zone,
    naive,
    note_on,
    occurrences,
    skipped_in_words,
    with_offset,
)
from cms.admin.times.time_zones import zone_name
from pages import clock

__all__ = ["LocalDateTimeField", "LocalDateTimeInput"]


class LocalDateTimeInput(AdminDateTimeInput):
    """Offers both meanings of a time that comes twice, below the input."""

    zone: tzinfo | None = None
    # The id of the field that names the zone, for what is said while someone types.
    chosen_in = ""

    @classmethod
    def like(cls, other: AdminDateTimeInput) -> LocalDateTimeInput:
        return cls(
            attrs=other.attrs,
            format=other.format,
            js_overlay_parent_selector=other.js_overlay_parent_selector,
        )

    def use_zone(self, zone: tzinfo | None, chosen_in: str) -> None:
        self.zone, self.chosen_in = zone, chosen_in

    def value_from_datadict(self, data, files, name):
        text = super().value_from_datadict(data, files, name)
        offset = data.get(offset_name(name))
        local = as_entered(text or "")
        if not offset or local is None or not clock.is_near(local) or timezone.is_aware(local):
            return text
        if len(occurrences(local, zone_or_own(self.zone))) < 2:
            return text
        return f"{text} {offset}"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        text = widget["value"] or ""
        widget |= {
            "note": note_on(text, self.zone),
            "offset_name": offset_name(name),
            "chosen_in": self.chosen_in,
        }
        entered = as_entered(text)
        if entered and clock.is_near(entered) and timezone.is_aware(entered):
            widget["value"] = f"{naive(entered, zone_or_own(self.zone)):{SHOWN}}"
        return context


def offset_name(name: str) -> str:
    return f"{name}-offset"


def zone_or_own(zone: tzinfo | None) -> tzinfo:
    return zone or timezone.get_current_timezone()


class LocalDateTimeField(forms.DateTimeField):
    """A date with a time in the zone of whoever enters it, or another; its value is in UTC."""

    widget = LocalDateTimeInput
    zone: tzinfo | None = None
    default_error_messages = {
        "invalid": "Enter a date with a time, such as 2026-07-01 09:00.",
    }

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        # Some panels bring Wagtail's own input.
        if type(self.widget) is AdminDateTimeInput:
            required = self.widget.is_required
            self.widget = LocalDateTimeInput.like(self.widget)
            self.widget.is_required = required

    def use_zone(self, name: str | None, *, chosen_in: str) -> None:
        """Times are in this zone, which another field of the form names."""
        self.zone = known_zone(name)
        if isinstance(self.widget, LocalDateTimeInput):
            self.widget.use_zone(self.zone, chosen_in)

    def prepare_value(self, value):
        if not isinstance(value, datetime) or timezone.is_naive(value):
            return super().prepare_value(value)
        zone = zone_or_own(self.zone)
        local = naive(value, zone)
        return with_offset(value, zone) if len(occurrences(local, zone)) == 2 else local

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
        zone = zone_or_own(self.zone)
        moments = occurrences(entered, zone)
        if not moments:
            raise ValidationError(skipped_in_words(entered, zone), code="skipped")
        if len(moments) == 2:
            raise ValidationError(repeated_in_words(entered, moments, zone), code="repeated")
        return moments[0]

    def read(self, value: Any) -> datetime:
        """What was entered; without an offset, unless one was entered too."""
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time())
        # Past Django's own interpretation of what has no offset.
        return as_entered(value) or super(forms.DateTimeField, self).to_python(value)


def repeated_in_words(local: datetime, moments: list[datetime], zone: tzinfo) -> str:
    first, second = (with_offset(moment, zone) for moment in moments)
    return (
        f"{local:%H:%M} comes twice on {date_format(local, 'j F Y')} in {zone_name(zone)}: "
        f"clocks go back. Choose one of the two below, or enter “{first}” for the first "
        f"or “{second}” for the second."
    )
