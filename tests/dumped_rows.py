"""Rows as ``dumpdata`` writes them, in an order of their own.

A database gives what a row is related to in any order: PostgreSQL in another one when it
plans the statement otherwise, as it does once a table was counted anew.
"""

from __future__ import annotations

import json

from django.apps import apps

__all__ = ["in_order"]


def in_order(dumped: str) -> list[dict]:
    rows = json.loads(dumped)
    for row in rows:
        for field in apps.get_model(row["model"])._meta.many_to_many:
            if field.name in row["fields"]:
                row["fields"][field.name].sort()
    return sorted(rows, key=lambda row: (row["model"], str(row["pk"])))
