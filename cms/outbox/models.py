"""What happened to public content, in the order in which it may be told; and what is public.

Numbers are given when something is written, and it is committed later, in another order: whoever
had read up to a number would never see what came before it and was committed after it. So an event
bears the number of its transaction, and is told once every transaction with a lower number has
ended. SQLite has one writer at a time, so there the order of numbers is that of commits.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import BigIntegerField, Func, Q

from pages import clock

__all__ = ["ContentEvent", "CurrentTransaction", "Position", "PublicObject"]


# Transactions with a lower number have all ended, but for those that write to other databases of
# the same server: such may last for hours. They are known by who holds the lock that each
# transaction has on its own number; one that is not known is taken for one of this database.
# Whoever writes, which no reader of the API does, reads what this transaction has written so far.
PRESENT_IN_POSTGRESQL = """
    SELECT coalesce(
        own.number,
        (SELECT min(running::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) AS running
            WHERE NOT EXISTS (
                SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
                WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted
                AND transactionid = running::xid
                AND datname <> current_database()
            )),
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    ), (
        SELECT coalesce(max(id), 0) FROM outbox_contentevent WHERE transaction = own.number
    ) FROM (SELECT pg_current_xact_id_if_assigned()::text::bigint AS number) AS own
"""


class CurrentTransaction(Func):
    """The number of the transaction that writes."""

    template = "0"
    output_field = BigIntegerField()

    def as_postgresql(self, compiler, connection, **extra):
        return "CAST(CAST(pg_current_xact_id() AS text) AS bigint)", []


@dataclass(frozen=True, order=True)
class Position:
    """A place in the log: behind an event, or behind all that is told when it is read."""

    transaction: int
    event: int


class ContentEventQuerySet(models.QuerySet):
    def between(self, position: Position, present: Position) -> ContentEventQuerySet:
        """What was not told at a position and is told at the present one, in order."""
        later = Q(transaction__gt=position.transaction) | Q(
            transaction=position.transaction, pk__gt=position.event
        )
        told = Q(transaction__lt=present.transaction) | Q(
            transaction=present.transaction, pk__lte=present.event
        )
        return self.filter(later, told).order_by("transaction", "pk")

    def present_position(self) -> Position:
        """Behind all that may be told, in what the reader sees of the database."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(PRESENT_IN_POSTGRESQL)
                return Position(*cursor.fetchone())
            cursor.execute("SELECT coalesce(max(id), 0) FROM outbox_contentevent")
            return Position(0, cursor.fetchone()[0])


class ContentEvent(models.Model):
    """Something readers see changed. Of a site, it says that everything is to be read anew."""

    transaction = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=clock.now, db_index=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=255)
    was_public = models.BooleanField()
    is_public = models.BooleanField()
    # Of a page, beneath the root of the whole tree.
    old_url_path = models.TextField(blank=True)
    url_path = models.TextField(blank=True)

    objects = ContentEventQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["transaction", "id"], name="outbox_event_position")]

    def __str__(self):
        return f"{self.content_type} {self.object_id} at {self.at}"


class PublicObject(models.Model):
    """A page or snippet that readers may see, as far as is stored: due changes are not in it."""

    # Of pages that of Page; ``content_type`` is their own.
    base_content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=255)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    url_path = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["base_content_type", "object_id"], name="outbox_public_object_once"
            )
        ]

    def __str__(self):
        return f"{self.content_type} {self.object_id}"
