"""Takes off the list whom a bounce or a complaint is about."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from cms.subscriptions.reports import NotRecorded, record_report

# Reports give back the mail, or the beginning of it.
MOST_BYTES = 10_000_000
# What mail servers take as: try again later (EX_TEMPFAIL in sysexits.h).
TRY_AGAIN = 75


class Command(BaseCommand):
    """For a mail server that hands over each mail to the address that bounces go to."""

    help = "Take off the list whom a bounce or complaint, read from standard input, is about."

    def handle(self, *, verbosity, **options):
        content = sys.stdin.buffer.read(MOST_BYTES)
        try:
            record_report(content)
        except NotRecorded as reason:
            self.say(f"Nobody was taken off the list. {reason}", verbosity)
        except DatabaseError as error:
            raise CommandError(
                "The database does not answer: hand this report over again later.",
                returncode=TRY_AGAIN,
            ) from error
        else:
            self.say("Taken off the list.", verbosity)

    def say(self, what: str, verbosity: int) -> None:
        if verbosity:
            self.stdout.write(what)
