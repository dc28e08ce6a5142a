"""That a translation says what its original does, though that was published after it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import Revision

__all__ = ["UpToDateNote"]


class UpToDateNote(models.Model):
    """Somebody has looked at what changed in the original, and the translation needs nothing.

    It holds for that publication of the original: the next one is looked at anew. What was noted
    before is in the history of the translation.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField("translation", max_length=255)
    original_published_at = models.DateTimeField("the original was published")
    # The version of the original that was looked at.
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    noted_at = models.DateTimeField()

    # It names nothing that an editor would look for.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "note that a translation is up to date"
        verbose_name_plural = "notes that translations are up to date"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="translation_uptodatenote_one_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.content_type} {self.object_id}"
