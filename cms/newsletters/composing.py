"""The mail of an edition, from what the API answers: what readers do not see is in no mail.

MJML, which mrml turns into HTML that the mail programs of the last twenty years show alike. The
text part is the page's Markdown.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mrml
from django.template.loader import render_to_string

from cms.api.operations import OperationContext, run_operation
from cms.api.reading.ids import id_of
from pages.models import NewsletterPage
from pages.xml_texts import speakable

__all__ = ["LEAVE", "Mail", "NotComposed", "compose"]

logger = logging.getLogger(__name__)

OPERATION = Path(__file__).with_name("mail.graphql")
# Where the address with which each subscriber leaves is put.
LEAVE = "https://leave.invalid/"
SENTENCE_TO_LEAVE = "You get this because you subscribed. To unsubscribe: "


class NotComposed(Exception):
    """One sentence for editors that says why there is no mail of an edition."""


@dataclass(frozen=True)
class Mail:
    subject: str
    html: str
    text: str
    # Files of some picture are not made yet, or cannot be.
    shows_uploads: bool = False

    def for_address(self, leave: str) -> Mail:
        return Mail(self.subject, self.html.replace(LEAVE, leave), self.text.replace(LEAVE, leave))


def compose(page: NewsletterPage, context: OperationContext) -> Mail:
    """With ``LEAVE`` where the address stands at which a subscriber leaves."""
    with context.in_force():
        body = run_operation(
            OPERATION.read_text(), context=context, variables={"id": id_of(page)}
        ).body
    data = speakable(body.get("data"))
    if not data:
        raise NotComposed("The edition could not be read. Make it shorter, and try again.")
    edition = data["page"]
    if edition is None:
        raise NotComposed("Readers do not see this edition: publish it, then go on.")
    facts = {
        "edition": edition,
        "group": data["site"]["settings"]["name"] or data["site"]["name"],
        "site_url": data["site"]["url"],
        "leave": LEAVE,
    }
    try:
        html = mrml.to_html(render_to_string("newsletters/mail.mjml", facts)).content
    except OSError as error:  # What mrml raises of what it cannot parse.
        logger.exception("“%s” is no mail", page)
        raise NotComposed("The mail could not be laid out. Tell whoever runs the site.") from error
    return Mail(
        subject=" ".join(edition["title"].split()),
        html=html,
        text=f"{edition['markdown'].strip()}\n\n---\n\n{SENTENCE_TO_LEAVE}{LEAVE}\n",
        shows_uploads=not all(picture["sources"] for picture in pictures_of(edition)),
    )


def pictures_of(edition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for block in edition["body"]:
        image = (block.get("picture") or {}).get("image")
        if image:
            yield image["preset"]
