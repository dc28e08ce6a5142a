"""Rich text as readers get it: links follow their targets, and never betray hidden ones.

Editors' links are stored by id. Here an id becomes an address when its target is visible to the
reader; otherwise the link's words stay and the link goes, so that nothing of the target is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cms.api.engine.errors import BadArgument
from pages.rich_text.blocks import Resolve, RichText
from pages.rich_text.headings import DEEPEST, anchor_of, heading_levels
from pages.rich_text.html import to_html
from pages.rich_text.length import reading_minutes, word_count
from pages.rich_text.markdown import to_markdown
from pages.rich_text.portable_text import to_portable_text

__all__ = ["RichTextValue"]


@dataclass(frozen=True, slots=True)
class RichTextValue:
    """What a ``RichText`` is resolved from: what was written, and where its links lead.

    ``resolve`` is for who reads it on the site, ``resolve_away`` for who reads it elsewhere.
    """

    content: RichText
    resolve: Resolve
    resolve_away: Resolve

    def html(self, first_heading: int) -> str:
        return to_html(self.content, self.resolve, allowed(first_heading))

    def portable_text(self, first_heading: int) -> list[dict[str, Any]]:
        return to_portable_text(self.content, self.resolve, allowed(first_heading))

    def markdown(self, first_heading: int) -> str:
        return to_markdown(self.content, self.resolve_away, allowed(first_heading))

    def headings(self, first_heading: int) -> list[dict[str, Any]]:
        levels = heading_levels(self.content, allowed(first_heading))
        return [
            {"text": each.text, "level": levels[each.key], "anchor": anchor_of(each)}
            for each in self.content.headings()
        ]

    @property
    def text(self) -> str:
        return self.content.text

    @property
    def word_count(self) -> int:
        return word_count(self.content.text)

    @property
    def reading_minutes(self) -> int:
        return reading_minutes(self.word_count)


def allowed(first_heading: int) -> int:
    if not 1 <= first_heading <= DEEPEST:
        raise BadArgument(f"Headings have the levels 1 to {DEEPEST}: ask for one of them.")
    return first_heading
