"""How fast the API answers, beside grapple's own schema over the same content: `make bench`.

Both are served in production mode by the same server from the same PostgreSQL, one after the other,
and loaded from outside by wrk. The ratio between them is the figure that counts, since it depends
on the machine the least. No answer is kept, so this is the price of one that nobody asked for yet.
Then ours is sent what it has to refuse, which must cost little, and articles are published in a
small site and in a large one, on PostgreSQL and on SQLite, and a thousand of them by schedule.
Last, the dearest operation that the limits allow is looked for.
"""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import socket
from typing import Any

from tests.benchmarks.comparison import missing_content
from tests.benchmarks.contenders import CONTENDERS, OPERATIONS, OURS, STOCK, Contender
from tests.benchmarks.database import own_database
from tests.benchmarks.load import load, stop_without_wrk
from tests.benchmarks.options import (
    CONNECTIONS,
    SCHEDULED,
    SECONDS,
    SIZES,
    WARM_UP_SECONDS,
)
from tests.benchmarks.refusals import refusals
from tests.benchmarks.report import (
    Dearest,
    Form,
    Measurement,
    Publishing,
    Released,
    Scheduling,
    Seeing,
    report,
)
from tests.benchmarks.server import processor_seconds, serving, wait_until_idle

ROOT = Path(__file__).parents[2]
WARM_UP_CONNECTIONS = 32  # So many that every worker gets some.


def main() -> None:
    stop_without_wrk()
    measurements: list[Measurement] = []
    with own_database() as database_url, tempfile.TemporaryDirectory() as folder:
        environment = production(database_url, Path(folder))
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "load_starter_content")
        for articles in SIZES:
            say(f"Writing articles, until there are {articles}")
            shell(environment, "content", f"top_up({articles})")
            told = {who.name: told_by(who, environment, articles) for who in CONTENDERS}
            check_content(told[OURS.name], told[STOCK.name])
            for who in CONTENDERS:
                say(f"Loading {who.name}")
                measurements += measured(who, environment, articles, told[who.name])
        say("Sending what has to be refused")
        with serving(settings_of(OURS, environment)) as session:
            answered = OURS.requests("page", SIZES[-1])[0]
            refused = [*refusals(int(environment["PORT"]), session, answered)]
    published = [*publishing("PostgreSQL"), *publishing("SQLite")]
    scheduled = [scheduling("PostgreSQL"), scheduling("SQLite")]
    released = [releasing("PostgreSQL"), releasing("SQLite")]
    seen = [*perspectives("PostgreSQL"), *perspectives("SQLite")]
    told_as = [*forms("PostgreSQL"), *forms("SQLite")]
    searched = [*searches("PostgreSQL"), *searches("SQLite")]
    dearest = [allowed("PostgreSQL"), allowed("SQLite")]
    report(measurements, refused, published, scheduled, released, seen, told_as, searched, dearest)


@contextmanager
def own_site(database: str, *, is_empty: bool = False) -> Iterator[dict[str, str]]:
    """The environment of a site of its own, with starter content unless it is to be empty."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        on_sqlite = database == "SQLite"
        url = f"sqlite:///{folder}/db.sqlite3" if on_sqlite else stack.enter_context(own_database())
        environment = production(url, folder)
        manage(environment, "migrate", "--verbosity=0")
        if not is_empty:
            manage(environment, "load_starter_content")
        yield environment


def publishing(database: str) -> Iterator[Publishing]:
    """What publishing costs in the smallest and in the largest site, each with its own traces."""
    with own_site(database) as environment:
        for articles in (SIZES[0], SIZES[-1]):
            say(f"Publishing on {database}, with {articles} articles")
            shell(environment, "content", f"top_up({articles})")
            shell(environment, "publishing", "leave_traces()")
            costs = json.loads(shell(environment, "publishing", "print_costs()"))
            yield Publishing(database, articles, costs["ours"], costs["stock"])


def perspectives(database: str) -> Iterator[Seeing]:
    """What a list costs with pending changes, in the smallest and in the largest site."""
    with own_site(database) as environment:
        for articles in (SIZES[0], SIZES[-1]):
            say(f"Reading pending changes on {database}, with {articles} articles")
            shell(environment, "content", f"top_up({articles})")
            costs = json.loads(shell(environment, "perspectives", "print_costs()"))
            yield Seeing(database, articles, **costs)


def forms(database: str) -> Iterator[Form]:
    """What Portable Text and presets cost beside HTML and the addresses of uploads."""
    with own_site(database) as environment:
        say(f"Reading texts and pictures on {database}")
        shell(environment, "content", f"top_up({SIZES[0]})")
        costs = json.loads(shell(environment, "forms", "print_costs()"))
        for name, cost in costs.items():
            yield Form(database, name, cost, costs["titles"])


def searches(database: str) -> Iterator[Form]:
    """What searches cost beside a list, in the largest site."""
    with own_site(database) as environment:
        say(f"Searching on {database}, with {SIZES[-1]} articles")
        shell(environment, "content", f"top_up({SIZES[-1]})")
        costs = json.loads(shell(environment, "searches", "print_costs()"))
        for name, cost in costs.items():
            yield Form(database, name, cost, costs["list"])


def allowed(database: str) -> Dearest:
    """What the dearest operation costs that the limits let through."""
    with own_site(database, is_empty=True) as environment:
        say(f"Looking for the dearest operation on {database}")
        costs = json.loads(shell(environment, "dearest", "print_costs()"))
        return Dearest(database, **costs)


def scheduling(database: str) -> Scheduling:
    """How long schedulers take, one of which is killed every second."""
    with own_site(database) as environment:
        say(f"Scheduling {SCHEDULED} articles on {database}")
        shell(environment, "content", f"top_up({SCHEDULED})")
        shell(environment, "publishing", "leave_traces()")
        stock = json.loads(shell(environment, "scheduling", f"print_stock({SCHEDULED})"))
        ours = json.loads(shell(environment, "scheduling", f"print_ours({SCHEDULED})"))
        return Scheduling(database=database, stock_seconds=stock["seconds"], **ours)


def releasing(database: str) -> Released:
    """What readers meet while a release goes live."""
    with own_site(database) as environment:
        say(f"Releasing on {database}")
        shell(environment, "content", "top_up(200)")
        with serving(settings_of(OURS, environment)):
            call = f"print_release({database!r}, {environment['PORT']})"
            return Released(**json.loads(shell(environment, "releases", call)))


def production(database_url: str, folder: Path) -> dict[str, str]:
    """The environment of a server, behind a proxy that ends HTTPS."""
    (folder / "static").mkdir()
    with socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        port = any_port.getsockname()[1]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": OURS.settings,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "https://localhost",
        "ALLOWED_HOSTS": "localhost",
        "SECURE_PROXY_HEADER": "X-Forwarded-Proto",
        "CLIENT_ADDRESS_HEADER": "X-Forwarded-For",
        "DATABASE_URL": database_url,
        "VAR_DIR": str(folder),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "DEBUG": "0",
    }


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if ran.returncode:
        sys.exit(f"`manage.py {arguments[0]}` failed: the reason is above.")
    return ran.stdout


def shell(environment: dict[str, str], module: str, call: str) -> str:
    """Run a function of one of our modules within the settings of the environment."""
    code = f"from tests.benchmarks import {module}; {module}.{call}"
    return manage(environment, "shell", "--no-imports", f"--command={code}")


def told_by(who: Contender, environment: dict[str, str], articles: int) -> dict[str, Any]:
    """What a contender answers to each operation, and in how many SQL statements."""
    requests = {operation: who.requests(operation, articles)[0] for operation in OPERATIONS}
    call = f"print_answers({who.path!r}, {requests!r})"
    return json.loads(shell(settings_of(who, environment), "answers", call))


def check_content(ours: dict[str, Any], other: dict[str, Any]) -> None:
    for operation in OPERATIONS:
        missing = missing_content(ours[operation]["answer"], other[operation]["answer"])
        if missing:
            sys.exit(f"The answers to {operation!r} cannot be compared: {missing} is only in ours.")


def measured(
    who: Contender, environment: dict[str, str], articles: int, told: dict[str, Any]
) -> Iterator[Measurement]:
    url = f"http://127.0.0.1:{environment['PORT']}{who.path}"
    with serving(settings_of(who, environment)) as session:
        for operation in OPERATIONS:
            requests = who.requests(operation, articles)
            load(url, requests, connections=WARM_UP_CONNECTIONS, seconds=WARM_UP_SECONDS)
            wait_until_idle(session)
            for connections in CONNECTIONS:
                before = processor_seconds(session)
                result = load(url, requests, connections=connections, seconds=SECONDS)
                used = processor_seconds(session) - before
                if result["failures"] or not result["requests"]:
                    sys.exit(f"{who.name} failed at {operation!r}: {result}")
                wait_until_idle(session)
                yield Measurement(
                    who=who.name,
                    articles=articles,
                    operation=operation,
                    connections=connections,
                    requests_per_second=result["requests"] / result["seconds"],
                    median_ms=result["median_ms"],
                    p99_ms=result["p99_ms"],
                    processor_ms=1000 * used / result["requests"],
                    statements=told[operation]["statements"],
                    bytes=told[operation]["bytes"],
                )


def settings_of(who: Contender, environment: dict[str, str]) -> dict[str, str]:
    return environment | {"DJANGO_SETTINGS_MODULE": who.settings}


def say(message: str) -> None:
    print(message, flush=True)


if __name__ == "__main__":
    main()
