from typing import Any

from django import template

from cms.admin.times import time_zones
from cms.admin.times.notes import Note
from cms.admin.times.notes import note_on as note_on_text

register = template.Library()

register.simple_tag(time_zones.zone_in_words)
register.simple_tag(time_zones.zone_name)
register.filter(time_zones.local_moment)


@register.simple_tag
def note_on(text: str | None) -> Note:
    return note_on_text(text or "")


@register.simple_tag
def describe_by_time_zone(widget: dict[str, Any]) -> str:
    """Tell assistive technology that a note describes the input; returns the note's id."""
    attributes = widget["attrs"]
    note_id = f"{attributes.get('id') or widget['name']}-time-zone"
    others = attributes.get("aria-describedby")
    attributes["aria-describedby"] = f"{others} {note_id}" if others else note_id
    return note_id
