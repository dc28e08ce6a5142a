"""All rows of a site's database, copied into another one, of whatever kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.models import F, Field, Func, Model, TextField, Value
from django.db.models.functions import Cast
from django.db.models.sql import InsertQuery
from wagtail.models import Site

from cms.database.snapshot import snapshot
from cms.outbox.models import ContentEvent
from cms.outbox.recording import event_of

__all__ = ["copy_everything", "models_to_copy"]

ROWS_AT_ONCE = 500
# Search has tables of its own for each kind of database, which are written anew.
OF_SEARCH = "wagtailsearch"

Progress = Callable[[type[Model], int], None]


class StoredJson(Func):
    """A text that is JSON already, as the value of a column."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS jsonb)")


def models_to_copy() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.app_label != OF_SEARCH
        # Changes are told by the numbers of transactions, which are others there.
        and model is not ContentEvent
    ]


def copy_everything(new: str, progress: Progress) -> None:
    """Into the database with this alias, of which nothing that was in it is kept.

    Both are read and written in one transaction each: either everything is there afterwards, or
    nothing is. Values are taken as they are stored; no receiver of signals hears of them.
    """
    models = models_to_copy()
    with snapshot(), ExitStack() as written:
        written.enter_context(transaction.atomic(using=new))
        empty(new, [*models, ContentEvent])
        for model in models:
            progress(model, copy(model, new))
        restart_numbers(new, models)
        start_anew(new)


def empty(new: str, models: list[type[Model]]) -> None:
    operations = connections[new].ops
    tables = [model._meta.db_table for model in models]
    flush = operations.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=True)
    operations.execute_sql_flush(flush)


def copy(model: type[Model], new: str) -> int:
    fields = list(model._meta.local_concrete_fields)
    rows = stored_rows(model, fields)
    count = 0
    while some := list(islice(rows, ROWS_AT_ONCE)):
        insert(model, fields, some, new)
        count += len(some)
    return count


def stored_rows(model: type[Model], fields: list[Field]) -> Iterator[SimpleNamespace]:
    """The columns of a model's own table. JSON is not read, so that nothing in it can be lost."""
    read = {f"column_{place}": stored(field) for place, field in enumerate(fields)}
    rows = model._base_manager.order_by("pk").annotate(**read).values_list(*read)
    for row in rows.iterator(ROWS_AT_ONCE):
        yield SimpleNamespace(
            **{
                field.attname: StoredJson(Value(value)) if is_json(field) and value else value
                for field, value in zip(fields, row, strict=True)
            }
        )


def stored(field: Field) -> Cast | F:
    return Cast(field.name, TextField()) if is_json(field) else F(field.attname)


def is_json(field: Field) -> bool:
    return field.get_internal_type() == "JSONField"


def insert(model: type[Model], fields: list[Field], rows: list[Any], new: str) -> None:
    size = max(connections[new].ops.bulk_batch_size(fields, rows), 1)
    for place in range(0, len(rows), size):
        query = InsertQuery(model)
        query.insert_values(fields, rows[place : place + size], raw=True)
        query.get_compiler(using=new).execute_sql()


def restart_numbers(new: str, models: list[type[Model]]) -> None:
    """New rows get numbers that those copied do not have."""
    with connections[new].cursor() as cursor:
        for statement in connections[new].ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def start_anew(new: str) -> None:
    """Whoever follows changes is told to read everything once more."""
    sites = Site.objects.using(new)
    kind = ContentType.objects.db_manager(new).get_by_natural_key("wagtailcore", "site")
    ContentEvent.objects.using(new).bulk_create(event_of(kind.pk, site.pk) for site in sites)
