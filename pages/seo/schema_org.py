"""Things of schema.org that several page types tell of: people, organisations, files.

What is told may be, or hold, values that are not there yet: ``facts`` reaches other content as the
API's resolvers do, so that whatever is hidden is missing here too. Of what is None or empty nothing
is told.
"""

from __future__ import annotations

from typing import Any

from media.media_types import media_type_of
from pages.seo.words import plain_text

__all__ = ["Node", "file", "named", "organisation", "people_of", "person"]

Node = dict[str, Any]


def person(facts: Any, key: int | None) -> Any:
    return facts.one("pages.Person", key, lambda found: person_node(facts, found))


def person_node(facts: Any, found: Any) -> Node:
    return {
        "@type": "Person",
        "@id": facts.id_of(found),
        "name": found.name,
        "honorificPrefix": found.title,
        "honorificSuffix": found.distinction,
        "jobTitle": found.job_title,
        "description": plain_text(found, "biography"),
        "url": found.website,
        "image": facts.picture(found, "portrait"),
        "affiliation": organisation(facts, found.organisation_id),
    }


def organisation(facts: Any, key: int | None) -> Any:
    return facts.one("pages.Organisation", key, lambda found: organisation_node(facts, found))


def organisation_node(facts: Any, found: Any) -> Node:
    return {
        "@type": "Organization",
        "@id": facts.id_of(found),
        "name": found.name,
        "url": found.website,
        "logo": facts.picture(found, "logo"),
    }


def people_of(facts: Any, page: Any, relation: str) -> Any:
    """Those whom the rows of a page name, in their order."""
    rows = facts.rows(page, relation)
    return rows.then(lambda found: [person(facts, row.person_id) for row in found])


def named(kind: str, names: Any) -> list[Node]:
    return [{"@type": kind, "name": name} for name in names if name]


def file(found: Any, url: str) -> Node:
    return {
        "@type": "MediaObject",
        "name": found.title,
        "contentUrl": url,
        "encodingFormat": media_type_of(found.file.name),
        "contentSize": f"{found.file_size} B" if found.file_size else None,
    }
