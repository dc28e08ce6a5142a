"""Workers as they run: killed, several at once, stopped, and with whoever started them gone."""

from __future__ import annotations

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from media.renditions.presets import presets
from tests import factories
from tests.cms.scheduling.process.scheduler_processes import PAST, Site, stop
from tests.genedge_site.commands import start

COMMAND = ("manage.py", "run_worker")
MAKING = re.compile(r"Making the files of picture (\d+)\.")


@pytest.fixture(autouse=True)
def one_preset() -> None:
    """All of them: the workers have the site's own settings."""


@pytest.fixture
def pictures(committed, settings, tmp_path) -> Callable[[int], list[int]]:
    """Makes some, where the workers find their files."""
    settings.MEDIA_ROOT = tmp_path / "test-uploads"
    return lambda number: [factories.image().pk for _ in range(number)]


@pytest.fixture
def worker() -> Iterator[Callable[..., Popen[str]]]:
    """Starts one, and returns when it runs."""
    started = []

    def start_worker(site: Site, *options: str, stdin: bool = False) -> Popen[str]:
        arguments = (*COMMAND, "--verbosity", "2", *options)
        process = start(*arguments, given=site.environment, stdin=stdin)
        started.append(process)
        said = line_of(process)
        assert "The worker runs." in said, said
        return process

    yield start_worker
    for process in started:
        with process:
            process.kill()


def line_of(process: Popen[str]) -> str:
    assert process.stderr
    return process.stderr.readline()


def child_of(process: int) -> int:
    [child] = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(child)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def left(site: Site) -> int:
    sql = "SELECT count(*) FROM renditions_renditionjob WHERE due_at IS NOT NULL"
    [(number,)] = site.execute(sql)
    return number


def check_made(site: Site, keys: list[int], uploads: Path) -> None:
    """Each preset of each picture once, with all of its files."""
    rows = site.execute("SELECT image_id, preset, made_of FROM media_presetrendition")
    assert Counter((key, preset) for key, preset, _ in rows) == Counter(
        (key, preset) for key in keys for preset in presets()
    )
    for key, _, made_of in rows:
        assert list((uploads / "renditions" / str(key) / made_of).iterdir())
    assert site.execute("SELECT problem FROM renditions_renditionjob WHERE problem <> ''") == []


def test_whatever_is_killed_all_is_made_once(site, pictures, worker, settings):
    keys = pictures(3)
    site = site()
    process = worker(site)

    for _ in range(3):
        while not MAKING.search(line_of(process)):
            pass
        os.kill(child_of(process.pid), signal.SIGKILL)
        # Whichever of the two is sooner to say so.
        said = line_of(process) + line_of(process)
        assert "Another takes the place of the worker that was ended by signal 9." in said
        assert "The worker runs." in said
        # As if the time were over for which the one that was killed had taken it.
        site.execute("UPDATE renditions_renditionjob SET due_at = ? WHERE due_at > ?", PAST, PAST)
    until(lambda: left(site) == 0)

    status, errors = stop(process)
    assert (status, "ERROR" in errors) == (0, False), errors
    check_made(site, keys, settings.MEDIA_ROOT)


def test_two_at_once_make_each_picture_once(site, pictures, worker, settings):
    keys = pictures(4)
    site = site()
    both = [worker(site, "--processes", "1") for _ in range(2)]

    until(lambda: left(site) == 0)

    said = "".join(stop(process)[1] for process in both)
    assert Counter(MAKING.findall(said)) == Counter(map(str, keys))
    check_made(site, keys, settings.MEDIA_ROOT)


def test_who_is_stopped_leaves_the_rest_at_once_to_another(site, pictures, worker, settings):
    keys = pictures(3)
    site = site()
    process = worker(site)
    while not MAKING.search(line_of(process)):
        pass

    status, errors = stop(process)

    assert (status, errors) == (0, "")
    assert left(site)
    # None is held: another need not wait.
    another: Any = worker(site)
    until(lambda: left(site) == 0)
    assert stop(another)[0] == 0
    check_made(site, keys, settings.MEDIA_ROOT)


def test_it_ends_with_whoever_started_it(site, pictures, worker):
    pictures(0)
    process = worker(site(), "--until-input-ends", stdin=True)

    process.stdin.close()

    assert process.wait(timeout=60) == 0
