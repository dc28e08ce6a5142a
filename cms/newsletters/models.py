"""The mail of an edition, and what has become of it for each subscriber."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from pages import clock

__all__ = ["Delivery", "DeliveryState", "Mailing", "MailingState"]


class MailingState(models.TextChoices):
    WAITING = "waiting", "About to be sent"
    SENDING = "sending", "Being sent"
    PAUSED = "paused", "Paused"
    STOPPED = "stopped", "Stopped"
    DONE = "done", "Sent"


class Mailing(models.Model):
    """An edition has one, for all time: it is sent once.

    What is sent is fixed when sending begins. ``due_at`` is when a worker takes it up, or takes it
    from one that has ended; null once nothing is left to do.
    """

    page = models.OneToOneField(
        "pages.NewsletterPage", on_delete=models.SET_NULL, null=True, related_name="mailing"
    )
    site = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=20)
    subject = models.TextField()
    html = models.TextField(blank=True)
    text = models.TextField(blank=True)
    state = models.CharField(
        max_length=10, choices=MailingState.choices, default=MailingState.WAITING
    )
    problem = models.TextField(blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(default=clock.now, null=True, db_index=True)
    attempts = models.PositiveIntegerField(default=0)
    # Mails that the mail server did not take for now, and those that it refused for good, since it
    # last took one: many of them are not about addresses.
    deferred_in_a_row = models.PositiveIntegerField(default=0)
    refused_in_a_row = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "mailing"
        default_permissions = ()
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.subject


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    # The mail server has it, or may have: it is handed over once.
    HANDED_OVER = "handed over", "Being handed over"
    SENT = "sent", "Sent"
    IN_DOUBT = "in doubt", "In doubt"
    FAILED = "failed", "Failed"
    LEFT_OUT = "left out", "Left out"


class Delivery(models.Model):
    """A mailing to one subscriber."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(
        "subscriptions.Subscriber", on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(
        max_length=12, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    problem = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    # When it may be tried again; null if at once.
    retry_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=clock.now)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["mailing", "subscriber"], name="newsletters_delivery_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["mailing", "id"], condition=Q(state="waiting"), name="newsletters_waiting"
            ),
            models.Index(fields=["changed_at"], name="newsletters_delivery_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.mailing} to {self.subscriber_id}"
