"""The mails that are written and, until they are sent, wait."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from pages import clock

__all__ = ["EXPIRES_SOON", "LostPassword", "Notification"]

EXPIRES_SOON = "editing.expires_soon"


class Notification(models.Model):
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=255)
    step = models.CharField(max_length=255)
    # Of what is announced, such as an expiry: it is announced once.
    moment = models.DateTimeField(null=True)
    subject = models.TextField()
    text = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    send_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "editing"
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "content_type", "object_id", "moment"],
                condition=Q(step=EXPIRES_SOON),
                name="editing_notification_expiry_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["send_at"], condition=Q(sent_at=None), name="editing_notification_to_send"
            ),
            models.Index(fields=["content_type", "object_id"], name="editing_notification_about"),
        ]

    def __str__(self):
        return f"{self.subject}, to {self.recipient}"


class LostPassword(models.Model):
    """An address that someone asked for at the form for a lost password, until a mail was sent.

    The link is made when it is sent, so that no one finds it here.
    """

    email = models.EmailField(max_length=254, unique=True)
    asked_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    send_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "editing"

    def __str__(self):
        return f"Lost password, asked for at {self.asked_at}"
