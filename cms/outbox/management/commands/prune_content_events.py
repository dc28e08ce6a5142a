"""Forgets content events that no frontend can ask for any more."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand

from cms.outbox.models import ContentEvent
from pages import clock

# A cursor may be older than what its reader was told last.
DAYS_TO_SPARE = 1


class Command(BaseCommand):
    help = "Delete content events older than CONTENT_EVENTS_DAYS; run it once a day."

    def handle(self, *, verbosity, **options):
        days = settings.CONTENT_EVENTS_DAYS + DAYS_TO_SPARE
        count, _ = ContentEvent.objects.filter(at__lt=clock.now() - timedelta(days=days)).delete()
        if verbosity:
            self.stdout.write(f"Deleted {count} content events.")
