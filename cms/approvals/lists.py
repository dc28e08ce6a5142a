"""Lists of Wagtail's own, with what they show of approvals and locks read once for all rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Prefetch, QuerySet
from wagtail.models import GroupApprovalTask, TaskState, WorkflowState, WorkflowTask

__all__ = ["for_locked_pages", "for_pages", "for_workflows"]

# Whoever looks at a page that waits asks its step, as `specific`, what they may do.
STEP = "_current_workflow_states__current_task_state__task__groupapprovaltask"


def for_pages(annotate_queryset: Callable[..., QuerySet]) -> Callable[..., QuerySet]:
    """Of the views that list pages, such as the explorer."""

    @wraps(annotate_queryset)
    def annotated(view: Any, pages: QuerySet) -> QuerySet:
        return with_steps(annotate_queryset(view, pages))

    return annotated


def with_steps(pages: QuerySet) -> QuerySet:
    """Pages whose workflows are prefetched, with the steps in which they wait. There are steps of
    one type alone."""
    steps = GroupApprovalTask.objects.all()
    return pages.prefetch_related(Prefetch(STEP, steps, to_attr="specific"))


def for_locked_pages(get_queryset: Callable[..., QuerySet]) -> Callable[..., QuerySet]:
    @wraps(get_queryset)
    def locked_pages(view: Any) -> QuerySet:
        pages = get_queryset(view).prefetch_workflow_states().prefetch_related("locked_by")
        # Wagtail selects it, which is lost as a page becomes one of its own type.
        pages = pages.select_related(None).prefetch_related("locale")
        pages = pages.annotate_approved_schedule().annotate_site_root_state()
        return with_steps(pages).annotate_has_untranslated_locale()

    return locked_pages


def for_workflows(decorate: Callable[..., list[WorkflowState]]) -> Callable[..., Any]:
    @wraps(decorate)
    def decorated(view: Any, rows: Any) -> list[WorkflowState]:
        states = decorate(view, rows)
        steps = steps_of(states)
        for state in states:
            state.all_tasks_with_status = steps[state.pk]
        return states

    return decorated


def steps_of(states: list[WorkflowState]) -> dict[int, list[dict[str, Any]]]:
    """By state, what ``all_tasks_with_status`` tells of the tasks of its workflow."""
    latest = {
        (each.workflow_state_id, each.task_id): each
        for each in TaskState.objects.filter(workflow_state__in=states).order_by("started_at", "id")
    }
    tasks: dict[int, list[WorkflowTask]] = {}
    for row in WorkflowTask.objects.select_related("task").order_by("sort_order"):
        tasks.setdefault(row.workflow_id, []).append(row)
    return {
        state.pk: [
            step(row, latest.get((state.pk, row.task_id)))
            for row in tasks.get(state.workflow_id, [])
        ]
        for state in states
    }


def step(row: WorkflowTask, begun: TaskState | None) -> dict[str, Any]:
    return {
        "name": row.task.name,
        "status": begun.status if begun else None,
        "status_display": begun.get_status_display() if begun else "Not started",
    }
