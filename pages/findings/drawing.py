"""Charts as SVG, each drawn once: the last ones are kept, however many ask for them."""

from __future__ import annotations

import json
import logging
import re
from hashlib import sha256
from html import escape
from threading import Lock
from typing import Any

from cachetools import LRUCache, TTLCache

from pages.findings import engine

__all__ = ["NotDrawn", "digest_of", "drawn"]

logger = logging.getLogger(__name__)

# To be raised when the same specification would be drawn otherwise.
VERSION = 1
CHARTS_KEPT = 256
# A chart that could not be drawn is not tried again by each who asks.
SECONDS_GIVEN_UP = 60

# Vega gives parts of a chart roles of their own, which would each need a name.
PARTS = re.compile(r"<(?:g|path|text)\s[^<>]*>")
FOR_EACH = re.compile(r' (?:role="graphics-\w+"|aria-roledescription="[^"]*"|aria-label="[^"]*")')

NotDrawn = engine.NotDrawn
kept: LRUCache[str, bytes] = LRUCache(CHARTS_KEPT)
given_up: TTLCache[str, bool] = TTLCache(CHARTS_KEPT, SECONDS_GIVEN_UP)
one_at_a_time = Lock()


def canonical(specification: dict[str, Any]) -> str:
    return json.dumps(specification, sort_keys=True)


def digest_of(specification: dict[str, Any]) -> str:
    """Another as soon as the chart would look or read different."""
    return sha256(f"{VERSION}\0{canonical(specification)}".encode()).hexdigest()[:20]


def drawn(specification: dict[str, Any]) -> bytes:
    """Complete by itself: no script, style sheet, font or picture. Raises ``NotDrawn``."""
    digest = digest_of(specification)
    with one_at_a_time:
        if digest in given_up:
            raise NotDrawn("It could not be drawn a moment ago.")
        if digest not in kept:
            try:
                svg = engine.draw(canonical(specification))
            except NotDrawn:
                logger.exception("A chart could not be drawn")
                given_up[digest] = True
                raise
            kept[digest] = named(svg, specification).encode()
        return kept[digest]


def named(svg: str, specification: dict[str, Any]) -> str:
    """What it is called and what it says, to those who do not see it."""
    start, rest = PARTS.sub(lambda part: FOR_EACH.sub("", part[0]), svg).split(">", 1)
    title, description = specification["title"]["text"], specification["description"]
    words = f"<title>{escape(' '.join(title))}</title><desc>{escape(description)}</desc>"
    return f'{start} role="img">{words}{rest}'
