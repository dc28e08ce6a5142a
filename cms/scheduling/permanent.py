"""Publishes and unpublishes one object as of the moment it was approved for, which may be past.

Readers have seen it since then, and under that date. Wagtail would take the real time, would
schedule anew what the editor had entered another time in, and would forget every other schedule of
the object, also what is to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import (
    CharField,
    Exists,
    Model,
    OuterRef,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast
from wagtail.actions.unpublish import UnpublishAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, Revision, WorkflowState

from cms.database.statements import Given, Question
from cms.perspective.objects import base_model, base_type_of, moment_in
from cms.perspective.readable import check_readable, reading
from cms.scheduling.tasks import indexes_left_alone
from pages.lifecycle.rows import leave_rows_that_stay
from pages.lifecycle.versions import AsOf, Ends

__all__ = ["Publication", "rows_and_aliases", "unpublish"]


@dataclass(frozen=True)
class Surroundings(Question):
    """Whether others mirror an object, and whether a workflow is under way."""

    model: type[Model]

    def queryset(self):
        mirrors = Page._base_manager.filter(alias_of=OuterRef("pk"))
        workflows = WorkflowState.objects.active().filter(
            base_content_type=base_type_of(self.model), object_id=Cast(OuterRef("pk"), CharField())
        )
        return self.model._base_manager.filter(pk=Given("key", self.model._meta.pk)).values_list(
            Exists(mirrors) if self.model is Page else Value(False),
            Exists(workflows),
        )


class Earlier(NamedTuple):
    """In the place of a revision, which knows what it is of."""

    content_object: Any


class Publication:
    """A revision that is published as it was approved, at the moment it was approved for.

    Who does it was allowed to when it was approved, and is not asked again; so when unpublishing.
    """

    def __init__(
        self,
        revision: Revision,
        subject: Any,
        *,
        at: datetime,
        user: AbstractBaseUser | None = None,
        log_action: str = "wagtail.publish.scheduled",
    ):
        self.subject = subject
        self.base = values_of(subject)
        surroundings = Surroundings(base_model(type(subject)))
        [(is_mirrored, in_workflow)] = surroundings.ask(key=subject.pk)
        subject.first_published_at = subject.first_published_at or at
        entered = moment_in(revision, "go_live_at")
        with reading(type(subject), revision.content):
            revision.content = {**revision.content, "go_live_at": None}
            revision.content_object = subject
            self.action = subject.publish_action(revision, user=user, log_action=log_action)
            self.published = self.action.object
        # What is missing is told by ``check``, in better words.
        check_readable(self.published, may_have_gaps=True)
        self.as_of = self.published.as_of = AsOf(
            at,
            revision,
            go_live_at=entered,
            moves=isinstance(subject, Page) and subject.slug != self.published.slug,
            is_mirrored=is_mirrored,
        )
        self.answer_for_wagtail(in_workflow=in_workflow)

    def answer_for_wagtail(self, *, in_workflow: bool) -> None:
        """What Wagtail would ask of the database, one by one, while the object is locked."""
        if not in_workflow:
            self.published._current_workflow_states = []
        if not self.as_of.moves:
            self.published._is_site_root = False  # Then there is no address to be forgotten.
        # It says what the object was called, as an earlier version leads to what it is now.
        vars(self.as_of.revision)["get_previous"] = lambda: Earlier(self.subject)

    @property
    def reaches_others(self) -> bool:
        return self.as_of.moves or self.as_of.is_mirrored

    def check(self) -> None:
        """Raise ``NotPublishable`` if it cannot be published.

        If that is asked ahead of time, there is less to do when it is published.
        """
        self.action.check(skip_permission_checks=True)
        leave_rows_that_stay(self.published)

    def is_of(self, row: Any) -> bool:
        """Whether an object is, but for its content, as it was when this was made."""
        return self.base == values_of(row)

    def execute(self) -> None:
        """Publish it, but for the indexes that editors use, which are left to the caller."""
        with indexes_left_alone(self.subject):
            self.action.execute(skip_permission_checks=True)
        if self.reaches_others:
            for rows in rows_and_aliases(self.subject):
                rows.update(last_published_at=self.as_of.moment, go_live_at=self.as_of.go_live_at)


def values_of(subject: Any) -> dict[str, Any]:
    """What an object's base model has of it, which for a page is little of its content."""
    fields = base_model(type(subject))._meta.concrete_fields
    return {field.attname: field.value_from_object(subject) for field in fields}


def unpublish(
    subject: Any,
    *,
    expired: bool,
    user: AbstractBaseUser | None = None,
    log_action: str = "wagtail.unpublish.scheduled",
) -> None:
    action = UnpublishPageAction if isinstance(subject, Page) else UnpublishAction
    subject.ends = Ends.NOTHING
    action(subject, set_expired=expired, user=user, log_action=log_action).execute(
        skip_permission_checks=True
    )


def rows_and_aliases(subject: Any) -> Iterator[QuerySet]:
    """The row of an object; of a page also those that mirror it."""
    model = base_model(type(subject))
    yield model._base_manager.filter(pk=subject.pk)
    if model is Page:
        rows = aliases_of([subject.pk])
        while rows:
            yield rows
            rows = aliases_of([row.pk for row in rows])


def aliases_of(keys: list[int]) -> QuerySet:
    return Page._base_manager.filter(alias_of__in=keys)
