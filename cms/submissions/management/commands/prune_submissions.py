"""Deletes answers to forms whose time is over."""

from django.core.management.base import BaseCommand, CommandError

from cms.submissions.retention import delete_what_is_over


class Command(BaseCommand):
    help = "Delete answers to forms whose retention time is over; schedulers do so every hour."

    def handle(self, *, verbosity, **options):
        deleted = delete_what_is_over()
        if verbosity:
            self.stdout.write(f"Deleted {deleted.answers} answers to forms.")
        if left := deleted.files_left:
            raise CommandError(
                f"{left} file{'s' * (left != 1)} of deleted answers could not be removed: the log"
                " says why. Run this again, or leave it to a scheduler, which does so every hour."
            )
