"""The indexes that editors use: what is found by its words, and what refers to what.

They take as long to write as all the rest of a publication. Readers do not need them, so what goes
live by schedule is indexed once nothing else is due, and is noted until then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import CharField
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex, get_page_models
from wagtail.search.backends import get_search_backends
from wagtail.search.index import insert_or_update_object

from cms.database.advisory_lock import advisory_lock, serialised_transaction
from cms.perspective.objects import as_own_type, base_model, base_type_of
from cms.perspective.references import indexed_users
from cms.scheduling.models import CompletedChange
from cms.scheduling.permanent import rows_and_aliases
from pages.models import Person
from pages.search import NamesPeople, names_of

__all__ = [
    "follow_rename",
    "index",
    "index_what_went_live",
    "note_rename",
    "objects_not_indexed",
]

logger = logging.getLogger(__name__)

# Then it is time to see what has become due.
BATCH_SIZE = 10


def index(subject: Any) -> None:
    """Write what is published of an object, and of the pages that mirror it, to both indexes.

    First those that name it, since the lock for that is taken before all others.
    """
    if isinstance(subject, Person):
        index_pages_naming(subject)
    for rows in rows_and_aliases(subject):
        for row in rows:
            whole = as_own_type(row)
            ReferenceIndex.create_or_update_for_object(whole)
            insert_or_update_object(whole)


def note_rename(person: Person, columns: Collection[str] | None) -> None:
    """Before a row is written; what goes live by schedule is seen to once all is done."""
    may_be = columns is None or "name" in columns
    stored = Person._base_manager.filter(pk=person.pk).exclude(name=person.name)
    person.is_renamed = may_be and person.as_of is None and stored.exists()


def follow_rename(person: Person) -> None:
    if getattr(person, "is_renamed", False):
        index_pages_naming(person)


def index_pages_naming(person: Person) -> None:
    """Let pages be found by the name that a person has now, in as many statements however many.

    They are held meanwhile: who publishes one of them writes the same entry. Those that are not in
    the index of references yet are written to both later, with the name of then.
    """
    pages = base_type_of(Page)
    keys = [key for kind, key in indexed_users(Person, [person.pk]) if kind == pages]
    if not keys:
        return
    advisory_lock()
    held = Page._base_manager.filter(pk__in=keys).order_by(Cast("pk", CharField()))
    list(held.select_for_update(no_key=True).values_list("pk"))
    for model in page_types_naming_people():
        found = model.get_indexed_objects().filter(pk__in=keys)
        index_together(model, list(found.prefetch_related(*model.rows_of_people)))


def page_types_naming_people() -> list[Any]:
    return [model for model in get_page_models() if issubclass(model, NamesPeople)]


def index_together(model: Any, found: list[Any]) -> None:
    if not found:
        return
    known = names_of(key for page in found for key in page.keys_of_people())
    for page in found:
        page.known_names = known
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(model, found)


def objects_not_indexed() -> set[tuple[int, str]]:
    """The base content type and key of what has gone live, and is not in the indexes yet."""
    rows = CompletedChange.objects.filter(is_indexed=False).values_list("content_type", "object_id")
    return {(base_type_of(model_of(content_type)), key) for content_type, key in rows}


def model_of(content_type_id: int) -> Any:
    return ContentType.objects.get_for_id(content_type_id).model_class()


def index_what_went_live(*, should_continue: Callable[[], bool] = lambda: True) -> bool:
    """Index some of what has gone live. False if there was nothing to do, but for others."""
    keys = CompletedChange.objects.filter(is_indexed=False).order_by("pk").values_list("pk")
    progress = False
    for (key,) in keys[:BATCH_SIZE]:
        if not should_continue():
            return False
        with serialised_transaction(reaches_others=False):
            progress |= index_once(key)
    return progress


def index_once(key: int) -> bool:
    """False if another scheduler is at it, or has done it."""
    rows = CompletedChange.objects.filter(pk=key, is_indexed=False)
    completed = rows.select_for_update(skip_locked=True).first()
    if completed is None:
        return False
    try:
        with transaction.atomic():
            index_what_is_left(completed)
    except (OperationalError, InterfaceError):
        raise  # Of the database, which is tried again.
    except Exception:
        logger.exception(
            "Not indexed, so run `update_index` and `rebuild_references_index` later: %s", completed
        )
    completed.is_indexed = True
    completed.save(update_fields=["is_indexed"])
    return True


def index_what_is_left(completed: CompletedChange) -> None:
    """The object, unless it has been deleted since."""
    model = base_model(completed.content_type.model_class())
    for subject in model._base_manager.filter(pk=completed.object_id):
        index(subject)
