"""Forgets what was made permanent so long ago that no calendar need show it."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand

from cms.scheduling.models import CompletedChange
from pages import clock


class Command(BaseCommand):
    help = "Delete completed changes older than COMPLETED_CHANGES_DAYS; run it once a day."

    def handle(self, *, verbosity, **options):
        before = clock.now() - timedelta(days=settings.COMPLETED_CHANGES_DAYS)
        # The indexes follow from those that are not indexed yet.
        old = CompletedChange.objects.filter(completed_at__lt=before, is_indexed=True)
        count, _ = old.delete()
        if verbosity:
            self.stdout.write(f"Deleted {count} completed changes.")
