"""The indexes that editors use: what is found by its words, and what refers to what.

They take as long to write as all the rest of a publication. Readers do not need them, so what goes
live by schedule is indexed once nothing else is due, and is noted until then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import InterfaceError, OperationalError, transaction
from wagtail.models import ReferenceIndex
from wagtail.search.index import insert_or_update_object

from cms.database.advisory_lock import serialised_transaction
from cms.perspective.objects import as_own_type, base_model, base_type_of
from cms.scheduling.models import CompletedChange
from cms.scheduling.permanent import rows_and_aliases

__all__ = ["index", "index_what_went_live", "objects_not_indexed"]

logger = logging.getLogger(__name__)

# Then it is time to see what has become due.
BATCH_SIZE = 10


def index(subject: Any) -> None:
    """Write what is published of an object, and of the pages that mirror it, to both indexes."""
    for rows in rows_and_aliases(subject):
        for row in rows:
            whole = as_own_type(row)
            ReferenceIndex.create_or_update_for_object(whole)
            insert_or_update_object(whole)


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
