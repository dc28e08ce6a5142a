"""The words by which a page is found, cut to what search engines show of them."""

from __future__ import annotations

from typing import Any

from wagtail.fields import RichTextField

from pages.rich_text.parsing import parse

__all__ = ["LONGEST_DESCRIPTION", "LONGEST_TITLE", "beginning_of", "description_of", "plain_text"]

# In letters, about: search engines cut by width.
LONGEST_TITLE = 60
LONGEST_DESCRIPTION = 160


def description_of(page: Any) -> str:
    """What editors wrote for it, else the beginning of what the page says."""
    written = page.search_description.strip()
    return written or beginning_of(plain_text(page, page.described_by) if page.described_by else "")


def plain_text(instance: Any, field_name: str) -> str:
    """What a field of texts says, in one line."""
    source = getattr(instance, field_name) or ""
    if isinstance(instance._meta.get_field(field_name), RichTextField):
        source = parse(source).text
    return " ".join(source.split())


def beginning_of(text: str, longest: int = LONGEST_DESCRIPTION) -> str:
    """Whole words, with an ellipsis where something is left out."""
    if len(text) <= longest:
        return text
    words = text[: longest - 1]
    if not text[longest - 1].isspace():
        words = words.rpartition(" ")[0] or words
    return words.rstrip(" ,;:–—-") + "…"
