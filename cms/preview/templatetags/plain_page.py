"""How the parts of an answer are written for people: dates, choices, names, texts, findings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from graphql import GraphQLEnumType

from cms.api.schema.public import public_schema
from pages.findings.drawing import NotDrawn, drawn
from pages.questions.words import demands, steps
from pages.rich_text.blocks import Link, Target
from pages.rich_text.html import to_html
from pages.rich_text.parsing import parse
from pages.zones import place_name

register = template.Library()

Answer = dict[str, Any]

MARKUP = {ord(each): f"\\u{ord(each):04x}" for each in "<>&"}
WEB = ("https://", "http://")
OPEN_SECTIONS = {"ArticleHeading", "NewsletterHeading"}
INPUT_TYPES = {
    "EMAIL": "email",
    "NUMBER": "number",
    "URL": "url",
    "DATE": "date",
    "DATETIME": "datetime-local",
}


@register.filter
def choice(name: str | None, enum: str) -> str:
    """What one of an enum of the schema is called among people: ``CASE_STUDY``, a case study."""
    return enum_words(enum)[name] if name else ""


@cache
def enum_words(enum: str) -> dict[str, str]:
    kind = cast(GraphQLEnumType, public_schema().type_map[enum])
    return {name: cast(str, value.description) for name, value in kind.values.items()}


@register.filter
def full_name(person: Answer) -> str:
    """``Prof. Ada Rossi, Fellow``."""
    name = " ".join(filter(None, (person.get("title"), person.get("name"))))
    return ", ".join(filter(None, (name, person.get("distinction"))))


@register.simple_tag
def elsewhere(address: str | None, words: str) -> str:
    """A link to another site, if it is one: other addresses could run a script."""
    if not (address or "").startswith(WEB):
        return words
    return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', address, words)


# The head


@register.filter
def data_block(value: Any) -> SafeString:
    """JSON within an element that no text in it can end. Browsers do not run it."""
    written = json.dumps(value, ensure_ascii=False).translate(MARKUP)
    return mark_safe(written)  # noqa: S308 - it has no markup left


# Texts


@register.filter
def rich_text(text: Answer | None, above: int) -> SafeString:
    """Formatted text beneath a heading of a level."""
    content = parse(text["html"] if text else "")
    html = to_html(content, address_of, first_heading=above + 1)
    return mark_safe(html)  # noqa: S308 - it went through the allowlist


def address_of(link: Link) -> Target:
    """The API has found out where links lead."""
    return Target(link.address)


@register.filter
def with_levels(blocks: list[Answer | None]) -> Iterator[tuple[Answer, int]]:
    """The blocks of a text, each with the level of the heading that it stands beneath."""
    above = 1
    for block in filter(None, blocks):
        yield block, above
        if block["__typename"] in OPEN_SECTIONS:
            above = 2


# Dates


def marked_up(moment: str, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', moment, words)


@register.filter
def day(value: str) -> str:
    """A date, or the day of a moment."""
    return marked_up(value, date_format(datetime.fromisoformat(value)))


@register.filter
def moment(value: str) -> str:
    """A moment in the zone of the site."""
    local = timezone.localtime(datetime.fromisoformat(value))
    return marked_up(value, date_format(local, "j F Y, H:i e"))


@register.filter
def in_steps(fields: list[Answer | None]) -> Iterator[tuple[str | None, list[tuple]]]:
    """The questions of a form by its steps, each with what it demands in words."""
    questions = list(filter(None, fields))
    labels = {question["cleanName"]: question["label"] for question in questions}
    for title, asked in steps(questions):
        yield title, [(question, list(demands(question, labels))) for question in asked]


@register.filter
def forum_date(forum: Answer) -> str:
    """When a forum takes place, no finer than known, in the zone that it is announced in."""
    if not forum.get("startsAt"):
        return ""
    zone = ZoneInfo(forum["timeZone"])
    starts = datetime.fromisoformat(forum["startsAt"]).astimezone(zone)
    ends = datetime.fromisoformat(forum.get("endsAt") or forum["startsAt"]).astimezone(zone)
    if forum["datePrecision"] == "MONTH":
        return marked_up(f"{starts:%Y-%m}", date_format(starts, "F Y"))
    if forum["datePrecision"] == "TIME":
        return times(forum, starts, ends)
    # It ends where the day after its last begins.
    first, last = starts.date(), (ends - timedelta(microseconds=1)).date()
    days = [first] if last <= first else [first, last]
    return mark_safe(" to ".join(day(f"{each}") for each in days))  # noqa: S308 - marked up above


def times(forum: Answer, starts: datetime, ends: datetime) -> SafeString:
    one_day = starts.date() == ends.date()
    begins = marked_up(forum["startsAt"], date_format(starts, "DATETIME_FORMAT"))
    zone = forum["timeZone"]
    where = zone if zone == "UTC" else f"{place_name(zone)} time"
    if not forum.get("endsAt"):
        return format_html("{} ({})", begins, where)
    form = "TIME_FORMAT" if one_day else "DATETIME_FORMAT"
    return format_html(
        "{} to {} ({})", begins, marked_up(forum["endsAt"], date_format(ends, form)), where
    )


# Findings


@register.filter
def findings(question: Answer) -> dict[str, Any]:
    """The answers to a question, as the row of the table that each is and as what is measured."""
    options, table = question["options"], question["table"]
    rows = [
        {"rank": rank, "answer": answer, "share": share, "more": more, "option": option}
        for (rank, answer, share, *more), option in zip(table["rows"], options, strict=True)
    ]
    measured = any(option["percentage"] is not None for option in options)
    return {"rows": rows, "columns": table["columns"], "measured": measured}


@register.filter
def chart_drawn(chart: Answer) -> SafeString:
    """The chart as a frontend would draw it: that of a draft has no address."""
    try:
        svg = drawn(chart["vegaLite"]).decode()
    except NotDrawn:  # Its table says the same.
        return SafeString()
    return mark_safe(svg)  # noqa: S308 - Vega escapes what is written in it


# Forms


@register.filter
def input_type(question: Answer) -> str:
    return INPUT_TYPES.get(question["fieldType"], "text")


@register.filter
def as_lines(default: str | None) -> list[str]:
    """The choices that are made to begin with."""
    return (default or "").splitlines()
