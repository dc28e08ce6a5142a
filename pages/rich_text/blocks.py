"""What formatted text consists of: a flat list of blocks, as Portable Text has it.

An item of a list is a block that knows its depth, so that no form of the text has to walk a tree.
https://github.com/portabletext/portabletext
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Literal

__all__ = [
    "MARKS",
    "NOWHERE",
    "Block",
    "Link",
    "ListItem",
    "Mark",
    "Resolve",
    "RichText",
    "Span",
    "Target",
]

Mark = Literal["strong", "em"]
# In the order in which renderers of Portable Text put one around the other.
MARKS: tuple[Mark, ...] = ("strong", "em")
ListItem = Literal["bullet", "number"]


@dataclass(frozen=True, slots=True)
class Link:
    """Where words lead: to a page or document by its key, to an address elsewhere, or nowhere."""

    kind: Literal["page", "document", "address", "nowhere"]
    key: int = 0
    address: str = ""


NOWHERE = Link("nowhere")


@dataclass(frozen=True, slots=True)
class Target:
    """What a link leads to, for somebody who may follow it."""

    href: str
    # Of what is here; an address elsewhere has none.
    id: str | None = None
    type: str | None = None
    # Of a page.
    path: str | None = None


# None for a target that is not visible: the words stay, and the link goes.
Resolve = Callable[[Link], Target | None]


@dataclass(frozen=True, slots=True)
class Span:
    """Words that look alike. A line feed in them is a line break."""

    text: str
    marks: frozenset[Mark] = frozenset()
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or an item of a list; never without a word."""

    # Unique within the text. It stays while others are edited, and mostly while it is itself.
    key: str
    spans: tuple[Span, ...]
    # The level that the heading was stored with; 0 of what is none.
    heading: int = 0
    list_item: ListItem | None = None
    # How deep within lists it is: 1 in a list, 2 in a list within that.
    depth: int = 0

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class RichText:
    blocks: tuple[Block, ...] = ()

    @cached_property
    def text(self) -> str:
        """Without formatting: a line for each block and after each line break."""
        return "\n".join(block.text for block in self.blocks)

    @cached_property
    def links(self) -> frozenset[Link]:
        spans = (span for block in self.blocks for span in block.spans)
        return frozenset(span.link for span in spans if span.link is not None)

    def words_of(self, link: Link) -> Iterator[str]:
        """The words that bear a link, for each place in which it stands."""
        for block in self.blocks:
            for is_link, spans in groupby(block.spans, key=lambda span: span.link == link):
                if is_link:
                    yield "".join(span.text for span in spans).strip()

    def keys_of(self, kind: str) -> list[int]:
        """The pages or documents that it links to."""
        return sorted(link.key for link in self.links if link.kind == kind)

    def headings(self) -> Iterator[Block]:
        return (block for block in self.blocks if block.heading)
