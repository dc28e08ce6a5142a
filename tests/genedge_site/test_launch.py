"""`make run`, from an empty folder to a site that answers, and back."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest

from genedge_site.launch import ENDS_WITH_PARENT
from genedge_site.port import free_address, take_port
from tests.genedge_site.commands import run, start

pytestmark = pytest.mark.any_database

DEV = "genedge_site.settings.dev"
LAUNCH = ("-m", "genedge_site.launch")
# Starts the launcher, waits for it and ends as it does.
AS_MAKE = (
    "-c",
    "import subprocess, sys; sys.exit(subprocess.call([sys.executable, *sys.argv[1:]]))",
)


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def launch(tmp_path, port):
    """Starts the site in a folder, and gives what it said when it was up, and its process."""
    started = []

    def launch(*command):
        process = start(*(command or LAUNCH), given={"VAR_DIR": str(tmp_path), "PORT": str(port)})
        started.append(process)
        assert process.stdout
        assert process.stderr
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith("Ctrl-C"):
                return said, process
        pytest.fail(f"It did not come up: {said} {process.stderr.read()}")

    yield launch
    for process in started:
        process.terminate()
        process.communicate(timeout=120)


def children_of(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children")
    return [int(key) for key in children.read_text().split()]


def exists(process: int) -> bool:
    """Zombies do not: whoever is to bury them may be in no hurry."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def have_ended(processes: list[int]) -> bool:
    return not any(map(exists, processes))


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def interrupt(process):
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=120)
    return process.returncode, output, errors


def test_a_site_comes_up_and_stops(launch, port):
    said, process = launch()

    site = f"http://127.0.0.1:{port}"
    assert f"Admin     {site}/admin/" in said
    assert re.search(r"Created the administrator: name admin, password \S{16} ", said)
    for path in ("/admin/login/", "/graphql/explorer", "/static/wagtailadmin/css/core.css"):
        with urlopen(site + path) as answer:
            assert answer.status == 200
    assert interrupt(process) == (0, "\nStopped.\n", "")

    said_again, process = launch()

    assert "migrations" not in said_again
    assert "administrator" not in said_again
    assert interrupt(process) == (0, "\nStopped.\n", "")


def test_whatever_is_killed_the_rest_ends_and_a_start_at_once_works(
    launch, migrated_file, tmp_path, port
):
    shutil.copy(migrated_file, tmp_path / "genedge.sqlite3")
    before: list[int] = []

    for victim in ("make", "launcher", "server", "scheduler", "worker"):
        _, make = launch(*AS_MAKE, *LAUNCH, ENDS_WITH_PARENT)
        # Only the server has the port: the start waits for it, and not for those beside it.
        until(partial(have_ended, before))
        [launcher] = children_of(make.pid)
        server, scheduler, worker = children_of(launcher)
        started = [server, scheduler, worker]
        assert len(children_of(server)) >= 2
        before = [launcher, *started, *(key for each in started for key in children_of(each))]
        family = {"make": make.pid, "launcher": launcher, "server": server, "scheduler": scheduler}
        os.kill((family | {"worker": worker})[victim], signal.SIGKILL)

    _, errors = make.communicate(timeout=120)  # Which ends when nobody can write to it any more.
    assert errors == "The worker ended by itself: the reason is above.\n"
    assert make.returncode == 1
    free_address("127.0.0.1", port)


def test_make_starts_the_site_so_that_it_ends_with_make():
    make = shutil.which("make")
    assert make
    recipe = subprocess.run([make, "--dry-run", "run"], capture_output=True, text=True, check=True)

    assert re.search(rf"^exec .* {ENDS_WITH_PARENT}$", recipe.stdout, flags=re.MULTILINE)


def test_workers_of_a_server_that_is_killed_end(migrated_file, tmp_path, port):
    database = shutil.copy(migrated_file, tmp_path)
    given = {"VAR_DIR": str(tmp_path), "PORT": str(port), "DATABASE_URL": f"sqlite:///{database}"}
    server = start("-m", "genedge_site.server", given={"DJANGO_SETTINGS_MODULE": DEV, **given})
    until(lambda: is_listening(port))
    workers = children_of(server.pid)

    server.kill()

    assert server.communicate(timeout=60) == ("", "")
    # The pipes are closed just before a process is gone.
    until(partial(have_ended, workers))


def test_of_two_sites_that_start_at_once_one_has_the_port(tmp_path, port):
    sites = [tmp_path / name for name in ("one", "two")]
    for folder in sites:
        folder.mkdir()

    first = take_port("127.0.0.1", port, sites[0])
    with pytest.raises(SystemExit, match=f"^Port {port} is in use: choose another"):
        take_port("127.0.0.1", port, sites[1])
    with pytest.raises(SystemExit, match=f"^Port {port} is in use: choose another"):
        take_port("127.0.0.1", port, sites[0])
    first.leave()

    take_port("127.0.0.1", port, sites[1]).leave()
    assert [list(folder.iterdir()) for folder in sites] == [[], []]


def test_a_port_in_use_is_one_sentence_and_nothing_is_prepared(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run(*LAUNCH, given={"VAR_DIR": str(tmp_path), "PORT": str(port)})

    assert result.stderr == f"Port {port} is in use: choose another, such as PORT={port + 1}.\n"
    assert result.stdout == ""
    assert result.returncode == 1
    assert not (tmp_path / "genedge.sqlite3").exists()


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid"])
def test_an_address_of_another_machine_is_one_sentence(tmp_path, host):
    result = run(*LAUNCH, given={"VAR_DIR": str(tmp_path), "HOST": host})

    assert (
        result.stderr
        == f"HOST is '{host}', where this machine cannot listen: set it to 127.0.0.1.\n"
    )
    assert result.returncode == 1


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://user:secret@127.0.0.1:1/genedge", "Connection refused"),
        ("postgresql://user:secret@nowhere.invalid/genedge", "nowhere.invalid"),
        ("sqlite:////proc/nowhere/genedge.sqlite3", "unable to open database file"),
    ],
)
def test_wrong_database_gives_its_reason_at_once_as_the_last_line(tmp_path, port, url, reason):
    given = {"VAR_DIR": str(tmp_path), "DATABASE_URL": url, "DATABASE_POOL_TIMEOUT": "600"}

    result = run(*LAUNCH, given={**given, "PORT": str(port)})

    said = result.stderr.splitlines()
    assert len(said) == 1
    assert said[0].startswith("The database cannot be used, so see to it or correct DATABASE_URL: ")
    assert reason in said[0]
    assert "secret" not in said[0]
    assert result.returncode == 1
