"""Search in the admin: Wagtail's own, at a cost of saving that does not grow with the site.

A title counts for more the shorter it is: its norm is the average length of titles over its own.
Each time something is saved, Wagtail reads all titles for that average, and then all entries for
those whose norm is 1, which new ones have: but also others by chance, so that two who publish at
once may wait for each other. It once wrote all of them: see
https://github.com/wagtail/wagtail/pull/6250.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Avg, F
from django.db.models.functions import Length, NullIf
from wagtail.search.utils import get_content_type_pk

if connection.vendor == "postgresql":
    from wagtail.search.backends.database.postgres.postgres import PostgresIndex as WagtailIndex
    from wagtail.search.backends.database.postgres.postgres import (
        PostgresSearchBackend as WagtailSearchBackend,
    )
else:
    from wagtail.search.backends.database.sqlite.sqlite import SQLiteIndex as WagtailIndex
    from wagtail.search.backends.database.sqlite.sqlite import (
        SQLiteSearchBackend as WagtailSearchBackend,
    )

__all__ = ["SearchBackend"]

# Of so many titles, the newest, the average length is taken when something is saved.
TITLES = 100


class Index(WagtailIndex):
    """Writes to the entries of what is added, and to no others until the index is rebuilt."""

    def add_items(self, model, objs):
        objects = list(objs)
        super().add_items(model, objects)
        self.give_title_norms(model, [str(each.pk) for each in objects])

    def _refresh_title_norms(self, full=False):
        """Wagtail asks for this whenever something is added, and in full after a rebuild."""
        if full:
            super()._refresh_title_norms(full=True)

    def give_title_norms(self, model, keys):
        entries = self.entries.annotate(length=NullIf(Length("title"), 0))
        average = entries.order_by("-pk")[:TITLES].aggregate(average=Avg("length"))["average"]
        if average is not None:
            added = entries.filter(content_type=get_content_type_pk(model), object_id__in=keys)
            added.filter(length__isnull=False).update(title_norm=average / F("length"))


class SearchBackend(WagtailSearchBackend):
    index_class = Index
