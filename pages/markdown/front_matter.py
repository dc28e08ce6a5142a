"""What stands before a page's Markdown in a file, as YAML between lines of three hyphens."""

from __future__ import annotations

import json
import re

from pages.markdown.document import Answer
from pages.rich_text.escaping import sayable

__all__ = ["front_matter"]

# YAML takes a text as JSON has it, but for characters that it does not have at all.
UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


def front_matter(found: Answer) -> str:
    told = {
        "title": found["title"],
        "description": (found["seo"] or {}).get("description"),
        "url": found["url"],
        "language": found["locale"],
        "published": found["firstPublishedAt"],
        "modified": found["lastPublishedAt"],
    }
    lines = [f"{name}: {quoted(text)}" for name, text in told.items() if text]
    return "\n".join(["---", *lines, "---"])


def quoted(text: str) -> str:
    written = json.dumps(sayable(text), ensure_ascii=False)
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
