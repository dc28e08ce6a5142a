"""On PostgreSQL, a word to the schedulers whenever the schedule changes.

Triggers, because signals of Django are not sent for everything that writes, such as ``update``.
They are made after each migration on every table that a kind of scheduled change watches, so that a
new kind, or a new type of snippet, has them without a migration of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connections

from cms.scheduling.kinds import WatchedTable, kinds

__all__ = ["CHANNEL", "watch_tables"]

CHANNEL = "genedge_schedule"
FUNCTION = "genedge_tell_schedulers"
EXISTING = """
    SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE tgname LIKE 'genedge_tell_schedulers%'
"""


def watch_tables(using: str) -> None:
    """Make the triggers that are missing; what is there is not touched, so nobody waits for it."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(EXISTING)
        existing = set(cursor.fetchall())
        tables = set(connection.introspection.table_names(cursor))
        for watched in watched_tables():
            for name, sql in triggers_of(watched):
                if watched.table in tables and (watched.table, name) not in existing:
                    cursor.execute(sql)


def watched_tables() -> Iterator[WatchedTable]:
    for kind in kinds():
        yield from kind.watched_tables()


def triggers_of(watched: WatchedTable) -> Iterator[tuple[str, str]]:
    """What is taken off the schedule needs no word: there will be nothing to do."""
    old, new = (
        ", ".join(f"{row}.{column}" for column in watched.columns) for row in ("OLD", "NEW")
    )
    changed = f"{watched.condition} AND ({old}) IS DISTINCT FROM ({new})"
    for event, condition in (
        ("INSERT", watched.condition),
        (f"UPDATE OF {', '.join(watched.columns)}", changed),
    ):
        name = f"{FUNCTION}_{event[:6].lower()}"
        yield (
            name,
            f"CREATE TRIGGER {name} AFTER {event} ON {watched.table} FOR EACH ROW"
            f" WHEN ({condition}) EXECUTE FUNCTION {FUNCTION}()",
        )
