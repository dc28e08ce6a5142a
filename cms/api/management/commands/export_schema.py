"""Writes the public schema to the contract, or says how the contract has drifted from it."""

import difflib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms.api.schema.public import schema_text


class Command(BaseCommand):
    help = "Write frontend_contract/schema.graphql. With --check, only compare and report."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Write nothing; fail on drift.")

    def handle(self, *, check, **options):
        path = Path(settings.FRONTEND_CONTRACT) / "schema.graphql"
        generated = schema_text()
        committed = path.read_text() if path.exists() else ""
        if generated == committed:
            self.stdout.write(f"{path.name} is up to date.")
            return
        if check:
            lines = difflib.unified_diff(
                committed.splitlines(),
                generated.splitlines(),
                "committed",
                "generated",
                lineterm="",
            )
            self.stderr.write("\n".join(lines))
            raise CommandError("The schema has changed. Run `make contract` and commit the result.")
        path.parent.mkdir(exist_ok=True)
        path.write_text(generated)
        self.stdout.write(f"Wrote {path.name}.")
