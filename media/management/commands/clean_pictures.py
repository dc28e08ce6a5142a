"""Takes out of all stored pictures what cameras noted, and turns them upright."""

from django.core.management.base import BaseCommand, CommandError

from media.models import Image
from media.pictures.reading import PictureRefused
from media.stored_pictures import clean_stored


class Command(BaseCommand):
    help = (
        "Take place, time, device and names out of all pictures that are stored already, and turn"
        " them upright. It may run beside the site, be stopped, and be run again."
    )

    def handle(self, *, verbosity: int, **options):
        keys = list(Image.objects.order_by("pk").values_list("pk", "title"))
        changed, left = 0, 0
        for number, (key, title) in enumerate(keys, start=1):
            try:
                changed += clean_stored(key)
            except PictureRefused as refused:
                left += 1
                self.stderr.write(f"Picture {key} ({title!r}) was left alone: {refused.message}")
            except OSError as problem:
                left += 1
                self.stderr.write(f"Picture {key} ({title!r}) cannot be read: {problem.strerror}.")
            if verbosity and (number % 10 == 0 or number == len(keys)):
                self.stdout.write(f"{number} of {len(keys)} pictures, {changed} of them changed")
                self.stdout.flush()
        if left:
            raise CommandError(f"{left} pictures were left as they were: upload them anew.")
