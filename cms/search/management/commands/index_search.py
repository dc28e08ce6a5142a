"""Writes what the index lacks in which readers search."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from cms.search.writing import compare_promoted_anew, fill_gaps, forget_everything

__all__ = ["Command"]


class Command(BaseCommand):
    """For what was written past the site, as by SQL; `migrate` runs it by itself."""

    help = "Write what the search of readers lacks: pages, people, organisations and documents."

    def add_arguments(self, parser):
        parser.add_argument(
            "--anew", action="store_true", help="Write everything anew; readers go on meanwhile."
        )

    def handle(self, *args, anew=False, verbosity=1, **options):
        if anew:
            forget_everything()
        compare_promoted_anew()
        done = fill_gaps(lambda done: self.say(f"Indexed: {done}", verbosity))
        if anew or done:
            self.say(f"Readers can search all that is published; {done} were written.", verbosity)

    def say(self, what: str, verbosity: int) -> None:
        if verbosity:
            self.stdout.write(what)
