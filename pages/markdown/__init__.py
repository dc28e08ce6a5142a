"""Pages as Markdown, for readers that are programs: a module for each stem, as of the models.

Each says what it asks the API about its pages, and how that is written down. May use the page types
and what those may use; who asks, for all pages of an answer at once, is above.
"""

from pages.markdown import (
    article,
    charter,
    deliverable,
    form,
    forum,
    home,
    leadership,
    newsletter,
    survey,
)
from pages.markdown.writers import WRITERS

__all__ = [
    "WRITERS",
    "article",
    "charter",
    "deliverable",
    "form",
    "forum",
    "home",
    "leadership",
    "newsletter",
    "survey",
]
