"""What `make run` does once its Python environment is there: prepare the site, then serve it."""

import os
import secrets
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from urllib.parse import urlsplit

import django
import psycopg
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from cms.database import outage
from genedge_site.port import Port, take_port
from genedge_site.server import UNDER_LAUNCHER
from genedge_site.settings.environment import choose_settings
from genedge_site.start_checks import problems_in_database, problems_of_bucket
from media.stored_files import FilesUnavailable

SECONDS_TO_STOP = 15
# Given by `make run`: if make is killed, nobody else would know of what it started.
ENDS_WITH_PARENT = "--ends-with-parent"
BESIDE = ("--processes", "1", "--until-input-ends")


def main() -> None:
    choose_settings(default="genedge_site.settings.dev")
    parent = os.getppid() if ENDS_WITH_PARENT in sys.argv[1:] else None
    # Taken before anything else: preparing the site takes a while, and would be in vain.
    port = take_port(settings.HOST, settings.PORT, settings.VAR_DIR)
    try:
        prepare_and_run(port, parent)
    finally:
        port.leave()


def prepare_and_run(port: Port, parent: int | None) -> None:
    django.setup()
    try:
        prepare()
    except CommandError as error:
        sys.exit(str(error))
    except FilesUnavailable as error:
        sys.exit(
            f"{error.strerror}, and the starter content has pictures: start again once it does."
        )
    except OperationalError as error:
        sys.exit(
            "The database cannot be used, so see to it or correct DATABASE_URL:"
            f" {outage.reason(error)}"
        )

    say("Starting the server")
    manage = str(settings.BASE_DIR / "manage.py")
    run_until_stopped(
        {
            "The server": [sys.executable, "-m", "genedge_site.server", UNDER_LAUNCHER],
            "The scheduler": [sys.executable, manage, "run_scheduler", *BESIDE],
            "The worker": [sys.executable, manage, "run_worker", *BESIDE],
        },
        port=port,
        parent=parent,
    )


def prepare() -> None:
    BaseCommand().check()
    check_password_of_first_administrator()
    stop_for(problems_of_bucket())
    reach_database()
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        say(f"Bringing the database up to date ({len(missing)} migrations)")
    # Also when none is missing: what follows the last one (permissions) may have been cut off.
    call_command("migrate", verbosity=0)
    call_command("load_starter_content")
    stop_for(problems_in_database())
    create_first_administrator()
    if not settings.WHITENOISE_USE_FINDERS:
        say("Collecting static files")
        call_command("collectstatic", verbosity=0, interactive=False)
    connection.close()


def stop_for(problems: list[str]) -> None:
    if problems:
        raise CommandError("\n".join(problems))


def reach_database() -> None:
    """A pool would go on trying for a while, and then not say why it is in vain."""
    if connection.vendor == "postgresql":
        with connection.wrap_database_errors:
            psycopg.connect(**connection.get_connection_params()).close()


def check_password_of_first_administrator() -> None:
    """Before anything is done, though it may turn out that there is an administrator."""
    if not settings.ADMIN_PASSWORD:
        return
    try:
        validate_password(
            settings.ADMIN_PASSWORD,
            auth.get_user_model()(username=settings.ADMIN_USERNAME, email=settings.ADMIN_EMAIL),
            get_password_validators(settings.ADMIN_PASSWORD_VALIDATORS),
        )
    except ValidationError as error:
        raise CommandError(
            f"ADMIN_PASSWORD can be guessed: {' '.join(error.messages)} Set another one, or none:"
            " then one is made."
        ) from error


def create_first_administrator() -> None:
    users = auth.get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return
    name = settings.ADMIN_USERNAME
    if users.filter(username=name).exists():
        raise CommandError(
            f"There is no administrator yet, and {name!r} is someone else:"
            " set ADMIN_USERNAME to another name."
        )
    password = settings.ADMIN_PASSWORD or secrets.token_urlsafe(12)
    users.create_superuser(name, settings.ADMIN_EMAIL, password)
    if settings.ADMIN_PASSWORD:
        say(f"Created the administrator: name {name}, with the password you set.")
    else:
        say(f"Created the administrator: name {name}, password {password} (shown only this once)")


def answers(address: str) -> bool:
    """Whether a reader would get an answer, whatever it says."""
    host = "localhost" if ip_address(address).is_unspecified else address
    server = HTTPConnection(host, settings.PORT, timeout=5)
    try:
        server.request("HEAD", "/admin/", headers={"Host": urlsplit(settings.SITE_URL).netloc})
        server.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        server.close()
    return True


def say_where_it_is() -> None:
    say(
        f"""
  Site      {settings.SITE_URL}/
  Admin     {settings.SITE_URL}/admin/
  GraphQL   {settings.SITE_URL}/graphql
  Explorer  {settings.SITE_URL}/graphql/explorer

Ctrl-C stops it."""
    )


def run_until_stopped(commands: dict[str, list[str]], *, port: Port, parent: int | None) -> None:
    """Run the commands side by side. If one ends by itself, the others are stopped too."""
    stop = stop_signal()
    # Each in a session of its own, so that Ctrl-C and a closed terminal reach only this process,
    # which then stops them in good order. If this one is killed, their standard input ends, and so
    # do they; until then the server keeps the port.
    processes = {
        name: subprocess.Popen(
            command,
            start_new_session=True,
            stdin=subprocess.PIPE,
            pass_fds=[port.claim.fileno()] if UNDER_LAUNCHER in command else [],
        )
        for name, command in commands.items()
    }
    told = False
    ended: list[str] = []
    while not ended and not stop.wait(0.1) and parent in (None, os.getppid()):
        ended = [name for name, process in processes.items() if process.poll() is not None]
        if not told and not ended and answers(port.address):
            say_where_it_is()
            told = True

    port.about_to_be_left()
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=SECONDS_TO_STOP)
        with suppress(ProcessLookupError):  # whatever it started itself, and left behind
            os.killpg(process.pid, signal.SIGKILL)
    if ended:
        sys.exit(f"{ended[0]} ended by itself: the reason is above.")
    with suppress(BrokenPipeError):  # of a terminal that is gone
        say("\nStopped.")


def stop_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` does with SIGHUP
            signal.signal(number, lambda *_: stop.set())
    return stop


def say(message: str) -> None:
    print(message, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # while preparing: what is half done is taken up at the next start
        say("\nStopped.")
