"""How PostgreSQL plans for content that tests make in a transaction."""

from django.db import connection

__all__ = ["plan_for_what_was_made"]


def plan_for_what_was_made() -> None:
    """Let it count rows, as it does by itself once they are committed and not before."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
