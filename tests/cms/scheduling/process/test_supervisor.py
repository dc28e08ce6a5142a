"""Several schedulers under one command, which replaces those that are killed."""

from __future__ import annotations

import os
import signal
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.db import connection

from tests import factories
from tests.cms.scheduling.process.scheduler_processes import COMMAND, stop
from tests.genedge_site.commands import start

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="asks Linux for the processes of another"
)


def schedulers_of(process) -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(key) for key in children.read_text().split()]


def test_scheduler_that_is_killed_is_replaced_and_the_work_goes_on(site, scheduler):
    revision = factories.article_page(live=False).latest_revision_id
    site = site()
    process = scheduler(site, "--processes", "2")
    assert "The scheduler runs." in process.stderr.readline()
    first, second = schedulers_of(process)

    os.kill(first, signal.SIGKILL)
    said = process.stderr.readline() + process.stderr.readline()
    os.kill(second, signal.SIGKILL)
    said += process.stderr.readline() + process.stderr.readline()

    assert said.count("Another takes the place of the scheduler that was ended by signal 9.") == 2
    assert said.count("The scheduler runs.") == 2
    assert len(schedulers_of(process)) == 2
    assert not {first, second} & set(schedulers_of(process))
    site.approve(revision)
    assert "Made permanent: Article" in process.stderr.readline()
    assert stop(process) == (0, "")


def test_schedulers_end_with_the_command_even_if_that_is_killed(site, scheduler):
    factories.article_page()
    process = scheduler(site(), "--processes", "1")
    [child] = schedulers_of(process)

    process.kill()

    assert process.stderr.read() == ""  # Which ends when nobody can write to it any more.
    assert not Path(f"/proc/{child}/exe").exists()


@pytest.fixture
def short_lived():
    """Starts a supervisor of a scheduler that fails at once, or that ends soon."""
    started = []

    def start_short_lived(name, supervise="supervise"):
        imported = f"from tests.cms.scheduling.process.short_lived import {supervise}"
        code = f"import django\ndjango.setup()\n{imported}\n{supervise}('{name}')"
        given = {"DJANGO_SETTINGS_MODULE": "genedge_site.settings.test"}
        database = os.environ.get("TEST_DATABASE_URL")
        given |= {"TEST_DATABASE_URL": database} if database else {}
        started.append(start("-c", code, given=given, stdin=True))
        return started[-1]

    yield start_short_lived
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("name", "at_least", "less_than", "told"),
    [
        ("fails at once", 0.99, 2, "the scheduler that ended with status 1."),
        ("is killed at once", 0.99, 2, "the scheduler that was ended by signal 1."),
        ("ends soon", 0.79, 1.8, "the scheduler that ended with status 0."),
    ],
)
def test_only_one_that_fails_at_once_is_replaced_a_second_later(
    short_lived, name, at_least, less_than, told
):
    process = short_lived(name)

    starts = [float(process.stdout.readline()) for _ in range(4)]

    between = [after - before for before, after in pairwise(starts)]
    assert min(between) >= at_least
    assert min(between) < less_than  # Of several, as the machine may be busy.
    status, said = stop(process)
    assert status == 0
    assert told in said
    assert ("RuntimeError: It fails at once." in said) == (name == "fails at once")


def test_supervisor_is_stopped_while_it_waits_to_replace_one(short_lived):
    process = short_lived("fails at once")
    while "It fails at once." not in process.stderr.readline():
        pass

    process.send_signal(signal.SIGTERM)

    status = process.wait(timeout=60)
    said = process.stderr.read()
    assert status == 0, said
    assert "Another takes the place" not in said


def test_supervisor_is_stopped_as_its_scheduler_ends(short_lived):
    process = short_lived("fails at once", "supervise_until_one_ends")

    status = process.wait(timeout=60)

    said = process.stderr.read()
    assert status == 0, said
    assert said.count("Traceback") == 1  # Of the scheduler.


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no pool of connections")
def test_scheduler_has_a_connection_of_its_own(short_lived):
    process = short_lived("asks the database", "supervise_after_asking")

    keys = {process.stdout.readline() for _ in range(3)}

    assert len(keys - {""}) == 3
    assert stop(process)[0] == 0


def test_supervisor_ends_with_whoever_holds_its_input(short_lived):
    process = short_lived("ends soon")
    process.stdout.readline()

    _, said = process.communicate(timeout=60)  # Which closes it.

    assert process.returncode == 0
    assert "Another takes the place" not in said


@pytest.mark.parametrize("number", ["0", "33", "many"])
def test_number_of_processes_is_a_small_one(number, capsys):
    # Not as `manage.py` does it, which sets up the log anew: it would be written to what pytest
    # closes when the test ends.
    command = load_command_class("cms.scheduling", "run_scheduler")

    with pytest.raises(SystemExit) as ended:
        command.run_from_argv([*COMMAND, "--processes", number])

    told = capsys.readouterr().err
    assert ended.value.code
    assert "--processes" in told
    assert "Traceback" not in told
