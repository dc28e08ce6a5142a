"""Search in the admin: Wagtail's own, in texts too, at a cost that does not grow with the site.

While someone types, Wagtail looks for titles alone. Here texts are looked through as well, after
titles, which count for more.

A title counts for more the shorter it is: its norm is the average length of titles over its own.
Each time something is saved, Wagtail reads all titles for that average, and then all entries for
those whose norm is 1, which new ones have: but also others by chance, so that two who publish at
once may wait for each other. It once wrote all of them: see
https://github.com/wagtail/wagtail/pull/6250.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Avg, F, FloatField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length, NullIf
from wagtail.search.utils import get_content_type_pk

# Beside what is found in a text.
WEIGHT_OF_TITLES = 10.0

if connection.vendor == "postgresql":
    from wagtail.search.backends.database.postgres.postgres import (
        PostgresAutocompleteQueryCompiler,
    )
    from wagtail.search.backends.database.postgres.postgres import PostgresIndex as WagtailIndex
    from wagtail.search.backends.database.postgres.postgres import (
        PostgresSearchBackend as WagtailSearchBackend,
    )

    class InPostgreSQL(PostgresAutocompleteQueryCompiler):
        def get_index_vectors(self, search_query):
            texts = F("index_entries__body"), 1.0
            return [(F("index_entries__autocomplete"), WEIGHT_OF_TITLES), texts]

    WhileTyping: type = InPostgreSQL
else:
    from wagtail.search.backends.database.sqlite.sqlite import (
        SQLiteAutocompleteQueryCompiler,
        SQLiteFTSIndexEntry,
    )
    from wagtail.search.backends.database.sqlite.sqlite import SQLiteIndex as WagtailIndex
    from wagtail.search.backends.database.sqlite.sqlite import (
        SQLiteSearchBackend as WagtailSearchBackend,
    )

    class InSQLite(SQLiteAutocompleteQueryCompiler):
        FTS_TABLE_FIELDS = ["autocomplete", "body"]

        def _build_rank_expression(self, vectors, config):
            """In the order of the table's columns; what ranks higher has the lower number."""
            table = SQLiteFTSIndexEntry._meta.db_table
            weighed = f"bm25({table}, {WEIGHT_OF_TITLES}, 1.0, 0.0)"
            return RawSQL(weighed, [], output_field=FloatField())  # noqa: S611

    WhileTyping = InSQLite


__all__ = ["SearchBackend"]

# Of so many titles, the newest, the average length is taken when something is saved.
TITLES = 100


class Index(WagtailIndex):
    """Writes to the entries of what is added, and to no others until the index is rebuilt."""

    def add_items(self, model, objs):
        objects = list(objs)
        keys = [str(each.pk) for each in objects]
        if connection.vendor == "sqlite" and len(objects) > 1:
            # Wagtail writes all that are new at once, and others one by one.
            self.entries_of(model, keys)._raw_delete(using=self.write_connection.alias)
        super().add_items(model, objects)
        self.give_title_norms(model, keys)

    def entries_of(self, model, keys):
        return self.entries.filter(content_type=get_content_type_pk(model), object_id__in=keys)

    def _refresh_title_norms(self, full=False):
        """Wagtail asks for this whenever something is added, and in full after a rebuild."""
        if full:
            super()._refresh_title_norms(full=True)

    def give_title_norms(self, model, keys):
        entries = self.entries.annotate(length=NullIf(Length("title"), 0))
        average = entries.order_by("-pk")[:TITLES].aggregate(average=Avg("length"))["average"]
        if average is not None:
            added = self.entries_of(model, keys).annotate(length=NullIf(Length("title"), 0))
            added.filter(length__isnull=False).update(title_norm=average / F("length"))


class SearchBackend(WagtailSearchBackend):
    index_class = Index
    autocomplete_query_compiler_class = WhileTyping
