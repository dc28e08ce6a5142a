"""Makes scheduled changes permanent, at their second."""

import logging
import signal
import sys

from django.core.management.base import BaseCommand, CommandError

from cms.scheduling.durable import make_due_changes
from cms.scheduling.failures import still_scheduled
from cms.scheduling.process.alarm import Alarm
from cms.scheduling.process.heartbeat import Pulse
from cms.scheduling.process.scheduler import run, use_the_time
from cms.scheduling.process.supervisor import keep_running


class Command(BaseCommand):
    help = (
        "Publish what is scheduled to go live and unpublish what expires, when it is due, until it"
        " is stopped. With --once, do what is due now and end. With --verbosity 2, log each."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--once", action="store_true", help="Do what is due; exit with 1 if anything failed."
        )
        parser.add_argument(
            "--processes",
            type=int,
            choices=range(1, 33),
            metavar="N",
            help="Run in so many processes, and replace one that is killed at once.",
        )

        parser.add_argument(
            "--until-input-ends",
            action="store_true",
            help="End when standard input does, as when whoever started it is killed.",
        )

    def handle(self, *, once, processes, until_input_ends, verbosity, **options):
        if verbosity > 1:
            logging.getLogger("cms.scheduling").setLevel(logging.INFO)
        if once:
            Pulse().beat()
            make_due_changes()
            use_the_time()
            failed = still_scheduled().count()
            if failed:
                raise CommandError(
                    f"Of the scheduled changes {failed} could not be made: the first page of the"
                    " admin says why."
                )
            return
        lifelines = (sys.stdin.fileno(),) if until_input_ends else ()
        if processes:
            keep_running(run, processes=processes, lifelines=lifelines)
            return
        alarm = Alarm(lifelines=lifelines)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: alarm.stop())
        run(alarm)
