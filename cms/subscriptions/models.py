"""Those who get newsletters, or wanted to, or must not get them any more."""

import uuid

from django.db import models
from django.db.models.functions import Lower

from pages import clock

__all__ = ["Subscriber", "SubscriberState"]


class SubscriberState(models.TextChoices):
    ASKED = "asked", "Asked to confirm"
    SUBSCRIBED = "subscribed", "Subscribed"
    LEFT = "left", "Unsubscribed"
    BOUNCED = "bounced", "Mails come back"
    COMPLAINED = "complained", "Complained"


class Subscriber(models.Model):
    """Someone's address on the list of one site.

    It gets newsletters in the state ``SUBSCRIBED`` alone. What was consented to is kept in the
    words of that day.
    """

    site = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="+")
    email = models.EmailField("e-mail address", max_length=254)
    language = models.CharField(max_length=20)
    state = models.CharField(
        max_length=10, choices=SubscriberState.choices, default=SubscriberState.ASKED
    )
    consent_text = models.TextField()
    asked_at = models.DateTimeField("asked", default=clock.now)
    confirmed_at = models.DateTimeField("confirmed", null=True, blank=True)
    # When it came into its state.
    changed_at = models.DateTimeField("since", default=clock.now)
    # Whoever has them may confirm, or leave: they are in mails to this address alone.
    confirmation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    leaving_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Of the mail that asks to confirm; null once it is sent, or not wanted.
    mail_due_at = models.DateTimeField(null=True, blank=True, db_index=True, editable=False)
    mail_attempts = models.PositiveIntegerField(default=0, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "subscriber"
        verbose_name_plural = "subscribers"
        default_permissions = ("view", "change", "delete")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint("site", Lower("email"), name="subscriptions_subscriber_once")
        ]

    def __str__(self) -> str:
        return self.email
