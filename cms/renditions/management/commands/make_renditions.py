"""Makes whatever is missing of the files of pictures for the presets."""

from django.core.management.base import BaseCommand, CommandError

from cms.renditions.jobs import do_next, forget_lost_files, note_gaps, waiting


class Command(BaseCommand):
    help = (
        "Make the sizes and formats that pictures lack, as after a change of IMAGE_PRESETS, and try"
        " again what failed. It may run beside the site and its worker, be stopped, and be run"
        " again."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check-files",
            action="store_true",
            help="Look whether each file that is known is there, as after a restored backup.",
        )

    def handle(self, *, check_files: bool, verbosity: int, **options):
        if check_files:
            lost = forget_lost_files()
            if verbosity and lost:
                self.stdout.write(f"Files of {lost} pictures were not there any more.")
        note_gaps(failed_too=True)
        total, done = waiting().count(), 0
        while do_next():
            done += 1
            if verbosity:
                self.stdout.write(f"{done} of {max(done, total)} pictures")
                self.stdout.flush()
        self.tell_what_is_left()

    def tell_what_is_left(self) -> None:
        left = waiting().select_related("image").order_by("pk")
        for job in left:
            problem = job.problem or "A worker is at it."
            self.stderr.write(f"Picture {job.pk} ({job.image.title!r}): {problem}")
        if left:
            raise CommandError(f"{len(left)} pictures still lack files: the reasons are above.")
