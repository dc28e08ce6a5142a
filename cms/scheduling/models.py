"""What the scheduler keeps: what it has made permanent, what failed, and that it is there."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q

__all__ = ["LONGEST_NAME", "CompletedChange", "FailedChange", "Heartbeat"]

LATE = timedelta(minutes=1)
# Of a kind of scheduled change.
LONGEST_NAME = 10


class ScheduledChange(models.Model):
    """What was to happen to which object, and when. Its title outlives the object."""

    # The name of its kind: see ``kinds``.
    action = models.CharField(max_length=LONGEST_NAME)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=255)
    title = models.TextField()
    due_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.title}: {self.action} at {self.due_at.isoformat()}"


class CompletedChangeQuerySet(models.QuerySet):
    def late(self):
        """What readers saw on time, and was made permanent noticeably later."""
        return self.filter(completed_at__gte=F("due_at") + LATE)


class CompletedChange(ScheduledChange):
    completed_at = models.DateTimeField(db_index=True)
    # What editors search for, and what refers to what, follows what has gone live.
    is_indexed = models.BooleanField(default=True)

    objects = CompletedChangeQuerySet.as_manager()

    class Meta:
        app_label = "publishing"
        indexes = [
            models.Index(
                fields=["id"], condition=Q(is_indexed=False), name="publishing_to_be_indexed"
            )
        ]

    @property
    def late_by(self) -> timedelta:
        return self.completed_at - self.due_at

    @property
    def is_late(self) -> bool:
        return self.late_by >= LATE


class FailedChange(ScheduledChange):
    """A change that could not be made, until it succeeds or is no longer scheduled."""

    revision = models.OneToOneField(
        "wagtailcore.Revision", null=True, on_delete=models.CASCADE, related_name="+"
    )
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    attempts = models.PositiveIntegerField(default=0)
    reason = models.TextField()
    failed_at = models.DateTimeField()
    retry_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "publishing"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "content_type", "object_id"],
                condition=Q(revision__isnull=True),
                name="publishing_failed_change_once",
            ),
        ]


class Heartbeat(models.Model):
    """A scheduler, and when it was last at work."""

    name = models.CharField(max_length=255, unique=True)
    beaten_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "publishing"

    def __str__(self):
        return f"{self.name} at {self.beaten_at.isoformat()}"
