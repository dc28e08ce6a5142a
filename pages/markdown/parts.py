"""What several types of pages show alike: people, organisations, pictures, links to pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pages.markdown.document import Answer, Markdown, joined, link, strong

__all__ = [
    "LISTED",
    "ORGANISATION",
    "PERSON",
    "PICTURE",
    "PICTURE_IN_MAIL",
    "TARGET",
    "affiliation",
    "authors",
    "full_name",
    "link_to",
    "organisations",
    "people",
    "points",
]

PICTURE = "alt image { url credit copyrightNotice licence }"
# As mails carry it: of a size, and in a format, that all mail programs take.
PICTURE_IN_MAIL = (
    "alt image { preset(name: TEXT) { fallback { url } } credit copyrightNotice licence }"
)
ORGANISATION = "name website"
PERSON = f"name title distinction jobTitle organisation {{ {ORGANISATION} }} website"


TARGET = "title url"
# Of a list that a page shows.
LISTED = 20


def link_to(page: Answer | None, words: str | None = None) -> Markdown:
    return link(words or page["title"], page["url"]) if page else Markdown()


def points(blocks: Iterable[Answer | None]) -> Iterator[Markdown]:
    """Of blocks with a heading and a text, each on a line."""
    for block in filter(None, blocks):
        yield joined([strong(block["heading"]), block["text"]], ": ")


def full_name(person: Answer) -> str:
    """``Prof. Ada Rossi, Fellow``."""
    name = " ".join(filter(None, (person["title"], person["name"])))
    return ", ".join(filter(None, (name, person["distinction"])))


def affiliation(person: Answer) -> Markdown:
    organisation = person["organisation"] or {}
    place = link(organisation.get("name"), organisation.get("website"))
    return joined([person["jobTitle"], place], ", ")


def person_with_place(person: Answer) -> Markdown:
    place = affiliation(person)
    name = link(full_name(person), person["website"])
    return Markdown(f"{name} ({place})") if place else name


def people(persons: Iterable[Answer | None]) -> Markdown:
    """Those who are public."""
    return joined((person_with_place(person) for person in persons if person), "; ")


def authors(rows: Iterable[Answer | None]) -> Markdown:
    return people(row["person"] for row in rows if row)


def organisations(named: Iterable[Answer | None]) -> Markdown:
    return joined((link(each["name"], each["website"]) for each in named if each), ", ")
