"""Texts that go into XML or iCalendar, which cannot carry every character."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["speakable"]

# Half a pair of surrogates is no character at all.
UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def speakable(value: Any) -> Any:
    """Without what is pasted from other programs, and shows nothing."""
    if isinstance(value, dict):
        return {name: speakable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [speakable(each) for each in value]
    return UNSPEAKABLE.sub("", value) if isinstance(value, str) else value
