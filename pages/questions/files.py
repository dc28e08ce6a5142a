"""Which files a question takes, and how many."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from pages.questions.kinds import FILES

__all__ = ["MOST_FILES", "accepted", "endings", "largest", "most_of"]

MOST_FILES = 10
# Whoever opens it would have to trust what a stranger packed into it.
NOT_OF_STRANGERS = {"zip"}


def endings() -> list[str]:
    """Of the names of files that are taken."""
    known = {*settings.WAGTAILDOCS_EXTENSIONS, *settings.WAGTAILIMAGES_EXTENSIONS}
    return sorted(known - NOT_OF_STRANGERS)


def accepted(question: Any) -> str | None:
    """As the ``accept`` of HTML's input: ``.pdf,.png``."""
    if question.field_type not in FILES:
        return None
    return ",".join(f".{ending}" for ending in endings())


def largest(question: Any) -> int | None:
    """In bytes."""
    return settings.FORM_FILE_MAX_SIZE if question.field_type in FILES else None


def most_of(question: Any) -> Any:
    """The most that is answered: one file, where editors say nothing of files."""
    if question.field_type in FILES and question.maximum is None:
        return 1
    return question.maximum
