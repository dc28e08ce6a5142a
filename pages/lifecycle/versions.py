"""What was approved is what goes out: an approved version is fixed, and the next may be written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils.functional import cached_property
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.locks import BaseLock, ScheduledForPublishLock
from wagtail.models import DraftStateMixin, Revision
from wagtail.models.revisions import RevisionQuerySet

from pages import clock
from pages.lifecycle.seen import is_due

__all__ = [
    "ApprovalsAtRisk",
    "AsOf",
    "Ends",
    "FixedVersions",
    "KeepApprovals",
    "about_to_go_out",
]

FORGET = {"approved_go_live_at": None}

# Someone publishes or schedules a version, ``instance``, for a moment or for now (None): its object
# has not been written yet. ``revision`` is None where it is the newest. Who listens may refuse.
about_to_go_out = Signal()


class ApprovalsAtRisk(Exception):
    """Wagtail forgets approvals in another way than the one that is known here.

    Refused, because those of versions to come would be lost without a word.
    """

    def __init__(self, what: str):
        super().__init__(f"{what}: see `Versions.update` in docs/internals.md.")


@dataclass(frozen=True)
class AsOf:
    """The moment that a version is published for.

    ``go_live_at`` is what editors entered as that. A page ``moves`` if its address changes, and is
    mirrored if it has aliases.
    """

    moment: datetime
    revision: Revision
    go_live_at: datetime | None
    moves: bool
    is_mirrored: bool


class Ends(Enum):
    """What ends of what is planned for an object when it is unpublished."""

    EVERYTHING = "everything"
    # What is to come, comes.
    DUE = "due"
    # It is unpublished as was planned too.
    NOTHING = "nothing"


class Versions(RevisionQuerySet):
    """The versions of an object, several of which may be approved for moments to come.

    Wagtail plans one change ahead: whatever it publishes or schedules, it then forgets the
    approvals of all other versions, in one ``update``. Here that forgets only those that are
    overtaken. Any other ``update`` of approvals is refused.
    """

    subject: Any = None

    def _clone(self):
        clone = super()._clone()
        clone.subject = self.subject
        return clone

    def update(self, **changes):
        if not changes.keys() & FORGET.keys():
            return super().update(**changes)
        if changes != FORGET:
            raise ApprovalsAtRisk("Approvals are updated in a way that is not known here")
        self.subject.forgot_approvals = True
        if self.goes_out():
            about_to_go_out.send(
                sender=type(self.subject),
                instance=self.subject,
                revision=self.subject.going_out,
                moment=self.subject.go_live_at if self.is_scheduling() else None,
            )
        return super(Versions, self.overtaken()).update(**changes)

    def goes_out(self) -> bool:
        """Whether someone publishes or schedules it; a scheduler does not, nor who unpublishes."""
        by_hand = not self.subject.as_of and self.subject.ends is None
        return by_hand and (self.subject.live or self.is_scheduling())

    def is_scheduling(self) -> bool:
        return bool(self.subject.go_live_at and self.subject.go_live_at > clock.now())

    def overtaken(self) -> Versions:
        """Approvals that end with what is being done, which Wagtail has noted on the object."""
        if self.subject.as_of:
            return self.exclude(self.later(self.subject.as_of))
        due = self.filter(approved_go_live_at__lte=clock.now())
        if self.subject.ends is not None:
            ends = {Ends.EVERYTHING: self, Ends.DUE: due, Ends.NOTHING: self.none()}
            return ends[self.subject.ends]
        if self.is_scheduling():
            # It is being scheduled, in the place of what was scheduled for the same moment.
            return self.filter(approved_go_live_at=self.subject.go_live_at)
        if not self.subject.live:
            return self  # It is being unpublished: nothing brings it back.
        # It is being published: what is to come, comes, but for what comes with that already.
        going_out = self.subject.going_out
        return due | self.filter(pk=going_out.pk) if going_out else due

    def later(self, as_of: AsOf) -> Q:
        """Approved to go live after that, in the order in which they do."""
        at, written = as_of.moment, as_of.revision.created_at
        newer = Q(approved_go_live_at=at, created_at__gt=written)
        newest = Q(approved_go_live_at=at, created_at=written, pk__gt=as_of.revision.pk)
        return Q(approved_go_live_at__gt=at) | newer | newest


class KeepApprovals(PublishRevisionAction):
    """Publishes or schedules, and undoes it if Wagtail went past ``Versions.update``."""

    def execute(self, skip_permission_checks=False):
        # Apart: what may not be published leaves a transaction that it is asked in as it was.
        self.check(skip_permission_checks=skip_permission_checks)
        with transaction.atomic(savepoint=False):
            self.object.forgot_approvals = False
            self.object.going_out = self.revision
            result = super().execute(skip_permission_checks=True)
            if not self.object.forgot_approvals:
                raise ApprovalsAtRisk("Approvals were not forgotten through the object's versions")
        return result


class FixedVersions(models.Model):
    """Several changes to come, each of which goes out as it was when it was approved."""

    live: bool
    # While a version is being published for a moment that may be past.
    as_of: AsOf | None = None
    # Which of its revisions is being published, where that is known. If not, it is the newest.
    going_out: Revision | None = None
    # Of a page that goes out: whether readers have not seen it at its address.
    changes_address = False
    # Of a page: whether its slug was, or will be, compared with those that others have then.
    address_is_planned = False
    # Whether Wagtail has come by ``Versions.update``, which decides what becomes of them.
    forgot_approvals = False
    # While it is being unpublished: what ends with that of what is planned.
    ends: Ends | None = None

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Readers have seen it since its moment, while Wagtail notes when it was published."""
        if self.as_of:
            self.last_published_at = self.as_of.moment
            self.go_live_at = self.as_of.go_live_at
        super().save(*args, **kwargs)

    def unpublish(self, set_expired=False, **kwargs):
        """Wagtail does nothing to what is not live, which readers may see by the clock."""
        self.ends = Ends.NOTHING if set_expired else self.ends or Ends.EVERYTHING
        self.live = self.live or (not set_expired and is_due(self))
        super().unpublish(set_expired=set_expired, **kwargs)

    @property
    def revisions(self):
        versions = Versions(Revision).for_instance(self)
        versions.subject = self
        return versions

    @cached_property
    def scheduled_revision(self):
        """The one that goes live next."""
        approved = self.revisions.filter(approved_go_live_at__isnull=False)
        return approved.order_by("approved_go_live_at", "created_at", "pk").first()

    def get_lock(self) -> BaseLock | None:
        """Wagtail locks what is scheduled, since it could not tell the versions apart."""
        lock = super().get_lock()
        if not isinstance(lock, ScheduledForPublishLock):
            return lock
        task = self.current_workflow_task
        locked = super(DraftStateMixin, self).get_lock()
        return locked or (task and task.lock_class(self, task))

    def save_revision(self, *args, overwrite_revision=None, **kwargs):
        """Wagtail goes on writing to the version that an editor's window has begun.

        In the meantime it may have been approved, or be what readers see: then a new one begins.
        """
        if overwrite_revision and self.is_fixed(overwrite_revision):
            overwrite_revision = None
        return super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)

    def is_fixed(self, revision: Revision) -> bool:
        approved = Revision.objects.filter(pk=revision.pk, approved_go_live_at__isnull=False)
        live = type(self)._base_manager.filter(pk=self.pk, live_revision=revision)
        return approved.exists() or live.exists() or is_relied_on(revision)


def is_relied_on(revision: Revision) -> bool:
    """Whether something, such as a release, keeps the revision from being purged."""
    relations = (
        field
        for field in Revision._meta.get_fields(include_hidden=True)
        if isinstance(field, models.ManyToOneRel)
        and field.on_delete not in (models.CASCADE, models.SET_NULL, models.DO_NOTHING)
    )
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: revision}).exists()
        for relation in relations
    )
