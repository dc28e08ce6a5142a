"""What `make run` does once its Python environment is there: prepare the site, then serve it."""

import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.contrib import auth
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from genedge_site.server import free_address
from genedge_site.settings.environment import choose_settings

SECONDS_TO_STOP = 15


def main() -> None:
    choose_settings(default="genedge_site.settings.dev")
    # Asked before anything else: preparing the site takes a while, and would be in vain.
    address = free_address(settings.HOST, settings.PORT)
    django.setup()
    try:
        prepare()
    except CommandError as error:
        sys.exit(str(error))
    except OperationalError as error:
        sys.exit(f"The database cannot be used, so see to it or correct DATABASE_URL: {error}")

    say("Starting the server")
    manage = str(settings.BASE_DIR / "manage.py")
    run_until_stopped(
        {
            "The server": [sys.executable, "-m", "genedge_site.server"],
            "The scheduler": [sys.executable, manage, "run_scheduler", "--processes", "1"],
        },
        is_up=lambda: answers(address),
        when_up=say_where_it_is,
    )


def prepare() -> None:
    BaseCommand().check()
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        say(f"Bringing the database up to date ({len(missing)} migrations)")
    # Also when none is missing: what follows the last one (permissions) may have been cut off.
    call_command("migrate", verbosity=0)
    call_command("load_starter_content")
    create_first_administrator()
    if not settings.WHITENOISE_USE_FINDERS:
        say("Collecting static files")
        call_command("collectstatic", verbosity=0, interactive=False)
    connection.close()


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


def run_until_stopped(
    commands: dict[str, list[str]], *, is_up: Callable[[], bool], when_up: Callable[[], None]
) -> None:
    """Run the commands side by side. If one ends by itself, the others are stopped too."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())

    # Each in a session of its own, so that Ctrl-C and a closed terminal reach only this process,
    # which then stops them in good order.
    processes = {
        name: subprocess.Popen(command, start_new_session=True)
        for name, command in commands.items()
    }
    told = False
    ended: list[str] = []
    while not ended and not stop.wait(0.1):
        ended = [name for name, process in processes.items() if process.poll() is not None]
        if not told and not ended and is_up():
            when_up()
            told = True

    for process in processes.values():
        process.terminate()
    for process in processes.values():
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=SECONDS_TO_STOP)
        with suppress(ProcessLookupError):  # whatever it started itself, and left behind
            os.killpg(process.pid, signal.SIGKILL)
    if ended:
        sys.exit(f"{ended[0]} ended by itself: the reason is above.")
    say("\nStopped.")


def say(message: str) -> None:
    print(message, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # while preparing: what is half done is taken up at the next start
        say("\nStopped.")
