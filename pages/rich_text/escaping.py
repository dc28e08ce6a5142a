"""Words and addresses that Markdown would read as something else, written so that it does not.

By CommonMark (https://spec.commonmark.org), with the tables, struck words and lists of tasks that
GitHub adds. What means nothing where it stands is left as it is: people and programs read this as
it is written, too.
"""

from __future__ import annotations

import re
from unicodedata import category

from django.utils.encoding import iri_to_uri

__all__ = [
    "SPACES",
    "as_destination",
    "as_number",
    "escaped",
    "escaped_at_start",
    "is_letter",
    "sayable",
    "sets_apart",
]

# Tab, ends of lines, and Unicode's Zs: what CommonMark calls white space.
SPACES = "\t\n\x0c\r \xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
# Characters without a sign, which Markdown does not keep or about which programs do not agree.
UNSPEAKABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
OTHER_ENDS_OF_LINES = re.compile("[\x0b\x0c\x85\u2028\u2029]")
ALWAYS = re.compile(r"[\\`*\[\]<~|]")
# Between letters it marks nothing.
UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
CHARACTER_REFERENCE = re.compile(r"&(?=#?\w+;)")
BEFORE_BRACKET = re.compile(r"!(?=\\\[)")
# A heading, an item, a quotation, and lines that make something else of what is above them.
AT_START = re.compile(r"(?:#{1,6}|[-+])(?=\s|$)|>|[-=:][-=:\s]*$")
NUMBER_AT_START = re.compile(r"([0-9]{1,9})[.)](?=\s|$)")
# These count as punctuation for all programs, although Unicode calls them symbols.
ASCII_SYMBOLS = "$+<=>^`|~"


def sayable(text: str) -> str:
    return UNSPEAKABLE.sub("", OTHER_ENDS_OF_LINES.sub(" ", text.replace("\r\n", "\n")))


def escaped(text: str) -> str:
    """A line, or a part of one, that does not begin it."""
    text = CHARACTER_REFERENCE.sub(r"\\&", ALWAYS.sub(r"\\\g<0>", text))
    return BEFORE_BRACKET.sub(r"\\!", UNDERSCORE.sub(r"\\_", text))


def escaped_at_start(line: str) -> str:
    """A line that is escaped already, to begin with."""
    if AT_START.match(line):
        return f"\\{line}"
    found = NUMBER_AT_START.match(line)
    return f"{found[1]}\\{line[found.end(1) :]}" if found else line


def as_number(character: str) -> str:
    return f"&#x{ord(character):X};"


def as_destination(address: str) -> str:
    """An address as it may stand between round brackets, in a table too."""
    address = CHARACTER_REFERENCE.sub("&amp;", iri_to_uri(sayable(address).strip()))
    return address.replace("(", "%28").replace(")", "%29")


def is_letter(character: str) -> bool:
    """Neither space nor punctuation for any program. Of signs such as emojis some think so."""
    return category(character)[0] in "LMN"


def sets_apart(character: str) -> bool:
    """Whether it is space or punctuation for every program."""
    known = character in SPACES or character in ASCII_SYMBOLS
    return known or category(character).startswith("P")
