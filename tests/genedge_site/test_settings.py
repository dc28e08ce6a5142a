"""What is wrong with the environment is told in sentences, all at once, and by every command."""

import re
import stat
from pathlib import Path

import pytest
from django.conf import settings

from genedge_site.settings.environment import Environment
from tests.genedge_site.commands import PRODUCTION, run

CHECK = ("manage.py", "check")


def test_production_asks_for_all_that_is_missing_at_once():
    result = run(*CHECK, given={"DJANGO_SETTINGS_MODULE": PRODUCTION["DJANGO_SETTINGS_MODULE"]})

    told = [line.split()[0] for line in result.stderr.splitlines()]
    assert told == ["SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL"]
    assert all(line.endswith(".") and ": set it to " in line for line in result.stderr.splitlines())
    assert result.returncode == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is short or one that comes with an example: make one"),
        ("DEBUG", "1", "DEBUG is on, which shows the code and settings to readers: set DEBUG=0"),
        ("DEBUG", "maybe", "DEBUG is 'maybe': set it to 1 or 0."),
        ("SITE_URL", "http://cms.example.org", "SITE_URL is 'http://cms.example.org': set it to"),
        ("SITE_URL", "https://", "SITE_URL is 'https://': set it to an address such as https://"),
        ("SITE_URL", "https://a:b", "SITE_URL is 'https://a:b': set it to an address such as"),
        ("DATABASE_URL", "mysql://a/b", "DATABASE_URL has an unknown kind of database: set it to"),
        ("DATABASE_URL", "postgresql", "DATABASE_URL is not a database URL: set it to postgresql"),
        ("DATABASE_URL", "postgresql://a:b/c", "DATABASE_URL is not a database URL: set it to"),
        ("DATABASE_URL", "postgresql://a", "DATABASE_URL names no database: set it to postgresql"),
        ("DATABASE_POOL_MIN_SIZE", "11", "DATABASE_POOL_MIN_SIZE is greater than DATABASE_POOL_"),
        ("PORT", "http", "PORT is 'http': set it to a whole number from 1 to 65535."),
        ("PORT", "70000", "PORT is '70000': set it to a whole number from 1 to 65535."),
        ("WEB_CONCURRENCY", "1.5", "WEB_CONCURRENCY is '1.5': set it to a whole number from 1"),
        ("DJANGO_SETTINGS_MODULE", "prod", "DJANGO_SETTINGS_MODULE is 'prod', which is not here:"),
    ],
)
def test_a_wrong_value_is_one_sentence(name, value, sentence):
    result = run(*CHECK, given={**PRODUCTION, name: value})

    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1
    assert result.returncode == 1


@pytest.mark.parametrize(
    "command",
    [
        ("-c", "import genedge_site.wsgi"),
        ("-c", "import genedge_site.asgi"),
        ("-m", "genedge_site.server"),
        ("-m", "genedge_site.launch"),
        ("-m", "granian", "--interface=wsgi", "--no-log", "genedge_site.wsgi:application"),
    ],
)
def test_every_way_to_start_tells_it(command):
    result = run(*command, given={**PRODUCTION, "SECRET_KEY": "", "DEBUG": "on"})

    told = [line.split()[0] for line in result.stderr.splitlines()]
    assert told == ["SECRET_KEY", "DEBUG"]
    assert result.returncode == 1


def test_production_passes_the_deployment_check():
    result = run(*CHECK, "--deploy", "--fail-level=WARNING", given=PRODUCTION)

    assert "System check identified no issues" in result.stdout
    assert result.returncode == 0


def test_production_collects_its_static_files(tmp_path):
    given = {**PRODUCTION, "VAR_DIR": str(tmp_path)}

    result = run("manage.py", "collectstatic", "--no-input", given=given)

    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "static" / "staticfiles.json").exists()


def test_a_file_gives_what_the_environment_does_not(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text('# A remark\n\nexport PORT="8001"\nHOST=0.0.0.0\nDEBUG\n')
    monkeypatch.setenv("HOST", "127.0.0.2")

    environment = Environment.of_process(env_file=file)

    assert environment.number("PORT", default=1, lowest=1, highest=9999) == 8001
    assert environment.text("HOST") == "127.0.0.2"
    assert environment.problems == [".env has a line that is not NAME=value: 'DEBUG'."]


def test_the_example_names_exactly_the_settings_that_are_read(tmp_path):
    example = (settings.BASE_DIR / ".env.example").read_text()
    read: dict[str, dict[str, str]] = {
        "genedge_site.settings.dev": {},
        "genedge_site.settings.test": {},
        PRODUCTION["DJANGO_SETTINGS_MODULE"]: PRODUCTION,
    }

    names = set()
    for module, given in read.items():
        code = f"from {module} import environment; print(*environment.names_read)"
        names |= set(run("-c", code, given={"VAR_DIR": str(tmp_path), **given}).stdout.split())

    assert sorted(re.findall(r"^(\w+)=", example, flags=re.MULTILINE)) == sorted(names)


def test_the_example_can_be_used_as_it_is(tmp_path):
    lines = (settings.BASE_DIR / ".env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    result = run(*CHECK, given={**given, "VAR_DIR": str(tmp_path)})

    assert result.stderr == ""
    assert result.returncode == 0


def test_a_secret_key_is_made_once_for_its_owner_alone(tmp_path):
    given = {"VAR_DIR": str(tmp_path)}
    code = "from genedge_site.settings.dev import SECRET_KEY; print(SECRET_KEY)"

    keys = [run("-c", code, given=given).stdout for _ in range(2)]

    assert len(keys[0]) > 50
    assert keys[0] == keys[1]
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_a_folder_that_cannot_be_written_is_one_sentence():
    result = run(*CHECK, given={"VAR_DIR": "/proc/nowhere"})

    assert result.stderr.startswith("/proc/nowhere cannot be written")
    assert result.stderr.count("\n") == 1
    assert result.returncode == 1


def test_sqlite_lets_readers_go_on_while_someone_writes(tmp_path):
    code = """
from django.db import connection
with connection.cursor() as cursor:
    for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys"):
        print(cursor.execute(f"PRAGMA {name}").fetchone()[0])
print(connection.transaction_mode)
"""
    result = run("manage.py", "shell", "-v0", "-c", code, given={"VAR_DIR": str(tmp_path)})

    assert result.stdout.split() == ["wal", "1", "20000", "1", "IMMEDIATE"]


@pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="needs TEST_DATABASE_URL"
)
def test_postgresql_is_reached_through_a_pool():
    code = """
from django.db import connection
with connection.cursor() as cursor:
    print(cursor.execute("SELECT 1").fetchone()[0])
print(connection.pool.min_size, connection.pool.max_size)
"""
    environment = Environment.of_process(env_file=Path(settings.BASE_DIR, ".env"))
    given = {
        **PRODUCTION,
        "DATABASE_URL": environment.text("TEST_DATABASE_URL"),
        "DATABASE_POOL_MAX_SIZE": "3",
    }

    result = run("manage.py", "shell", "-v0", "-c", code, given=given)

    assert result.stdout.split() == ["1", "1", "3"]
