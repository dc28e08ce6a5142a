"""Several schedulers under one command, which replaces those that are killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from django.core.management import load_command_class

from tests import factories
from tests.cms.scheduling.process.scheduler_processes import COMMAND, stop

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
