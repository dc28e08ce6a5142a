"""The link by which a person's own calendar reads the one of the admin."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from pages import clock

__all__ = ["CalendarLink"]

# A link in use is not written to more often than this.
USE_IS_NOTED_EVERY = timedelta(minutes=10)


class CalendarLinkManager(models.Manager):
    def renew(self, user: AbstractBaseUser) -> str:
        """The secret of a new link, which ends the one before; only its digest is kept."""
        secret = secrets.token_urlsafe(32)
        fields = {"digest": digest_of(secret), "made_at": clock.now(), "last_used_at": None}
        self.update_or_create(user=user, defaults=fields)
        return secret

    def opened_by(self, secret: str) -> CalendarLink | None:
        """The link of a secret, if whom it belongs to may still enter the admin."""
        link = self.filter(digest=digest_of(secret)).select_related("user").first()
        if link and link.user.is_active and link.user.has_perm("wagtailadmin.access_admin"):
            return link
        return None


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


class CalendarLink(models.Model):
    """Lets a person's own calendar show the one of the admin, as this person sees it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_link"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    objects = CalendarLinkManager()

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "editing"

    def __str__(self):
        return f"Calendar link of {self.user}"

    def note_use(self) -> None:
        now = clock.now()
        if self.last_used_at is None or now - self.last_used_at >= USE_IS_NOTED_EVERY:
            CalendarLink.objects.filter(pk=self.pk).update(last_used_at=now)
