"""Counts the pages of documents that were stored before they were counted."""

from django.core.management.base import BaseCommand

from media.documents.pages import page_count_of
from media.models import Document


class Command(BaseCommand):
    help = (
        "Count the pages of documents of which nobody has yet. It may run beside the site, be"
        " stopped, and be run again."
    )

    def handle(self, *, verbosity: int, **options):
        uncounted = Document.objects.filter(page_count=None).order_by("pk")
        documents = list(uncounted.values_list("pk", flat=True))
        counted = 0
        for number, key in enumerate(documents, start=1):
            counted += self.count(key)
            if verbosity and (number % 10 == 0 or number == len(documents)):
                self.stdout.write(
                    f"{number} of {len(documents)} documents, {counted} of them counted"
                )
                self.stdout.flush()

    def count(self, key: int) -> bool:
        document = Document.objects.filter(pk=key).first()
        if document is None:
            return False
        try:
            with document.open_file() as file:
                count = page_count_of(document.file.name, file)
        except OSError as problem:
            self.stderr.write(f"{document.title!r} cannot be read: {problem.strerror}.")
            return False
        # Only if it is the same file still: another was counted as it came in.
        same = Document.objects.filter(pk=key, file=document.file.name)
        return count is not None and bool(same.update(page_count=count))
