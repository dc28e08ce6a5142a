"""Wagtail's tasks: run at once, but for those that somebody sees to later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django_tasks.backends.immediate import ImmediateBackend

__all__ = ["Tasks", "indexes_left_alone"]

INDEXING = {"insert_or_update_object_task", "update_reference_index_task"}

left_alone: ContextVar[bool] = ContextVar("left_alone", default=False)


@contextmanager
def indexes_left_alone() -> Iterator[None]:
    """Save without writing to the indexes of search and of references, which is up to the caller.

    Wagtail writes to that of references again for each row that is part of what is saved.
    """
    token = left_alone.set(True)
    try:
        yield
    finally:
        left_alone.reset(token)


class Tasks(ImmediateBackend):
    def _execute_task(self, task_result: Any) -> None:
        if not (left_alone.get() and task_result.task.name in INDEXING):
            super()._execute_task(task_result)
