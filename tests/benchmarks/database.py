"""A database for one run, in the PostgreSQL that `scripts/with_postgres` names."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

__all__ = ["own_database"]

NAME = "genedge_benchmark"


@contextmanager
def own_database() -> Iterator[str]:
    """The URL of an empty database that is dropped in the end."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server.startswith("postgres"):
        sys.exit("The benchmark needs PostgreSQL: run it with `make bench`, which starts one.")
    drop = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(NAME))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(NAME)))
        try:
            yield urlsplit(server)._replace(path=f"/{NAME}").geturl()
        finally:
            connection.execute(drop)
