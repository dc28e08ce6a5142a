"""What is wrong with the environment is told in sentences, all at once, and by every command."""

import os
import re
import shutil
import stat
from pathlib import Path

import pytest
from django.conf import settings

from genedge_site.settings.environment import Environment
from genedge_site.settings.secrecy import keep_private
from tests.genedge_site.commands import PRODUCTION, run

pytestmark = pytest.mark.any_database

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
        ("SECRET_KEY", "a" * 50, "SECRET_KEY repeats itself, so that it can be guessed: make one"),
        ("SECRET_KEY", "abcdefghij" * 6, "SECRET_KEY repeats itself, so that it can be guessed:"),
        ("ALLOWED_HOSTS", "a.example.org,*", "ALLOWED_HOSTS has *, which lets anyone choose the"),
        ("ALLOWED_HOSTS", "https://a.org", "ALLOWED_HOSTS has 'https://a.org': name hosts alone,"),
        ("DEBUG", "1", "DEBUG is on, which shows the code and settings to readers: set DEBUG=0"),
        ("DEBUG", "maybe", "DEBUG is 'maybe': set it to 1 or 0."),
        ("SITE_URL", "http://cms.example.org", "SITE_URL is 'http://cms.example.org': set it to"),
        ("SITE_URL", "https://", "SITE_URL is 'https://': set it to an address such as https://"),
        ("SITE_URL", "https://a:b", "SITE_URL is 'https://a:b': set it to an address such as"),
        (
            "SITE_URL",
            "https://a.org/cms",
            "SITE_URL is 'https://a.org/cms', and no site can be under",
        ),
        (
            "SITE_URL",
            "https://a.org",
            "SITE_URL is 'https://a.org', and ALLOWED_HOSTS does not have",
        ),
        (
            "FRONTEND_URL",
            "http://a.org",
            "FRONTEND_URL has 'http://a.org': set it to an address such",
        ),
        (
            "FRONTEND_URL",
            "https://a.org/b",
            "FRONTEND_URL has 'https://a.org/b': a frontend cannot be",
        ),
        (
            "FRONTEND_URL",
            "https://a.org,https://b.org",
            "FRONTEND_URL has 'https://b.org': another",
        ),
        ("FRONTEND_URL", "https://a.org,b.org=https://a.org", "FRONTEND_URL has 'b.org=https://a"),
        ("FRONTEND_URL", "a b=https://a.org", "FRONTEND_URL has 'a b=https://a.org': set it to an"),
        ("DATABASE_URL", "mysql://a/b", "DATABASE_URL has an unknown kind of database: set it to"),
        ("DATABASE_URL", "postgresql", "DATABASE_URL is not a database URL: set it to postgresql"),
        ("DATABASE_URL", "postgresql://a:b/c", "DATABASE_URL is not a database URL: set it to"),
        ("DATABASE_URL", "postgresql://a", "DATABASE_URL names no database: set it to postgresql"),
        (
            "SECURE_PROXY_HEADER",
            "X-Forwarded-Proto",
            "CLIENT_ADDRESS_HEADER is missing, and SECURE",
        ),
        ("DATABASE_POOL_MIN_SIZE", "11", "DATABASE_POOL_MIN_SIZE is greater than DATABASE_POOL_"),
        ("VAR_DIR", "/proc/nowhere", "/proc/nowhere cannot be written"),
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


@pytest.mark.parametrize(
    ("given", "allowed"),
    [({}, False), (PRODUCTION, True), ({**PRODUCTION, "CRAWLERS_ALLOWED": "0"}, False)],
    ids=["a machine of your own", "production", "a copy of it"],
)
def test_search_engines_are_for_production(tmp_path, given, allowed):
    module = given.get("DJANGO_SETTINGS_MODULE", "genedge_site.settings.dev")
    code = f"from {module} import CRAWLERS_ALLOWED; print(CRAWLERS_ALLOWED)"

    result = run("-c", code, given={**given, "VAR_DIR": str(tmp_path)})

    assert result.stdout.split() == [str(allowed)]


def test_production_collects_its_static_files(tmp_path):
    given = {**PRODUCTION, "VAR_DIR": str(tmp_path)}

    result = run("manage.py", "collectstatic", "--no-input", given=given)

    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "static" / "staticfiles.json").exists()


def test_a_file_gives_what_the_environment_does_not(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    shutil.copy(settings.BASE_DIR / ".env.example", tmp_path)
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


def test_what_the_site_keeps_is_for_its_owner_alone(tmp_path):
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)
    database = folder / "genedge.sqlite3"
    database.touch(mode=0o644)

    for module in ("genedge_site.settings.dev", PRODUCTION["DJANGO_SETTINGS_MODULE"]):
        given = {
            **PRODUCTION,
            "DJANGO_SETTINGS_MODULE": module,
            "SITE_URL": "https://localhost",
            "ALLOWED_HOSTS": "localhost",
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{database}",
        }
        folder.chmod(0o755)
        code = f"from {module} import VAR_DIR; (VAR_DIR / 'made').touch()"
        result = run("-c", code, given=given)

        assert result.stderr == ""
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, *sorted(folder.iterdir()))]
        assert modes == [0o700, 0o600, 0o600]


def test_group_that_was_let_in_stays(tmp_path):
    tmp_path.chmod(0o750)
    before = os.umask(0o022)

    try:
        keep_private(tmp_path, {})
    finally:
        os.umask(before)

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


def test_a_folder_that_cannot_be_written_is_one_sentence():
    result = run(*CHECK, given={"VAR_DIR": "/proc/nowhere"})

    assert result.stderr.startswith("/proc/nowhere cannot be written")
    assert result.stderr.count("\n") == 1
    assert result.returncode == 1


def test_sqlite_lets_readers_go_on_while_someone_writes_and_keeps_what_was_saved(tmp_path):
    code = """
from django.db import connection
with connection.cursor() as cursor:
    for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys"):
        print(cursor.execute(f"PRAGMA {name}").fetchone()[0])
print(connection.transaction_mode)
"""
    result = run("manage.py", "shell", "-v0", "-c", code, given={"VAR_DIR": str(tmp_path)})

    assert result.stdout.split() == ["wal", "2", "20000", "1", "IMMEDIATE"]


@pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="needs TEST_DATABASE_URL"
)
def test_postgresql_is_reached_through_a_pool_and_gives_up_what_takes_too_long_to_answer():
    code = """
from genedge_site import wsgi
from django.db import connection
with connection.cursor() as cursor:
    print(cursor.execute("SHOW statement_timeout").fetchone()[0])
print(connection.pool.min_size, connection.pool.max_size)
"""
    environment = Environment.of_process(env_file=Path(settings.BASE_DIR, ".env"))
    given = {
        **PRODUCTION,
        "DATABASE_URL": environment.text("TEST_DATABASE_URL"),
        "DATABASE_POOL_MAX_SIZE": "3",
        "DATABASE_STATEMENT_TIMEOUT": "7",
    }

    result = run("-c", code, given=given)

    assert result.stdout.split() == ["7s", "1", "3"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"PORT": "8752"}, "http://127.0.0.1:8752 {}"),
        ({"SITE_URL": "https://cms.local:8752/"}, "https://cms.local:8752 {}"),
        ({"SITE_URL": "https://CMS.local:443"}, "https://cms.local {}"),
        (
            {"FRONTEND_URL": "http://localhost:3000/, b.local:81=https://b.org"},
            "http://127.0.0.1:8000 {'': 'http://localhost:3000', 'b.local:81': 'https://b.org'}",
        ),
    ],
)
def test_addresses_are_those_that_were_given_this_time(tmp_path, given, expected):
    code = "from genedge_site.settings.dev import *; print(SITE_URL, FRONTENDS)"

    result = run("-c", code, given={"VAR_DIR": str(tmp_path), **given})

    assert (result.stdout.strip(), result.stderr) == (expected, "")
