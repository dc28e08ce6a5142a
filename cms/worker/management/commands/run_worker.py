"""Does what takes long: makes the files of pictures, and sends newsletters."""

import logging
import sys

from django.core.management.base import BaseCommand

from cms.scheduling.process.supervisor import keep_running
from cms.worker.process import run


class Command(BaseCommand):
    help = (
        "Make the sizes and formats of pictures when they are uploaded or changed, and send"
        " newsletters, until it is stopped. A worker that is killed is replaced, and what it was"
        " at is done by another. With --verbosity 2, log each step."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--processes",
            type=int,
            choices=range(1, 33),
            default=1,
            metavar="N",
            help="Work in so many processes, one by default.",
        )
        parser.add_argument(
            "--until-input-ends",
            action="store_true",
            help="End when standard input does, as when whoever started it is killed.",
        )

    def handle(self, *, processes, until_input_ends, verbosity, **options):
        if verbosity > 1:
            logging.getLogger("cms").setLevel(logging.INFO)
        lifelines = (sys.stdin.fileno(),) if until_input_ends else ()
        keep_running(run, name="worker", processes=processes, lifelines=lifelines)
