"""The site behind PgBouncer in transaction mode, set up as docs/operators.md says."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests import migrated
from tests.genedge_site.commands import run

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
DATABASE = "genedge_behind_pgbouncer"
REACHED_BY = ("host", "port", "user", "password")
CONFIGURATION = """
[databases]
{database} = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
; Each transaction gets the connection that rested longest, so another than the one before it.
server_round_robin = 1
"""

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs TEST_DATABASE_URL"),
    pytest.mark.skipif(PROGRAM is None, reason="there is no pgbouncer: apt install pgbouncer"),
]


@pytest.fixture
def database(pytestconfig) -> Iterator[str]:
    url = os.environ["TEST_DATABASE_URL"]
    name = sql.Identifier(DATABASE)
    with migrated.one_at_a_time(pytestconfig.cache.mkdir("migrated")):
        template = sql.Identifier(migrated.template_database(url))
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))
    yield DATABASE
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture
def pgbouncer(database, tmp_path) -> Iterator[str]:
    """Gives the URL of the database behind it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = psycopg.conninfo.conninfo_to_dict(os.environ["TEST_DATABASE_URL"])
    configuration = tmp_path / "pgbouncer.ini"
    configuration.write_text(
        CONFIGURATION.format(
            database=database,
            server=" ".join(f"{name}={given[name]}" for name in REACHED_BY if name in given),
            listen_port=port,
        )
    )
    # It refuses to run as root.
    other = ["--user=nobody"] if os.getuid() == 0 else []
    assert PROGRAM
    process = subprocess.Popen([PROGRAM, "--quiet", *other, str(configuration)])
    try:
        deadline = time.monotonic() + 20
        while not is_listening(port):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield f"postgresql://{given['user']}@127.0.0.1:{port}/{database}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_site_works_behind_pgbouncer_that_gives_each_transaction_another_connection(
    pgbouncer, tmp_path
):
    given = {
        "DJANGO_SETTINGS_MODULE": "genedge_site.settings.dev",
        "VAR_DIR": str(tmp_path / "var"),
        "DATABASE_URL": pgbouncer,
        "DATABASE_PREPARED_STATEMENTS": "0",
    }

    code = "from tests.genedge_site import used_in_full; used_in_full.main()"
    result = run("manage.py", "shell", "--no-imports", "-c", code, given=given)

    assert re.fullmatch(r"200 /health, after [3-9]\d others\n", result.stdout), result
    assert result.returncode == 0
