"""Forgets what readers searched for in vain long ago."""

from django.core.management.base import BaseCommand

from cms.search.in_vain import forget_old


class Command(BaseCommand):
    help = "Delete searches that found nothing older than SEARCHES_IN_VAIN_DAYS; once a day."

    def handle(self, *, verbosity, **options):
        count = forget_old()
        if verbosity:
            self.stdout.write(f"Deleted {count} searches that found nothing.")
