"""Wagtail's tasks: run at once, but for those that somebody sees to later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model
from django_tasks.backends.immediate import ImmediateBackend
from modelcluster.models import get_all_child_relations

__all__ = ["Tasks", "indexes_left_alone"]

INDEXING = {"insert_or_update_object_task", "update_reference_index_task"}

left_alone: ContextVar[Model | None] = ContextVar("left_alone", default=None)


@contextmanager
def indexes_left_alone(of: Model) -> Iterator[None]:
    """Save an object without writing it to the indexes of search and of references.

    That is up to the caller. Wagtail does it for each row that is part of it, again and again.
    """
    token = left_alone.set(of)
    try:
        yield
    finally:
        left_alone.reset(token)


class Tasks(ImmediateBackend):
    def _execute_task(self, task_result: Any) -> None:
        subject = left_alone.get()
        if subject is None or not indexes(task_result, subject):
            super()._execute_task(task_result)


def indexes(task_result: Any, subject: Model) -> bool:
    """Whether a task would write an object, or rows that are part of one, to an index."""
    if task_result.task.name not in INDEXING:
        return False
    app_label, model_name, key = task_result.args
    label = f"{app_label}.{model_name}"
    if label == subject._meta.label_lower:
        return key == str(subject.pk)
    rows = [relation.related_model for relation in get_all_child_relations(type(subject))]
    return label in [model._meta.label_lower for model in rows]
