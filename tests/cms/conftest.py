"""Schedulers that run beside a test."""

import pytest

from tests.cms.scheduling.process.scheduler_processes import COMMAND, Site
from tests.genedge_site.commands import start


@pytest.fixture
def site(committed, tmp_path):
    """Gives the database, once the content that the test needs is there."""
    return lambda: Site(tmp_path)


@pytest.fixture
def scheduler():
    """Starts a scheduler of a site, and returns when it runs."""
    started = []

    def start_scheduler(site, *options):
        process = start(*COMMAND, "--verbosity", "2", *options, given=site.environment)
        started.append(process)
        assert process.stderr
        said = process.stderr.readline()
        assert "The scheduler runs." in said, said + process.stderr.read()
        return process

    yield start_scheduler
    for process in started:
        process.kill()
        process.communicate()
