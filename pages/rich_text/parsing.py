"""Reads formatted text, and keeps what was read: most answers show the same texts."""

from __future__ import annotations

import sys
from operator import itemgetter
from threading import Lock

from cachetools import LRUCache

from pages.rich_text.allowlist import allowed
from pages.rich_text.blocks import RichText
from pages.rich_text.reader import Reader

__all__ = ["MAX_BYTES_KEPT", "parse"]

# Of the texts that are kept in a process, read.
MAX_BYTES_KEPT = 16_000_000
# What is made of a text takes a multiple of its characters, and something for each block and span.
BYTES_OF_AN_OBJECT = 400


def parse(source: str) -> RichText:
    """What a text says, kept for the next who asks. Safe between threads."""
    with _lock:
        known = _kept.get(source)
    if known is not None:
        return known[0]
    reader = Reader()
    reader.feed(allowed(source))
    reader.close()
    text = RichText(tuple(reader.blocks))
    objects = 1 + sum(1 + len(block.spans) for block in text.blocks)
    size = 4 * sys.getsizeof(source) + BYTES_OF_AN_OBJECT * objects
    if size <= MAX_BYTES_KEPT:
        with _lock:
            _kept[source] = text, size
    return text


_lock = Lock()
_kept: LRUCache[str, tuple[RichText, int]] = LRUCache(MAX_BYTES_KEPT, itemgetter(1))
