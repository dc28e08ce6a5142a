"""What is to be made of each picture, and what came of it."""

from django.db import models

from media.models import Image

__all__ = ["RenditionJob"]


class RenditionJob(models.Model):
    """Of one picture: whether its files for the presets are made, or when to make them."""

    image = models.OneToOneField(
        Image, primary_key=True, on_delete=models.CASCADE, related_name="rendition_job"
    )
    # What all of them were made of, once they are: see ``jobs.all_made_of``.
    made_of = models.CharField(max_length=64, blank=True)
    # Since when they are wanted, for whoever asks how long that takes.
    wanted_at = models.DateTimeField(null=True, blank=True)
    # From when on to take it up. Null: there is nothing to do, or it was given up.
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Why it failed, in a sentence.
    problem = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.image_id}: {self.problem or self.due_at or 'made'}"
