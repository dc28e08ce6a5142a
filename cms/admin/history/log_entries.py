"""A step of an object's history is shown among that object's, whatever else was done with it.

Wagtail gives all that one request writes to the log a common number, so that a page saved several
times in it shows one step. Its history views show one row for each number and action: of ten pages
published together, nine were never published as far as their history goes.
"""

from __future__ import annotations

from uuid import uuid5

from wagtail.log_actions import get_active_log_context
from wagtail.models import BaseLogEntry

__all__ = ["number_for_its_object"]


def number_for_its_object(entry: BaseLogEntry) -> None:
    """Give an entry that is about to be written the number of its request and its object.

    One that has a number already was merged by Wagtail with an earlier edit, and keeps it.
    """
    number = get_active_log_context().uuid
    if number is not None and entry.uuid == number:
        entry.uuid = uuid5(number, f"{entry.content_type_id} {entry.object_id}")
