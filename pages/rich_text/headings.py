"""Headings in their place: none leaves a level out, and each has an anchor that stays."""

from __future__ import annotations

from pages.rich_text.blocks import Block, RichText

__all__ = ["BENEATH_A_SECTION", "DEEPEST", "anchor_of", "heading_levels"]

# A page's title and its sections come before.
BENEATH_A_SECTION = 3
DEEPEST = 6


def heading_levels(text: RichText, first: int) -> dict[str, int]:
    """The level of each heading by its block's key; the text's headings begin at ``first``.

    The levels that an editor chose say which heading stands beneath which; a heading that stands
    beneath none is of the first level.
    """
    levels, above = {}, list[int]()
    for block in text.headings():
        while above and above[-1] >= block.heading:
            above.pop()
        levels[block.key] = min(first + len(above), DEEPEST)
        above.append(block.heading)
    return levels


def anchor_of(heading: Block) -> str:
    """Stays when the heading is reworded or moved, as its block's key does."""
    return f"h-{heading.key}"
