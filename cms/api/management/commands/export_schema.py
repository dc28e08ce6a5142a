"""Writes what follows from the schema to the contract, or says how the contract has drifted."""

import difflib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms.api.schema.public import possible_types_text, schema_text

FILES = {"schema.graphql": schema_text, "possible_types.json": possible_types_text}


class Command(BaseCommand):
    help = (
        f"Write {' and '.join(FILES)} to frontend_contract/. With --check, only compare and report."
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Write nothing; fail on drift.")

    def handle(self, *, check, **options):
        folder = Path(settings.FRONTEND_CONTRACT)
        drifted = [
            name
            for name, generate in FILES.items()
            if not self.is_up_to_date(folder / name, generate(), check=check)
        ]
        if drifted:
            raise CommandError("The schema has changed. Run `make contract` and commit the result.")

    def is_up_to_date(self, path: Path, generated: str, *, check: bool) -> bool:
        """Whether a file is as it should be, which without ``check`` it is made."""
        committed = path.read_text() if path.exists() else ""
        if generated == committed:
            self.stdout.write(f"{path.name} is up to date.")
            return True
        if check:
            lines = difflib.unified_diff(
                committed.splitlines(),
                generated.splitlines(),
                f"committed {path.name}",
                f"generated {path.name}",
                lineterm="",
            )
            self.stderr.write("\n".join(lines))
            return False
        path.parent.mkdir(exist_ok=True)
        path.write_text(generated)
        self.stdout.write(f"Wrote {path.name}.")
        return True
