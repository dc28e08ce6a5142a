"""Moves a site's uploads from this machine into a bucket, or back."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from media.copied_uploads import Outcome, copied_to_bucket, copied_to_folder, names_in_rows
from media.stored_files import FilesUnavailable, bucket

TO_BUCKET, TO_DISK = "to-bucket", "to-disk"


class Command(BaseCommand):
    help = (
        "Copy all uploads from this machine into the bucket that S3_BUCKET names, or from there to"
        " this machine. Nothing is removed or overwritten; it may be stopped, and be run again."
    )

    def add_arguments(self, parser):
        parser.add_argument("direction", choices=[TO_BUCKET, TO_DISK])
        parser.add_argument(
            "--folder", type=Path, default=settings.MEDIA_ROOT, help="VAR_DIR/uploads by default."
        )

    def handle(self, *, direction: str, folder: Path, verbosity: int, **options):
        found = bucket()
        if found is None:
            raise CommandError("There is no bucket: set S3_BUCKET, as .env.example says.")
        if direction == TO_BUCKET and not folder.is_dir():
            raise CommandError(f"There is no folder {folder}: name that of the uploads.")
        copy = copied_to_bucket if direction == TO_BUCKET else copied_to_folder
        outcomes: Counter[Outcome] = Counter()
        there = set()
        try:
            if direction == TO_BUCKET and (problems := found.problems()):
                raise CommandError(" ".join(problems))
            for name, outcome in copy(folder, found):
                outcomes[outcome] += 1
                there.add(name)
                if outcome is Outcome.ANOTHER:
                    self.stderr.write(f"{name} is another file there, and was left as it is.")
                if verbosity and outcomes.total() % 100 == 0:
                    self.say(f"{outcomes.total()} files")
        except FilesUnavailable as problem:
            raise CommandError(
                f"{problem.strerror}. What was copied stays: run it again."
            ) from problem
        except OSError as problem:
            raise CommandError(f"{problem.filename}: {problem.strerror}.") from problem
        for name in sorted(names_in_rows() - there):
            self.stderr.write(f"{name} belongs to a picture or document, and is missing.")
        if verbosity:
            copied, same = outcomes[Outcome.COPIED], outcomes[Outcome.SAME]
            self.say(f"{copied} files copied, {same} were there already. Nothing was removed.")
        if outcomes[Outcome.ANOTHER]:
            raise CommandError(
                f"{outcomes[Outcome.ANOTHER]} files are others there: remove the wrong ones, and"
                " run it again."
            )

    def say(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()
