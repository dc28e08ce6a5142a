"""A real server, as `make run` starts it, and a real Chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 180
# Chromium asks nothing of the internet, and needs no screen, sandbox or graphics card.
CHROMIUM_OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]
PASSWORD = "a password for this test"
# Runs scripts one after another, for starting takes a process longer than most of them.
SHELL = """
import json, sys, traceback
from contextlib import redirect_stdout
from io import StringIO
for line in sys.stdin:
    output, error = StringIO(), ""
    try:
        with redirect_stdout(output):
            exec(json.loads(line), {})
    except Exception:
        error = traceback.format_exc()
    print(json.dumps({"output": output.getvalue(), "error": error}), flush=True)
"""


@dataclass
class Site:
    """The running site."""

    address: str
    shell: subprocess.Popen[str]
    environment: dict[str, str]
    log: Path
    server: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("w") as output:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "genedge_site.launch"],
                cwd=CHECKOUT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_until_it_answers(self, self.server, self.log)

    def stop(self) -> None:
        assert self.server
        self.server.terminate()
        self.server.wait(timeout=30)

    def ask(self, query: str) -> dict:
        """What an anonymous reader is answered."""
        request = urllib.request.Request(
            f"{self.address}/graphql",
            json.dumps({"query": query}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)["data"]

    def run(self, script: str) -> str:
        """Run Python beside the site, as the shell of manage.py does; returns what it prints."""
        assert self.shell.stdin
        assert self.shell.stdout
        print(json.dumps(script), file=self.shell.stdin, flush=True)
        answer = json.loads(self.shell.stdout.readline())
        assert not answer["error"], answer["error"]
        return answer["output"]

    def add_user(self, name: str, group: str) -> None:
        self.run(
            "from django.contrib.auth.models import Group, User;"
            f"user = User.objects.create_user({name!r}, password={PASSWORD!r});"
            f"user.groups.add(Group.objects.get(name={group!r}))",
        )


@pytest.fixture(scope="session")
def site(tmp_path_factory, migrated_file) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(migrated_file, folder / "site.sqlite3")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "genedge_site.settings.dev",
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "VAR_DIR": str(folder),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "ADMIN_USERNAME": "administrator",
        "ADMIN_PASSWORD": PASSWORD,
    }
    with shell(environment) as running:
        site = Site(f"http://127.0.0.1:{port}", running, environment, folder / "log")
        try:
            site.start()
            yield site
        finally:
            site.stop()


@contextmanager
def shell(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", SHELL],
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def wait_until_it_answers(site: Site, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            site.ask("{ __typename }")
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"The site did not start:\n{log.read_text()}")


# No longer than a module: while Playwright runs, Django takes its event loop for an asynchronous
# context and refuses the database to the tests that follow in the same process.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if executable is None:
        message = "There is no Chromium here: install Debian's `chromium`, or set CHROMIUM."
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def log_in(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """``log_in("name")`` opens the admin as that user, in a browser window of their own.

    Further arguments are the browser's: ``timezone_id``, for instance. A page that wanted to load
    what the content security policy forbids fails the test.
    """
    contexts = []
    violations: list[str] = []

    def log_in(name: str, **options) -> Page:
        context = chromium.new_context(viewport={"width": 1400, "height": 1000}, **options)
        context.set_default_timeout(30_000)
        context.on("console", lambda message: violations.extend(violation_in(message)))
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site.address}/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="What waits for me").wait_for()
        return page

    yield log_in
    for context in contexts:
        context.close()
    assert violations == []


def violation_in(message: ConsoleMessage) -> list[str]:
    """What the content security policy kept a page from, of which Chromium tells in its console."""
    if "Content Security Policy" not in message.text:
        return []
    return [f"{message.page.url if message.page else ''}: {message.text}"]
