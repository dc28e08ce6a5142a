"""Which types of pages can be written as Markdown: all of them, each by a module of its stem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wagtail.models import Page

from pages.markdown.document import Answer, Document

__all__ = ["WRITERS", "Writer", "writes"]

Write = Callable[[Document, Answer], None]


@dataclass(frozen=True)
class Writer:
    # A selection of fields of the type, in GraphQL.
    asks: str
    # Puts what was answered into a document that has the page's title.
    write: Write


WRITERS: dict[type[Page], Writer] = {}


def writes(model: type[Page], asks: str) -> Callable[[Write], Write]:
    """Registers how pages of a type are written, from the answer to what is asked of each."""

    def register(write: Write) -> Write:
        WRITERS[model] = Writer(asks, write)
        return write

    return register
