"""Gives an empty site its first content. A site that has any is left exactly as it is."""

from typing import Any

from django.core.management.base import BaseCommand

from pages import starter


class Command(BaseCommand):
    help = "Load the working group's first content, unless the site has content already."

    def handle(self, **options: Any) -> None:
        if starter.load(self.report):
            self.stdout.write("Loaded the starter content.")
        else:
            self.stdout.write("The site has content already: no starter content was loaded.")

    def report(self, what: str) -> None:
        self.stdout.write(f"Loading starter content: {what}")
