"""Forums as Markdown: all editions, and one. Whether one is over is left to its dates."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from pages.markdown.document import Answer, Document, Markdown, joined, label, link
from pages.markdown.parts import (
    LISTED,
    ORGANISATION,
    PERSON,
    TARGET,
    link_to,
    organisations,
    people,
)
from pages.markdown.writers import writes
from pages.models.forum import ForumFormat, ForumPage, ForumsPage

__all__ = ["forum", "forums"]

WHERE_AND_WHEN = "edition datePrecision startsAt endsAt timeZone dateText days format venue"


@writes(
    ForumsPage,
    asks=f"""
    introduction {{ markdown(firstHeading: 2) }}
    editions(first: {LISTED}) {{ totalCount nodes {{ {TARGET} dateText format venue }} }}
    """,
)
def forums(page: Document, found: Answer) -> None:
    page.text(found["introduction"])
    section = page.section("All forums")
    section.listed(found["editions"], lines_about(found["editions"]))


def lines_about(listed: Answer) -> Iterator[Markdown]:
    for forum in filter(None, listed["nodes"]):
        facts = joined([forum["dateText"], way_to_take_part(forum), forum["venue"]], ", ")
        yield joined([link_to(forum), facts], ": ")


def way_to_take_part(forum: Answer) -> str | None:
    return label(ForumFormat, forum["format"])


@writes(
    ForumPage,
    asks=f"""
    {WHERE_AND_WHEN} streamUrl registrationUrl playlistUrl
    summary {{ markdown(firstHeading: 2) }}
    outlook {{ markdown }}
    themes {{ heading text organisations {{ {ORGANISATION} }} }}
    talks {{
      heading text recordingUrl
      speakers {{ {PERSON} }}
      organisations {{ {ORGANISATION} }}
    }}
    """,
)
def forum(page: Document, found: Answer) -> None:
    page.facts(
        edition=found["edition"],
        date=found["dateText"],
        starts=moment_of(found, "startsAt"),
        ends=moment_of(found, "endsAt"),
        days=found["days"],
        taking_part=way_to_take_part(found),
        venue=found["venue"],
        registration=link(found["registrationUrl"], found["registrationUrl"]),
        livestream=link(found["streamUrl"], found["streamUrl"]),
        recordings=link(found["playlistUrl"], found["playlistUrl"]),
    )
    page.text(found["summary"])
    themes = page.section("Themes")
    for theme in filter(None, found["themes"]):
        section = themes.section(theme["heading"])
        section.paragraph(theme["text"])
        section.facts(contributed_by=organisations(theme["organisations"]))
    page.section("What it led to").text(found["outlook"])
    programme = page.section("Programme")
    for talk in filter(None, found["talks"]):
        section = programme.section(talk["heading"])
        section.facts(
            speakers=people(talk["speakers"]), organisations=organisations(talk["organisations"])
        )
        section.paragraph(talk["text"])
        if talk["recordingUrl"]:
            section.paragraph(link("Watch this talk", talk["recordingUrl"]))


def moment_of(forum: Answer, name: str) -> str | None:
    """With its offset, where the times are known: in words the date alone has no end."""
    if forum["datePrecision"] != "TIME" or not forum[name]:
        return None
    zone = ZoneInfo(forum["timeZone"])
    return datetime.fromisoformat(forum[name]).astimezone(zone).isoformat(timespec="minutes")
