"""What is written to the log, and how: one record is one line, whatever words are in it.

No line has a secret in it, whoever writes it: Django names the address of what it refuses.
"""

from __future__ import annotations

import logging
import re

from cms.database.outage import noted

__all__ = ["OneLine", "WithoutOutages"]

# What ends a line, moves the cursor or turns letters round in whatever shows the log.
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

# Addresses that do or open something for whoever knows them: a calendar, a new password, a place in
# the list of a newsletter, a form that takes files.
SECRET_ADDRESS = re.compile(
    r"""
    (calendar/ | password_reset/confirm/[^\s/]+/ | subscriptions/(?:confirm|leave)/ | forms/files/)
    [^\s/?'"<>]{12,}
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Where else one may be written, it is recognised by how it is made: by `secrets.token_urlsafe`, or
# as a UUID that Python shows. A UUID in plain text stays: readers quote the one of an error.
MADE_BY_CHANCE = re.compile(
    r"(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{40,}|(?<=UUID\(')[0-9a-f-]{36}", re.ASCII
)


class OneLine(logging.Formatter):
    """A title with a line break in it cannot begin a line of its own, and so forge a record.

    A traceback has several lines; those that follow the first are indented.
    """

    def formatMessage(self, record):
        return visible(super().formatMessage(record))

    def formatException(self, ei):
        return indented(super().formatException(ei))

    def formatStack(self, stack_info):
        return indented(super().formatStack(stack_info))


class WithoutOutages(logging.Filter):
    """Leaves out what Django says of each request that failed since the database could not be used.

    It is said once for all of them.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return noted(getattr(record, "request", None)) is None


def visible(text: str) -> str:
    text = MADE_BY_CHANCE.sub("…", SECRET_ADDRESS.sub(r"\1…", text))
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def indented(text: str) -> str:
    return "\n".join(f"  {visible(line)}" for line in text.split("\n"))
