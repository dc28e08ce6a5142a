"""Nobody in the admin approves what they were not shown, whichever of its views they post to.

Wagtail's own views approve by the number of a step alone, and its form while it saves an edit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib import messages
from django.urls import reverse
from wagtail.models import TaskState

from cms.admin.refusals.refusal import Refusal
from cms.scheduling.plans import is_at_work

__all__ = ["NotLookedAt", "check_looked_at", "looked_at", "review_url"]

shown: ContextVar[int | None] = ContextVar("shown", default=None)


def review_url(step: TaskState) -> str:
    return reverse("review", args=(step.pk,))


class NotLookedAt(Refusal):
    """Somebody approves a step who was not shown what changes, and is led to where it is."""

    reasons = ["Nothing was approved yet: look at what changes, and decide."]
    code = "NOT_LOOKED_AT"
    level = messages.WARNING

    def __init__(self, step: TaskState):
        super().__init__(step)
        self.address = review_url(step)


@contextmanager
def looked_at(step: TaskState) -> Iterator[None]:
    token = shown.set(step.pk)
    try:
        yield
    finally:
        shown.reset(token)


def check_looked_at(step: TaskState) -> None:
    """Once it is approved, in the transaction that is undone by this.

    Code that is not at work for somebody in the admin, as a command, may approve.

    :raises NotLookedAt:
    """
    if is_at_work() and shown.get() != step.pk:
        raise NotLookedAt(step)
