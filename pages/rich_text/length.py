"""How long a text is, for readers who want to know before they begin."""

from __future__ import annotations

import re

__all__ = ["reading_minutes", "word_count"]

# Adults read this much English in silence: M. Brysbaert, “How many words do we read per minute?”,
# Journal of Memory and Language 109 (2019).
WORDS_A_MINUTE = 238
# Written without spaces: each character counts, as word processors have it.
IDEOGRAPH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# A figure with its point, and what an apostrophe or hyphen joins, are one.
WORD = re.compile(rf"[{IDEOGRAPH}]|[^\W_{IDEOGRAPH}]+(?:['’.,\-\u2011][^\W_{IDEOGRAPH}]+)*")


def word_count(text: str) -> int:
    return sum(1 for _ in WORD.finditer(text))


def reading_minutes(words: int) -> int:
    """Whole minutes, at least one of a text that has a word."""
    return -(-words // WORDS_A_MINUTE)
