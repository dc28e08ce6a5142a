"""The environment is made once, and whatever stands in its way is told in one sentence."""

import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.any_database


@pytest.fixture
def project(tmp_path):
    (tmp_path / "scripts").mkdir()
    shutil.copy(settings.BASE_DIR / "scripts" / "bootstrap.py", tmp_path / "scripts")
    (tmp_path / "requirements.txt").write_text("# No package at all\n")
    return tmp_path


def bootstrap(project, *before, **given):
    return subprocess.run(
        [*before, sys.executable, project / "scripts" / "bootstrap.py", "requirements.txt"],
        env={"PATH": os.environ["PATH"], "PIP_CONFIG_FILE": os.devnull, **given},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_second_run_has_nothing_to_do(project):
    first = bootstrap(project)
    second = bootstrap(project)

    assert first.stdout.splitlines()[0].startswith("Making the environment in .venv with Python 3.")
    assert first.stdout.splitlines()[1] == "Installing requirements.txt"
    assert (first.returncode, first.stderr) == (0, "")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_what_a_link_leads_to_is_left_alone(project, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("Words")
    (project / ".venv").symlink_to(elsewhere)

    done = bootstrap(project)

    assert done.returncode == 1
    assert done.stderr == (
        ".venv is a link to another folder: remove the link, or name one in VENV=.\n"
    )
    assert (elsewhere / "kept").read_text() == "Words"


def test_without_a_network_it_says_so_and_begins_again_next_time(project):
    requirements = project / "requirements.txt"
    requirements.write_text(f"nothing==1.0 --hash=sha256:{'0' * 64}\n")
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0"}

    first = bootstrap(project, **nowhere)
    second = bootstrap(project, **nowhere)

    assert first.stderr == (
        "The packages could not be downloaded: see to the network connection,"
        " then run the same command again.\n"
    )
    assert first.returncode == 1
    assert second.stdout == first.stdout


def test_a_python_that_is_too_old_is_one_sentence(project):
    old = project / "python"
    old.write_text("#!/bin/sh\necho 3.8.18\n")
    old.chmod(0o755)

    result = bootstrap(project, PYTHON=str(old))

    sentence = f"GenEdge CMS needs Python 3.11 or later, and PYTHON={old} is 3.8.18: name another."
    assert (result.returncode, result.stdout, result.stderr) == (1, "", f"{sentence}\n")


def test_a_python_that_is_not_there_is_one_sentence(project):
    result = bootstrap(project, PYTHON="/nowhere/python3")

    assert result.stderr == (
        "GenEdge CMS needs Python 3.11 or later, and PYTHON=/nowhere/python3 cannot be run:"
        " name another.\n"
    )
    assert result.returncode == 1


def test_a_folder_that_cannot_be_written_is_one_sentence(project):
    project.chmod(0o555)
    # Root may write everywhere, unless it gives that right up.
    mortal = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []

    result = bootstrap(project, *mortal)

    sentence = f"{project} cannot be written: copy it to a folder of your own, and go there.\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", sentence)
