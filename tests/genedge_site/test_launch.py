"""`make run`, from an empty folder to a site that answers, and back."""

import os
import re
import shutil
import signal
import socket
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management.base import CommandError

from genedge_site.launch import create_first_administrator
from genedge_site.server import free_address
from tests.genedge_site.commands import run, start

LAUNCH = ("-m", "genedge_site.launch")


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def launch(tmp_path, port):
    """Starts the site in a folder, and gives what it said when it was up, and its process."""
    started = []

    def launch():
        process = start(*LAUNCH, given={"VAR_DIR": str(tmp_path), "PORT": str(port)})
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


@pytest.mark.parametrize(("position", "name"), [(0, "server"), (1, "scheduler")])
def test_when_one_process_dies_the_launcher_stops_the_other_and_ends(
    launch, migrated_file, tmp_path, port, position, name
):
    shutil.copy(migrated_file, tmp_path / "genedge.sqlite3")
    _, process = launch()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    other = int(children[1 - position])

    os.kill(int(children[position]), signal.SIGKILL)

    _, errors = process.communicate(timeout=120)
    assert errors == f"The {name} ended by itself: the reason is above.\n"
    assert process.returncode == 1
    assert not Path(f"/proc/{other}").exists()
    free_address("127.0.0.1", port)  # the server's workers are gone too


@pytest.mark.django_db
def test_the_first_administrator_can_be_named(settings, capsys):
    settings.ADMIN_USERNAME, settings.ADMIN_PASSWORD = "ada", "engine"

    create_first_administrator()
    create_first_administrator()

    said = "Created the administrator: name ada, with the password you set.\n"
    assert capsys.readouterr().out == said
    assert authenticate(username="ada", password="engine").is_superuser


@pytest.mark.django_db
def test_someone_else_is_not_made_an_administrator(settings):
    settings.ADMIN_USERNAME = "ada"
    get_user_model().objects.create_user("ada")

    with pytest.raises(CommandError, match="'ada' is someone else: set ADMIN_USERNAME"):
        create_first_administrator()


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


def test_a_database_out_of_reach_is_told_without_a_traceback(tmp_path):
    given = {
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://user@127.0.0.1:1/genedge",
        "DATABASE_POOL_TIMEOUT": "1",
    }
    result = run(*LAUNCH, given=given)

    assert "The database cannot be used, so see to it or correct DATABASE_URL" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.returncode == 1
