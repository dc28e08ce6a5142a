"""Publishes and unpublishes one object as of the moment it was approved for, which may be past.

Readers have seen it since then, and under that date. Wagtail would take the real time, would
schedule anew what the editor had entered another time in, and would forget every other schedule of
the object, also what is to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from wagtail.actions.unpublish import UnpublishAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, Revision

from cms.publishing.changes import base_model
from cms.publishing.tasks import indexes_left_alone
from pages.models.base import leave_rows_that_stay
from pages.models.versions import AsOf

__all__ = ["Publication", "rows_and_aliases", "unpublish"]


def reaches_others(subject: Any) -> bool:
    """Whether what is done to it is done to other rows too: those that mirror it."""
    return isinstance(subject, Page) and aliases_of([subject.pk]).exists()


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
        subject.first_published_at = subject.first_published_at or at
        entered = revision.content.get("go_live_at")
        revision.content = {**revision.content, "go_live_at": None}
        revision.content_object = subject
        self.action = subject.publish_action(revision, user=user, log_action=log_action)
        published = self.action.object
        self.as_of = published.as_of = AsOf(
            at,
            revision,
            go_live_at=parse_datetime(entered) if entered else None,
            moves=isinstance(subject, Page) and subject.slug != published.slug,
        )

    @cached_property
    def reaches_others(self) -> bool:
        return self.as_of.moves or reaches_others(self.subject)

    def check(self) -> None:
        """Raise ``NotPublishable`` if it cannot be published.

        If that is asked ahead of time, there is less to do when it is published.
        """
        self.action.check(skip_permission_checks=True)
        leave_rows_that_stay(self.action.object)

    def is_of(self, row: Any) -> bool:
        """Whether an object is, but for its content, as it was when this was made."""
        return self.base == values_of(row)

    def execute(self) -> None:
        """Publish it, but for the indexes that editors use, which are left to the caller."""
        with indexes_left_alone():
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
    with keep_approvals(subject.revisions):
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


@contextmanager
def keep_approvals(revisions: QuerySet) -> Iterator[None]:
    approved = revisions.filter(approved_go_live_at__isnull=False)
    kept: list[tuple[int, datetime]] = list(approved.values_list("pk", "approved_go_live_at"))
    yield
    for key, moment in kept:
        Revision.objects.filter(pk=key).update(approved_go_live_at=moment)
