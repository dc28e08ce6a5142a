"""A setting that nothing reads is an error, whether it is misspelt or in the wrong place."""

import re
import shutil

import pytest
from django.conf import settings

from genedge_site.settings.environment import Environment
from genedge_site.settings.names import known_names, probably_meant
from tests.genedge_site.commands import PRODUCTION, run

pytestmark = pytest.mark.any_database

# Of Debian, systemd, Docker, Kubernetes, GitHub's runners, desktops, editors and compilers.
OF_OTHERS = set(
    re.findall(
        r"\w+",
        """
        ADMIN APP_URL BASE_URL CACHE_URL CI COLORTERM CORS DATABASE DATABASE_PORT
        DATABASE_SERVICE_HOST DB_HOST DB_NAME DB_PASSWORD DBUS_SESSION_BUS_ADDRESS DEBIAN_FRONTEND
        DEBUGINFOD_URLS DISPLAY DJANGO_SETTINGS_MODULE EDITOR EMAIL GITHUB_SERVER_URL HOME
        HOSTNAME HOSTTYPE HTTP_PROXY INVOCATION_ID JOURNAL_STREAM KUBERNETES_SERVICE_PORT LANG
        LC_ALL LISTEN_FDS LOGNAME MAIL MAILTO MAKEFLAGS MAKELEVEL NDEBUG NODE_ENV OLDPWD PATH
        PGHOST PGPORT PG_PORT POST PWD PYTEST_VERSION PYTHONPATH REDIS_URL SECRET SECRETS
        SESSION_MANAGER SHELL SITE SITES SSH_PORT TERM TMPDIR TZ USER USERNAME VAR VIRTUAL_ENV
        WEB_PORT XDG_DATA_DIRS http_proxy no_proxy npm_config_user_agent REQUIRE_BROWSER
        BENCH_SIZES
        """,
    )
)


@pytest.fixture
def known():
    return known_names(settings.BASE_DIR / ".env.example")


@pytest.fixture
def site(tmp_path):
    """As much of a checkout as it takes to read the settings, with a file `.env` of the test's."""
    for name in ("manage.py", ".env.example"):
        shutil.copy(settings.BASE_DIR / name, tmp_path)
    shutil.copytree(settings.BASE_DIR / "genedge_site", tmp_path / "genedge_site")
    return tmp_path


def told(site, text, **given):
    (site / ".env").write_text(text)
    result = run(str(site / "manage.py"), "check", given=given)
    assert result.returncode == 1
    return result.stderr.splitlines()


def test_every_name_that_nothing_reads_stops_the_start_in_one_sentence(site):
    text = """
DJANGO_SETTINGS_MODULE=genedge_site.settings.production
ALOWED_HOSTS=cms.example.org
    # PORT=1
export PORT=80
PORT=81
PROT=82
SITE_URL=https://cms.example.org
"""
    assert told(site, text, DATABASE_URI="x", SECRETKEY="y", NDEBUG="1") == [
        ".env sets PORT more than once: leave one of them.",
        ".env sets DJANGO_SETTINGS_MODULE, which is read before this file, and is"
        " genedge_site.settings.dev now: set it in the environment, and remove the line.",
        ".env sets ALOWED_HOSTS, which is no setting: did you mean ALLOWED_HOSTS? .env.example"
        " names all there are.",
        ".env sets PROT, which is no setting: did you mean PORT? .env.example names all there are.",
        "The environment has DATABASE_URI, which is no setting: did you mean DATABASE_URL?",
        "The environment has SECRETKEY, which is no setting: did you mean SECRET_KEY?",
        "SITE_URL is 'https://cms.example.org', a server's address, and these are the settings of a"
        " machine of your own: set DJANGO_SETTINGS_MODULE=genedge_site.settings.production in the"
        " environment, or SITE_URL to an address such as http://127.0.0.1:81.",
    ]


def test_site_without_the_list_of_settings_says_so(site):
    (site / ".env.example").unlink()

    assert told(site, "") == [
        f"{site}/.env.example cannot be read (No such file or directory), and names all settings:"
        " put it back."
    ]


def test_settings_module_in_the_file_may_repeat_the_environment(tmp_path, monkeypatch):
    shutil.copy(settings.BASE_DIR / ".env.example", tmp_path)
    chosen = PRODUCTION["DJANGO_SETTINGS_MODULE"]
    (tmp_path / ".env").write_text(f"\ufeffDJANGO_SETTINGS_MODULE={chosen}\n")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", chosen)

    assert Environment.of_process(env_file=tmp_path / ".env").problems == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ALOWED_HOSTS", "ALLOWED_HOSTS"),
        ("allowed_hosts", "ALLOWED_HOSTS"),
        ("ALLOWED-HOST", "ALLOWED_HOSTS"),
        ("DATABSE_URL", "DATABASE_URL"),
        ("VARDIR", "VAR_DIR"),
        ("WEB_CONCURENCY", "WEB_CONCURRENCY"),
        ("DJANGO_SETTING_MODULE", "DJANGO_SETTINGS_MODULE"),
        ("GRAPHQL_MAX_COSTS", "GRAPHQL_MAX_COST"),
    ],
)
def test_variable_that_is_nearly_a_setting_is_taken_for_one(known, written, meant):
    assert probably_meant(written, known | {"DJANGO_SETTINGS_MODULE"}) == meant


def test_variables_of_others_are_left_alone(known):
    names = {*OF_OTHERS, *known}

    assert {
        name: probably_meant(name, known) for name in names if probably_meant(name, known)
    } == {}
