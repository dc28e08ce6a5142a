"""Deletes answers to forms whose time is over."""

from django.core.management.base import BaseCommand

from cms.submissions.retention import delete_what_is_over


class Command(BaseCommand):
    help = "Delete answers to forms whose retention time is over; schedulers do so every hour."

    def handle(self, *, verbosity, **options):
        count = delete_what_is_over()
        if verbosity:
            self.stdout.write(f"Deleted {count} answers to forms.")
