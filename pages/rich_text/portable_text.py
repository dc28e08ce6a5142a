"""Formatted text as Portable Text, which renderers of many frameworks draw.

https://github.com/portabletext/portabletext
"""

from __future__ import annotations

from typing import Any

from pages.rich_text.blocks import MARKS, Block, Link, Resolve, RichText, Target
from pages.rich_text.headings import heading_levels

__all__ = ["to_portable_text"]


def to_portable_text(text: RichText, resolve: Resolve, first_heading: int) -> list[dict[str, Any]]:
    levels = heading_levels(text, first_heading)
    return [as_block(block, levels.get(block.key), resolve) for block in text.blocks]


def as_block(block: Block, level: int | None, resolve: Resolve) -> dict[str, Any]:
    links: dict[Link, str] = {}
    definitions, children = [], []
    for index, span in enumerate(block.spans):
        marks: list[str] = [mark for mark in MARKS if mark in span.marks]
        if span.link and span.link not in links and (target := resolve(span.link)):
            links[span.link] = f"{block.key}-link{len(links)}"
            definitions.append(as_link(links[span.link], target))
        if span.link in links:
            marks.append(links[span.link])
        child = {"_type": "span", "_key": f"{block.key}-{index}", "text": span.text, "marks": marks}
        children.append(child)
    made: dict[str, Any] = {
        "_type": "block",
        "_key": block.key,
        "style": f"h{level}" if level else "normal",
        "markDefs": definitions,
        "children": children,
    }
    if block.list_item:
        made |= {"listItem": block.list_item, "level": block.depth}
    return made


def as_link(key: str, target: Target) -> dict[str, Any]:
    """Renderers follow ``href``; a frontend with a router of its own has the rest."""
    link: dict[str, Any] = {"_type": "link", "_key": key, "href": target.href}
    if target.id:
        link["target"] = {"id": target.id, "type": target.type, "path": target.path}
    return link
