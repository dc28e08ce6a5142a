"""The site in production as the operators' guide sets it up: its service, behind its nginx."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.genedge_site.commands import PRODUCTION

OPERATORS = Path(settings.BASE_DIR) / "docs" / "operators"
SECONDS_TO_START = 180
PASSWORD = "behind nginx, far away"
SECRET = "0123abcd-0123-4123-8123-0123456789ab"
SECRET_ADDRESSES = [
    "/calendar/{}.ics",
    "/subscriptions/confirm/{}",
    "/subscriptions/leave/{}",
    "/admin/password_reset/confirm/Mg/{}/",
    "/forms/files/{}/document/1",
]
# More than anybody may send to any address.
TOO_LARGE = b"0" * 64_000_000
SLOW_PEERS = 16
# Less than it takes until a slow peer is given up.
SECONDS_TO_ANSWER = 10
ONE_BYTE_OF_A_BODY = (
    b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{"
)
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

pytestmark = [
    pytest.mark.any_database,
    pytest.mark.skipif(
        NGINX is None or shutil.which("openssl") is None,
        reason="There is no nginx or openssl here (on Debian: apt install nginx-light openssl).",
    ),
]


@dataclass
class Site:
    plain: int
    secure: int
    own: int
    log: Path

    @property
    def logs_of_nginx(self) -> str:
        folder = self.log.parent
        return (folder / "access.log").read_text() + (folder / "error.log").read_text()

    @property
    def host(self) -> str:
        return f"localhost:{self.secure}"

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        connection = HTTPSConnection("127.0.0.1", self.secure, timeout=60, context=trusting())
        return self.answer(connection, method, path, body, {"Host": self.host, **headers})

    def ask_plainly(self, port: int, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        return self.answer(connection, "GET", path, None, {"Host": "localhost", **headers})

    def send_form(self, path: str, fields: dict[str, str], **headers: str) -> HTTPResponse:
        """As a browser does, with its cookies and the token of the form."""
        shown, page = self.ask("GET", path)
        cookies = SimpleCookie("; ".join(shown.headers.get_all("Set-Cookie") or []))
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        body = urlencode({**fields, "csrfmiddlewaretoken": token[1].decode()})
        connection = HTTPSConnection("127.0.0.1", self.secure, timeout=60, context=trusting())
        headers = {
            "Host": self.host,
            "Origin": f"https://{self.host}",
            "Cookie": "; ".join(f"{each.key}={each.value}" for each in cookies.values()),
            "Content-Type": "application/x-www-form-urlencoded",
            **headers,
        }
        return self.answer(connection, "POST", path, body, headers)[0]

    @staticmethod
    def answer(connection, method, path, body, headers) -> tuple[HTTPResponse, bytes]:
        with closing(connection):
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response, response.read()


def trusting() -> ssl.SSLContext:
    """The certificate is one that the test has made."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture(scope="module")
def site(tmp_path_factory, migrated_file) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    plain, secure, own = free_ports(3)
    site = Site(plain, secure, own, folder / "site.log")
    shutil.copy(migrated_file, folder / "site.sqlite3")
    with service(site, folder), proxy(site, folder):
        wait_for(site)
        yield site


@contextmanager
def service(site: Site, folder: Path) -> Iterator[None]:
    """What `make run` starts once packages are there, with what would be in /etc/genedge.env."""
    given = {
        **PRODUCTION,
        "PATH": os.environ["PATH"],
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": f"https://{site.host}",
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "VAR_DIR": str(folder / "var"),
        "HOST": "127.0.0.1",
        "PORT": str(site.own),
        "WEB_CONCURRENCY": "1",
        "SECURE_PROXY_HEADER": "X-Forwarded-Proto",
        "CLIENT_ADDRESS_HEADER": "X-Forwarded-For",
        "ADMIN_PASSWORD": PASSWORD,
    }
    with site.log.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "genedge_site.launch"],
            cwd=settings.BASE_DIR,
            env=given,
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


@contextmanager
def proxy(site: Site, folder: Path) -> Iterator[None]:
    """The guide's file, with this test's name, ports and certificate in the place of its own."""
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    text = (OPERATORS / "nginx.conf").read_text()
    for theirs, ours in {
        "return 301 https://cms.example.org": f"return 301 https://{site.host}",
        "cms.example.org": "localhost",
        "listen 80;": f"listen 127.0.0.1:{site.plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{site.secure} ssl",
        "127.0.0.1:8000": f"127.0.0.1:{site.own}",
        "/etc/ssl/genedge": str(folder),
    }.items():
        assert theirs in text
        text = text.replace(theirs, ours)
    (folder / "genedge.conf").write_text(text)
    paths = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
        f" http {{ access_log {folder}/access.log; {paths} include {folder}/genedge.conf; }}"
    )
    process = subprocess.Popen(
        [str(NGINX), "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.PIPE, text=True
    )
    try:
        yield
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert "[emerg]" not in errors


def wait_for(site: Site) -> None:
    for _ in range(SECONDS_TO_START * 2):
        try:
            answer, _ = site.ask("GET", "/admin/login/")
        except OSError:
            answer = None
        if answer and answer.status == 200:
            return
        time.sleep(0.5)
    pytest.fail(f"The site did not start:\n{site.log.read_text()}")


def test_people_sign_in_at_an_address_with_a_port(site):
    answer = site.send_form("/admin/login/", {"username": "admin", "password": PASSWORD})

    assert (answer.status, answer.headers["Location"]) == (302, "/admin/")
    assert any("Secure" in each for each in answer.headers.get_all("Set-Cookie") or [])


def test_people_sign_in_although_a_proxy_hands_on_a_name_without_its_port(site):
    fields = {"username": "admin", "password": PASSWORD}

    answer = site.send_form("/admin/login/", fields, Host="localhost")

    assert answer.status == 302


def test_form_from_elsewhere_is_refused(site):
    fields = {"username": "admin", "password": PASSWORD}

    answer = site.send_form("/admin/login/", fields, Origin="https://elsewhere.example.org")

    assert answer.status == 403


def test_readers_are_led_to_https(site):
    answer, _ = site.ask_plainly(site.plain, "/charter/")

    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{site.host}/charter/"
    page, _ = site.ask("GET", "/charter/")
    assert page.status == 200
    assert "max-age" in page.headers["Strict-Transport-Security"]


def test_reader_does_not_pass_for_a_proxy(site):
    """Without HTTPS only the proxy's own word counts; what a reader writes is replaced."""
    answer, _ = site.ask_plainly(site.own, "/charter/")
    through, _ = site.ask("GET", "/charter/", **{"X-Forwarded-Proto": "http"})

    assert answer.status == 301
    assert through.status == 200


@pytest.mark.parametrize("port", ["plain", "own"])
def test_health_is_told_without_https(site, port):
    answer, content = site.ask_plainly(getattr(site, port), "/health")

    assert answer.status in {200, 503}
    assert b'"database": "ok"' in content


def test_wrong_passwords_are_counted_by_the_readers_address(site):
    fields = {"username": "nobody", "password": "wrong"}

    site.send_form("/admin/login/", fields, **{"X-Forwarded-For": "203.0.113.7"})

    assert "Wrong password for “nobody” from 127.0.0.1" in site.log.read_text()


def test_service_is_one_that_systemd_understands(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("There is no systemd-analyze here.")
    unit = tmp_path / "genedge.service"
    assert "ExecStart=/usr/bin/make run\n" in (OPERATORS / "genedge.service").read_text()
    text = (OPERATORS / "genedge.service").read_text()
    unit.write_text(text.replace("/srv/genedge", str(tmp_path)).replace("User=genedge\n", ""))

    checked = subprocess.run(
        [program, "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )

    assert "Unknown" not in checked.stderr
    assert str(unit) not in checked.stderr


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/feeds/updates.atom"])
def test_what_machines_read_keeps_its_validators(site, path):
    response, _ = site.ask("GET", path)

    again, content = site.ask("GET", path, **{"If-None-Match": response.headers["ETag"]})

    assert (response.status, again.status, content) == (200, 304, b"")
    assert "must-revalidate" in response.headers["Cache-Control"]
    assert response.headers.get("Set-Cookie") is None


@pytest.mark.parametrize("address", SECRET_ADDRESSES)
@pytest.mark.parametrize("port", ["plain", "secure"])
def test_no_secret_address_is_in_the_logs_of_the_proxy(site, address, port):
    path = address.format(SECRET)

    if port == "plain":
        answer, _ = site.ask_plainly(site.plain, path)
    else:
        answer, _ = site.ask("GET", path)

    assert answer.status == 301 if port == "plain" else answer.status != 301
    assert SECRET not in site.logs_of_nginx


def test_proxy_logs_other_addresses(site):
    site.ask("GET", "/charter/?logged=secure")
    site.ask_plainly(site.plain, "/charter/?logged=plain")

    assert "/charter/?logged=secure" in site.logs_of_nginx
    assert "/charter/?logged=plain" in site.logs_of_nginx


def test_no_secret_address_is_logged_while_the_site_is_away(tmp_path):
    plain, secure, own = free_ports(3)
    away = Site(plain, secure, own, tmp_path / "site.log")

    with proxy(away, tmp_path):
        for _ in range(100):
            with suppress(OSError):
                away.ask("GET", "/charter/")
                break
            time.sleep(0.1)
        answers = [away.ask("GET", address.format(SECRET))[0] for address in SECRET_ADDRESSES]

    assert {answer.status for answer in answers} == {502}
    assert 'request: "GET /charter/' in away.logs_of_nginx
    assert SECRET not in away.logs_of_nginx


def test_site_says_what_is_too_large(site):
    form, sentence = site.ask("POST", "/admin/login/", TOO_LARGE)
    query, errors = site.ask("POST", "/graphql", TOO_LARGE, **{"Content-Type": "application/json"})

    assert (form.status, query.status) == (413, 413)
    assert "This is too large: send at most 200 kB at once." in sentence.decode()
    assert json.loads(errors)["errors"][0]["extensions"]["code"] == "REQUEST_TOO_LARGE"


def test_who_sends_slowly_through_the_proxy_holds_up_nobody(site):
    with ExitStack() as peers:
        for _ in range(SLOW_PEERS):
            plain = socket.create_connection(("127.0.0.1", site.secure))
            peer = peers.enter_context(trusting().wrap_socket(plain))
            peer.sendall(ONE_BYTE_OF_A_BODY)
        started = time.monotonic()
        answer, _ = site.ask("GET", "/charter/")

    assert answer.status == 200
    assert time.monotonic() - started < SECONDS_TO_ANSWER
