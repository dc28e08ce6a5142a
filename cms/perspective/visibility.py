"""Which content a reader may see at a moment. Every edge of the API asks here, and nowhere else.

Visible means live, not expired at that moment, and not under a view restriction, its own or one
inherited from a page or collection above it, or from what an alias mirrors.
"""

from datetime import datetime

from django.db.models import BooleanField, F, Func, Model, Q, QuerySet
from wagtail.models import (
    CollectionViewRestriction,
    DraftStateMixin,
    Page,
    PageViewRestriction,
)

__all__ = ["NoRule", "unrestricted", "visible"]

# A place in the tree and what restricts or mirrors it are the same in every perspective, so that
# they are read as they are stored, and once for a statement, however many objects it asks about:
# the list of private places comes first. Restrictions are few: the order of a CROSS JOIN, which
# SQLite keeps, has each of them looked at before anything else.
IN_POSTGRESQL = "(%(expressions)s ^@ ANY (ARRAY({private})))"
IN_SQLITE = """EXISTS (
    WITH "stored private" AS MATERIALIZED ({private})
    SELECT 1 FROM "stored private"
    WHERE SUBSTR(%(expressions)s, 1, LENGTH("stored private"."path")) = "stored private"."path"
)"""
RESTRICTED = """
    SELECT "stored place"."path" FROM "{restrictions}" "stored restriction"
    CROSS JOIN "{places}" "stored place"
    WHERE "stored place"."id" = "stored restriction"."{column}"
"""
# An alias of an alias is followed so far; what mirrors from further away is taken for private.
MIRRORED = """
    SELECT "stored alias"."path" FROM "{restrictions}" "stored restriction"
    CROSS JOIN "{places}" "stored place"
    CROSS JOIN "{places}" "stored alias"
    JOIN "{places}" "stored source" ON "stored source"."id" = "stored alias"."alias_of_id"
    LEFT JOIN "{places}" "stored second source"
        ON "stored second source"."id" = "stored source"."alias_of_id"
    LEFT JOIN "{places}" "stored third source"
        ON "stored third source"."id" = "stored second source"."alias_of_id"
    WHERE "stored place"."id" = "stored restriction"."{column}"
    AND "stored alias"."alias_of_id" IS NOT NULL
    AND (
        "stored third source"."alias_of_id" IS NOT NULL
        OR "stored place"."path" IN (
            SUBSTR("stored source"."path", 1, LENGTH("stored place"."path")),
            SUBSTR("stored second source"."path", 1, LENGTH("stored place"."path")),
            SUBSTR("stored third source"."path", 1, LENGTH("stored place"."path"))
        )
    )
"""


class NoRule(TypeError):
    """Nobody has said who may see the objects of a model, so nobody may."""

    def __init__(self, model: type[Model]):
        super().__init__(
            f"Who may see a {model.__name__} is not decided: add its rule to {__name__}."
        )


def visible(queryset: QuerySet, *, at: datetime) -> QuerySet:
    """Narrow a queryset to what a reader may see at a moment.

    Raises ``NoRule`` for a model that has neither drafts nor a collection.
    """
    model = queryset.model
    if issubclass(model, Page):
        return unrestricted(queryset).filter(_is_live(at))
    if issubclass(model, DraftStateMixin):
        return queryset.filter(_is_live(at))
    if any(field.name == "collection" for field in model._meta.fields):
        return queryset.filter(
            ~_UnderRestriction(CollectionViewRestriction, "collection", "collection__path")
        )
    raise NoRule(model)


def unrestricted(pages: QuerySet) -> QuerySet:
    """Pages that readers may see whenever they are live."""
    return pages.filter(~_UnderRestriction(PageViewRestriction, "page"))


def _is_live(at: datetime) -> Q:
    return Q(live=True) & (Q(expire_at__isnull=True) | Q(expire_at__gt=at))


class _UnderRestriction(Func):
    """Whether there is a restriction above a path."""

    output_field = BooleanField()

    def __init__(self, restrictions: type[Model], on: str, path: str = "path"):
        column = restrictions._meta.get_field(on)
        places = column.related_model
        private = f"{RESTRICTED} UNION {MIRRORED}" if places is Page else RESTRICTED
        names = {
            "restrictions": restrictions._meta.db_table,
            "places": places._meta.db_table,
            "column": column.column,
        }
        self.private = private.format(**names)
        super().__init__(F(path))

    def as_sqlite(self, compiler, connection, **extra):
        template = IN_SQLITE.format(private=self.private)
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler, connection, **extra):
        """PostgreSQL takes the list for read once, as it is. The other form would seem dearer the
        more rows are asked for, so that each statement would be planned anew each time, which takes
        ten times as long as running it."""
        template = IN_POSTGRESQL.format(private=self.private)
        return self.as_sql(compiler, connection, template=template, **extra)
